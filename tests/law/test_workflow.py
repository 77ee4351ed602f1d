"""What may happen next and who may do it: the table as the office knows it, and the faults it refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from caseflow.law.conditions import GUARDS
from caseflow.law.effects import EFFECTS
from caseflow.law.replay import OVERSIGHT
from caseflow.law.workflow import (
    ACTS,
    APPLICANT,
    ARCHIVED,
    BY_CODE,
    POSITIONS,
    ROLES,
    SAME,
    STAGES,
    Act,
    acts_for,
    check,
    may,
)  # fmt: skip

# Act, the stages it is offered at, who may do it, where it leads (– stays), its article. * also when archived.
TABLE = """
登记            -                       经办人          登记    第二十九条
确认收到        登记                    经办人          审核    第三十一条
受理            审核                    经办人 负责人   办理    第四十五条
告知补正        审核 办理               经办人 负责人   -       第三十条
收到补正        审核 办理               经办人          -       第三十条
逾期不补正      审核 办理               负责人          归档    第三十条
征求第三方意见  办理                    经办人          -       第三十二条
征求共同制作机关意见  办理              经办人          -       第三十四条
登记对方收到    办理 答复               经办人          -       第三十二、三十四条
登记意见        办理 答复               经办人          -       第三十二、三十四条
要求说明理由    审核 办理               经办人 负责人   -       第三十五条
登记说明的理由  审核 办理               经办人 负责人   -       第三十五条
延迟答复        审核 办理               负责人          -       第三十五条
收费通知        办理                    经办人 负责人   -       第四十二条
登记收到收费通知 办理                   经办人 负责人   -       第四十二条
已缴费          办理                    经办人 负责人   -       第四十二条
逾期未缴费      办理                    负责人          归档    第四十二条
申请延期        办理                    经办人          -       第三十三条
批准延期        办理                    负责人          -       第三十三条
不批准延期      办理                    负责人          -       第三十三条
改派            办理                    经办人 负责人   -       第四十五条
拟答复          办理                    经办人 负责人   答复    第三十六、三十七条
保密审查        办理 答复               经办人 负责人   -       第十七条
审签            答复                    负责人          -       第三十三条
退回            答复                    负责人          办理    第四十五条
发出答复        答复                    经办人          归档    第三十三条
登记送达        归档 *                  经办人          -       第四十条
登记退件        归档 *                  经办人          -       第四十条
再次发出        归档 *                  经办人          -       第四十条
申请人撤回      登记 审核 办理 答复     经办人          归档    -
变更联系方式    登记 审核 办理 答复 归档  经办人        -       第二十九条
归档            归档                    经办人          已归档  第四十五条
登记复议、诉讼  办理 答复 归档 *        经办人 负责人   -       第五十一条
登记进入二审    办理 答复 归档 *        经办人 负责人   -       第五十一条
登记审结        办理 答复 归档 *        经办人 负责人   -       第五十一条
重新答复        归档 *                  经办人 负责人   -       第五十一条
关联外机关登记  归档 *                  经办人 负责人   -       第三十六条
提出公开答复    归档 *                  经办人 负责人   -       第四十四条
批准公开        归档 *                  负责人          -       第四十四条
退回公开        归档 *                  负责人          -       第四十四条
撤下公开        归档 *                  负责人          -       -
存入材料        登记 审核 办理 答复 归档 *  经办人 负责人  -  第四十五条
出具文书        审核 办理 答复 归档  经办人 负责人  -  第四十五条
督办            登记 审核 办理 答复     监督员          -       第四十七条
答复督办        登记 审核 办理 答复     经办人 负责人   -       第四十七条
解除督办        登记 审核 办理 答复     监督员          -       第四十七条
登记责任追究    审核 办理 答复 归档 *   负责人 监督员   -       第四十七、五十三条
撤销答复        归档 *                  负责人          办理    -
更正            登记 审核 办理 答复 归档 *  负责人      -       -
"""


def told() -> dict[str, tuple[set[str], set[str], str, str]]:
    """The table above by label: stages, roles, where to, article."""
    names = {*STAGES.values(), "*"}
    lines = {}
    for line in TABLE.split("\n")[1:-1]:
        label, *rest = line.split()
        article, to = rest.pop(), rest.pop()
        lines[label] = (set(rest) & names, set(rest) & set(ROLES.values()), to, article)
    return lines


def test_every_act_is_where_the_office_expects_it() -> None:
    found = {}
    for act in ACTS:
        stages = {STAGES[stage] for stage in act.stages} | ({"*"} if act.afterwards else set())
        to = POSITIONS[act.to] if act.to else "-"
        found[act.label] = (stages, {ROLES[role] for role in act.roles}, to, act.article or "-")
    assert found == told()


@pytest.mark.parametrize("stage", POSITIONS)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_at_a_stage_what_the_table_says_and_nothing_else(role: str, stage: str) -> None:
    expected = set()
    for label, (stages, roles, _, _) in told().items():
        here = "*" in stages if stage == ARCHIVED else STAGES[stage] in stages
        if here and ROLES[role] in roles:
            expected.add(label)
    assert {act.label for act in acts_for(role, stage)} == expected
    assert {act.label for act in ACTS if may(role, stage, act.code)} == expected


def test_no_administrator_ever_acts_on_a_case_and_the_supervisor_moves_none() -> None:
    assert not [act.code for act in ACTS if {"admin", "security", "auditor"} & {*act.roles}]
    theirs = [act for act in ACTS if "supervisor" in act.roles]
    assert {act.code for act in theirs} == {"watch", "end_watch", "hold_accountable"} <= OVERSIGHT
    assert {act.to for act in theirs} == {SAME}


def test_at_the_counter_the_applicant_asks_corrects_withdraws_and_receives_and_decides_nothing() -> None:
    assert [act.code for act in ACTS if act.counter] == [
        "register", "receive_correction", "receive_reasons", "deliver_fee_notice", "deliver_reply", "withdraw",
        "change_contact",
    ]  # fmt: skip
    assert APPLICANT not in ROLES
    assert {act.code for act in acts_for(APPLICANT, "handle")} == {
        "receive_correction", "receive_reasons", "deliver_fee_notice", "withdraw", "change_contact",
    }  # fmt: skip


def test_nobody_both_approves_and_sends() -> None:
    approving, sending = set(BY_CODE["approve_reply"].roles), set(BY_CODE["send_reply"].roles)
    assert not approving & sending


def test_acts_are_offered_in_the_order_of_the_table() -> None:
    offered = [act.code for act in acts_for("clerk", "review")]
    assert offered == [
        "accept", "request_correction", "receive_correction", "ask_reasons", "receive_reasons", "withdraw",
        "change_contact", "add_files", "issue_letter", "answer_watch",
    ]  # fmt: skip


def test_every_act_has_an_effect_and_every_condition_a_guard() -> None:
    assert {act.code for act in ACTS} <= set(EFFECTS)
    assert {need for act in ACTS for need in act.needs} == set(GUARDS)


def test_only_the_lead_closes_a_case_on_silence_or_sets_a_later_day() -> None:
    for act in ("lapse_correction", "lapse_fee", "defer"):
        assert BY_CODE[act].roles == ("lead",)


def test_an_unknown_act_is_nobodys() -> None:
    with pytest.raises(KeyError):
        may("clerk", "handle", "burn")


# --- a broken table is refused at import -------------------------------------------------------------------


def broken(code: str, **changes: object) -> tuple[Act, ...]:
    return tuple(replace(act, **changes) if act.code == code else act for act in ACTS)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ((*ACTS, BY_CODE["accept"]), "an act stands twice"),
        (broken("accept", roles=()), "accept: unknown or missing role"),
        (broken("accept", roles=("clerk", "cook")), "accept: unknown or missing role"),
        (broken("accept", stages=("kitchen",)), "accept: unknown stage"),
        (broken("accept", to="kitchen"), "accept: unknown stage"),
        (broken("accept", stages=()), "accept: no stage offers it"),
        (broken("archive", afterwards=True), "archive: the end has no acts that lead on"),
        (broken("void_reply", to="reply"), "void_reply: the end has no acts that lead on"),
        (broken("draft_reply", to=SAME), r"stages never reached: \['reply'\]"),
        (broken("archive", to=SAME), r"stages never reached: \['archived'\]"),
        (broken("confirm_receipt", to=SAME), "stages never reached"),
    ],
)
def test_a_broken_table_is_refused_by_its_fault(table: tuple[Act, ...], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        check(table)


def test_the_table_as_it_stands_is_whole() -> None:
    check()
    check(ACTS)
