"""Every letter bears what it must: the table here is written from the regulation, not from the product's own."""

from __future__ import annotations

from datetime import date

import pytest

from caseflow.law.letters import BY_CODE, LETTERS, Letter
from caseflow.law.outcomes import OUTCOMES
from caseflow.law.remedies import Where, remedies
from caseflow.letters import render, shipped
from caseflow.letters.wording import WORDING
from tests.letters.word import CASE, said

# On every letter: number, addressee, day of receipt, the request in its own words, office, date
EVERY = ["文号", "登记编号", "收到日期", "申请内容", "机关名称", "成文日期"]
GROUND = ["依据条款", "办理结果"]
FACTS_AND_REASONS = [*GROUND, "办理情况", "理由", "救济途径"]

# code -> (values of the case that stand in it, words that stand in it)
MUST: dict[str, tuple[list[str], list[str]]] = {
    "receipt": (["收件人"], ["登记回执"]),
    "correction": (  # art. 30
        ["收件人", "补正事项", "补正期限", "联系人", "联系电话"],
        ["第三十条", "一次性告知", "不补正的，视为放弃申请", "不再处理", "重新计算", "二十个工作日"],
    ),
    "extension": (  # art. 33, second paragraph
        ["收件人", "延期理由", "延期工作日", "到期日"],
        ["第三十三条第二款", "负责人同意"],
    ),
    "third_party": (  # art. 32
        ["收件人", "征求内容", "联系人", "联系电话"],
        ["第三十二条", "自收到本意见书之日起十五个工作日内", "逾期未提出意见的，由本机关", "回执", "□ 同意公开", "□ 不同意公开", "签名"],
    ),
    "consulting": (["收件人", "征求日期"], ["第三十三条第三款", "不计算在答复期限内"]),
    "third_party_told": (["收件人", "公开内容", "理由"], ["第三十二条", "公共利益", "决定公开"]),
    "joint_organ": (  # art. 34: the opposite silence
        ["收件人", "征求内容"],
        ["第三十四条", "自收到本函之日起十五个工作日内", "逾期未提出意见的，视为同意公开"],
    ),
    "fee": (  # art. 42, 国办函〔2020〕109号
        ["收件人", "计收方式", "计收标准", "计收数量", "收费金额", "缴纳方式"],
        ["第四十二条", "国办函〔2020〕109号", "次日起二十个工作日内", "逾期未缴纳的，视为放弃申请", "不再处理", "重新计算"],
    ),
    "reasons": (["收件人", "说明事项", "说明期限"], ["第三十五条", "不予处理"]),
    "deferral": (["收件人", "延迟理由", "延迟答复日期"], ["第三十五条"]),
    "reply_granted": ([*GROUND, "公开内容", "提供方式", "附件", "救济途径"], ["可以公开"]),
    "reply_already_public": ([*GROUND, "公开内容", "获取途径", "救济途径"], ["已经主动公开"]),
    "reply_partial": (
        [*GROUND, "公开内容", "提供方式", "不予公开部分", "理由", "附件", "救济途径"], ["区分处理", "第三十六条第二项、第三项"],
    ),
    "reply_state_secret": (FACTS_AND_REASONS, ["国家秘密", "第三十六条第三项"]),
    "reply_prohibited_by_law": (FACTS_AND_REASONS, ["法律、行政法规禁止公开", "第三十六条第三项"]),
    "reply_public_safety": (FACTS_AND_REASONS, ["国家安全、公共安全、经济安全、社会稳定", "第三十六条第三项"]),
    "reply_third_party": (FACTS_AND_REASONS, ["商业秘密、个人隐私", "第三方合法权益", "第三十六条第三项"]),
    "reply_internal_affairs": (FACTS_AND_REASONS, ["人事管理、后勤管理、内部工作流程", "第三十六条第三项"]),
    "reply_process": (FACTS_AND_REASONS, ["讨论记录、过程稿、磋商信函、请示报告", "第三十六条第三项"]),
    "reply_enforcement_file": (FACTS_AND_REASONS, ["行政执法案卷", "第三十六条第三项"]),
    "reply_administrative_inquiry": ([*GROUND, "查询途径", "理由", "救济途径"], ["工商、不动产登记资料", "特别规定"]),
    "reply_not_exist": ([*GROUND, "办理情况", "救济途径"], ["经检索", "不存在"]),
    "reply_not_ours": ([*GROUND, "理由", "负责机关", "救济途径"], ["不属于本机关负责公开"]),
    "reply_needs_creation": (FACTS_AND_REASONS, ["加工、分析"]),
    "reply_still_unclear": ([*GROUND, "理由", "救济途径"], ["经补正后，申请内容仍不明确"]),
    "reply_petition": ([*GROUND, "理由", "办理渠道", "救济途径"], ["信访、投诉、举报"]),
    "reply_repeat": ([*GROUND, "前次答复", "救济途径"], ["相同的政府信息", "不予重复处理"]),
    "reply_publication": ([*GROUND, "理由", "获取途径", "救济途径"], ["政府公报、报刊、书籍"]),
    "reply_excessive": ([*GROUND, "理由", "救济途径"], ["数量、频次明显超过合理范围"]),
    "reply_reconfirm": ([*GROUND, "理由", "救济途径"], ["已经获取的政府信息"]),
    "not_further_correction": (["告知日期", "届满日期", "救济途径"], ["第三十条", "无正当理由逾期不补正", "放弃申请", "不再处理"]),
    "not_further_fee": (["告知日期", "届满日期", "救济途径"], ["第四十二条", "未足额缴纳", "放弃申请", "不再处理"]),
    "service": (["收件人", "送达文书"], ["送达方式", "受送达人签名", "代收人", "送达人签名"]),
    "secrecy": (
        ["公开内容", "初审人", "初审日期", "复审人", "复审日期", "审签人", "审签日期", "审查结论"], ["第十七条", "初审", "复审", "审签"],
    ),
}  # fmt: skip

each_letter = pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.code)


def filled(letter: Letter) -> bytes:
    return render.render(shipped.shipped(letter.code), {name: CASE[name] for name in letter.may_use})


def test_every_letter_of_the_table_is_asked_for_here_and_has_its_wording() -> None:
    assert set(MUST) == set(BY_CODE) == set(WORDING)


@each_letter
def test_the_letter_opened_again_bears_what_the_law_asks(letter: Letter) -> None:
    words = said(filled(letter))
    names, phrases = MUST[letter.code]
    values = [CASE[name] for name in (*EVERY, *names)]
    wanted = [line for value in values for line in ([value] if isinstance(value, str) else value)]
    assert [line for line in (letter.title, *wanted, *phrases) if line not in words] == []
    assert not any(mark in words for mark in ("{", "}", "defined", "Undefined", "None", "[", "&lt;", "&amp;"))


@each_letter
def test_the_words_of_a_reply_end_with_the_remedies_and_only_a_decision_has_them(letter: Letter) -> None:
    words = said(filled(letter))
    decides = letter.code.startswith(("reply_", "not_further_"))
    assert words.count(str(CASE["救济途径"])) == decides


def test_every_result_that_is_answered_has_a_wording_of_its_own() -> None:
    told = {o.code for o in OUTCOMES} - {"other"}  # a withdrawal needs no letter
    letters = [letter for letter in LETTERS if letter.result]
    assert {letter.result for letter in letters} == told
    bodies = [WORDING[letter.code].body for letter in letters]
    assert len(set(bodies)) == len(bodies)


def test_without_what_may_be_lacking_no_trace_of_it_stands_in_the_letter() -> None:
    letter = BY_CODE["reply_granted"]
    words = said(render.render(shipped.shipped(letter.code), {name: CASE[name] for name in letter.bears}))
    assert "附件" not in words
    assert "代理人" not in words
    assert "联系" not in words
    assert "附件：概算批复一份" in said(filled(letter))
    assert "（联系人：丁一，联系电话：555-0101）" in said(filled(letter))


@pytest.mark.parametrize(
    ("code", "first"), [("reply_state_secret", True), ("reply_not_exist", False), ("not_further_fee", False)]
)
def test_the_remedies_of_the_result_stand_in_its_letter(code: str, first: bool) -> None:
    letter = BY_CODE[code]
    where = Where("某某县人民政府", "某某县人民法院")
    way = remedies(letter.result, date(2026, 3, 20), where, paper="告知书")
    values = {name: CASE[name] for name in letter.bears} | {"救济途径": way}
    words = said(render.render(shipped.shipped(code), values))
    assert way in words
    assert ("先向某某县人民政府申请行政复议" in words) is first
