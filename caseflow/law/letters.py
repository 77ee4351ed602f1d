"""The official letters (文书) of a request: which act each tells of, whom it goes to, what it must bear.

This is the only list of letters: the choices on a case, the templates, their check and the numbers come from
it. What a letter must bear are variables of its template, under the names that whoever edits it in Word reads.
"""

from __future__ import annotations

from dataclasses import dataclass

from .outcomes import BY_CODE as OUTCOMES
from .workflow import BY_CODE as ACTS

RECIPIENTS: dict[str, str] = {
    "applicant": "申请人",
    "third_party": "第三方",
    "joint_organ": "共同制作机关",
    "file": "存卷",
}

# On every letter; 文号 is given at issue
COMMON = ("文号", "登记编号", "收到日期", "申请内容", "机关名称", "成文日期")
ADDRESSED = ("收件人",)  # the applicant or the party consulted; a form for the file goes to nobody
# What an office may have set or not; a template asks whether it is there
MAY_LACK = ("联系人", "联系电话", "机关地址", "邮政编码", "代理人")
CONTACT = ("联系人", "联系电话")  # never lacking where the letter asks for an answer


@dataclass(frozen=True)
class Ask:
    """What only the clerk can say: typed when the letter is issued, never left blank unless it may be."""

    name: str  # the variable, and the label of the field
    hint: str
    needed: bool = True


@dataclass(frozen=True)
class Letter:
    """One kind of letter. ``after`` is the act it tells of; a reply has its ``result`` too."""

    code: str
    title: str
    series: str  # of its numbers: 机关代字 + this + 〔年〕第N号
    to: str
    after: tuple[str, ...]
    article: str
    facts: tuple[str, ...] = ()  # from the case
    asks: tuple[Ask, ...] = ()
    result: str = ""
    decides: bool = False  # bears 救济途径

    @property
    def bears(self) -> tuple[str, ...]:
        """Every variable that has to be filled before it can be issued."""
        asked = tuple(ask.name for ask in self.asks if ask.needed)
        sent = () if self.to == "file" else ADDRESSED
        return (*COMMON, *sent, *self.facts, *asked, *(("救济途径",) if self.decides else ()))

    @property
    def may_use(self) -> frozenset[str]:
        """Every variable that a template of this letter may name."""
        return frozenset((*self.bears, *MAY_LACK, *(ask.name for ask in self.asks)))


SEARCHED = Ask("办理情况", "查找、审核了哪些材料，结果如何")
WHY = Ask("理由", "为什么不公开、不能提供或者不予处理：写明事实和对应的条款")
HOW = Ask("提供方式", "以什么形式、通过什么途径提供，何时提供（第三十六条第二项、第四十条）")
WHAT = Ask("公开内容", "公开哪些信息：名称、文号")
ENCLOSED = Ask("附件", "随文提供的材料，没有的留空", needed=False)


# 办理结果 is the group of the result (不予公开); 依据条款 its articles of the regulation, and of other laws after them
def _reply(code: str, result: str, title: str, *asks: Ask, article: str = "", series: str = "复") -> Letter:
    return Letter(
        f"reply_{code}", title, series, "applicant", ("draft_reply",),
        article or OUTCOMES[result].article, ("办理结果", "依据条款"), asks, result, decides=True,
    )  # fmt: skip


REFUSAL = "政府信息不予公开告知书"
UNAVAILABLE = "政府信息无法提供告知书"
NOT_PROCESSED = "政府信息公开申请不予处理告知书"
NOT_FURTHER = "政府信息公开申请不再处理告知书"

REPLIES: tuple[Letter, ...] = (
    _reply("granted", "granted", "政府信息公开告知书", WHAT, HOW, ENCLOSED, article="第三十六条第二项"),
    _reply(
        "already_public", "granted", "政府信息已主动公开告知书",
        WHAT, Ask("获取途径", "在哪里、怎样可以查到：网址、栏目、公报期号"), article="第三十六条第一项",
    ),
    _reply(
        "partial", "partial", "政府信息部分公开告知书",
        WHAT, HOW, Ask("不予公开部分", "哪些内容不予公开"), WHY, ENCLOSED,
    ),
    *(
        _reply(code.removeprefix("refused_"), code, REFUSAL, SEARCHED, WHY)
        for code in OUTCOMES
        if code.startswith("refused_") and code != "refused_administrative_inquiry"
    ),
    _reply(
        "administrative_inquiry", "refused_administrative_inquiry", "政府信息查询事项告知书",
        Ask("查询途径", "依照哪部法律、行政法规，到哪里办理查询"), WHY,
    ),
    _reply("not_exist", "unavailable_not_held", "政府信息不存在告知书", SEARCHED, article="第三十六条第四项"),
    _reply(
        "not_ours", "unavailable_not_held", "非本机关政府信息告知书",
        WHY, Ask("负责机关", "能够确定的，写明机关名称和联系方式；不能确定的留空", needed=False),
        article="第三十六条第五项",
    ),
    _reply("needs_creation", "unavailable_needs_creation", UNAVAILABLE, SEARCHED, WHY),
    _reply("still_unclear", "unavailable_still_unclear", UNAVAILABLE, WHY),
    _reply("petition", "not_processed_petition", NOT_PROCESSED, WHY, Ask("办理渠道", "可以通过什么渠道提出", needed=False)),
    _reply("repeat", "not_processed_repeat", NOT_PROCESSED, Ask("前次答复", "前次答复的日期和文号")),
    _reply("publication", "not_processed_publication", NOT_PROCESSED, WHY, Ask("获取途径", "可以怎样获取", needed=False)),
    _reply("excessive", "not_processed_excessive", NOT_PROCESSED, WHY),
    _reply("reconfirm", "not_processed_reconfirm", NOT_PROCESSED, WHY),
)  # fmt: skip

LETTERS: tuple[Letter, ...] = (
    Letter(
        "receipt", "政府信息公开申请登记回执", "回", "applicant", ("register", "confirm_receipt"), "第三十一条",
    ),
    Letter(
        "correction", "政府信息公开申请补正告知书", "补", "applicant", ("request_correction",), "第三十条",
        ("补正事项", "补正期限", *CONTACT),
    ),
    Letter(
        "extension", "政府信息公开延期答复告知书", "延", "applicant", ("approve_extension",), "第三十三条",
        ("延期理由", "延期工作日", "原到期日", "到期日"),
    ),
    Letter(
        "third_party", "征求第三方意见书", "征", "third_party", ("consult_third_party",), "第三十二条",
        ("征求内容", *CONTACT),
    ),
    Letter(
        "consulting", "征求意见告知书", "告", "applicant", ("consult_third_party", "consult_joint_organ"),
        "第三十三条第三款", ("征求日期",),
    ),
    Letter(
        "third_party_told", "公开第三方信息告知书", "公", "third_party", ("consult_third_party",), "第三十二条",
        (), (Ask("公开内容", "决定公开的信息内容"), Ask("理由", "决定公开的理由：不公开会对公共利益造成什么重大影响")),
    ),
    Letter(
        "joint_organ", "征求共同制作机关意见函", "函", "joint_organ", ("consult_joint_organ",), "第三十四条",
        ("征求内容", *CONTACT),
    ),
    Letter(
        "fee", "政府信息公开信息处理费收费通知书", "费", "applicant", ("fee_notice",), "第四十二条",
        ("计收方式", "计收标准", "计收数量", "收费金额"),
        (Ask("缴纳方式", "到哪里缴、怎样缴：银行、账号或者窗口"),),
    ),
    Letter(
        "reasons", "政府信息公开申请说明理由告知书", "理", "applicant", ("ask_reasons",), "第三十五条",
        ("说明事项", "说明期限", *CONTACT),
    ),
    Letter(
        "deferral", "政府信息公开延迟答复告知书", "迟", "applicant", ("defer",), "第三十五条",
        ("延迟理由", "延迟答复日期"),
    ),
    *REPLIES,
    Letter(
        "not_further_correction", NOT_FURTHER, "止", "applicant", ("lapse_correction",), "第三十条",
        ("告知日期", "届满日期"), result="other_correction_lapsed", decides=True,
    ),
    Letter(
        "not_further_fee", NOT_FURTHER, "止", "applicant", ("lapse_fee",), "第四十二条",
        ("告知日期", "届满日期"), result="other_fee_unpaid", decides=True,
    ),
    Letter(
        "service", "送达回证", "达", "applicant", ("draft_reply", "lapse_correction", "lapse_fee"), "第四十条",
        ("送达文书",),
    ),
    Letter(
        "secrecy", "政府信息公开保密审查表", "审", "file", ("review_secrecy",), "第十七条",
        ("初审人", "初审日期", "复审人", "复审日期", "审签人", "审签日期", "审查结论"),
        (Ask("公开内容", "送审的、拟公开的信息：名称、文号"),),
    ),
)  # fmt: skip

BY_CODE: dict[str, Letter] = {letter.code: letter for letter in LETTERS}


def replies_to(result: str) -> tuple[Letter, ...]:
    """The letters that can tell a result: two where one line of table 3 stands for two answers."""
    return tuple(letter for letter in LETTERS if letter.result == result)


def number(word: str, letter: Letter, year: int, n: int) -> str:
    """The number of a letter: 狮政公开复〔2026〕第3号; ``word`` is the office's 机关代字."""
    return f"{word}{letter.series}〔{year}〕第{n}号"


def check(letters: tuple[Letter, ...] = LETTERS) -> None:
    """Refuse a broken table: run at import. Raises ValueError naming the fault."""
    if len({letter.code for letter in letters}) != len(letters):
        raise ValueError("a letter stands twice")
    for letter in letters:
        if letter.to not in RECIPIENTS:
            raise ValueError(f"{letter.code}: unknown recipient")
        if not letter.after or not set(letter.after) <= set(ACTS):
            raise ValueError(f"{letter.code}: tells of no act of the table")
        if letter.decides and letter.result not in OUTCOMES:
            raise ValueError(f"{letter.code}: decides nothing known")
    if untold := set(OUTCOMES) - {"other"} - {letter.result for letter in letters}:
        raise ValueError(f"results without a letter: {sorted(untold)}")  # a withdrawal needs none


check()
