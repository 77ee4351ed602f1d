"""What an act would do to the due day, shown before anything is recorded."""

from __future__ import annotations

import pytest
from hypothesis import given

from caseflow.law.casefile import Entry
from caseflow.law.replay import replay
from caseflow.law.what_if import sentence, what_if
from tests.law.days import CALENDAR, day
from tests.law.histories import Told, accepted, case, history, iso, registered, unconfirmed
from tests.law.walks import crossroads

HANDLED = (registered(), accepted())  # due on 10月26日
TODAY = "周一 2026-10-12"
EXTENDED: Told = ("approve_extension", TODAY, {"days": 10})
FEE: Told = ("fee_notice", TODAY)
DEFERRED: Told = ("defer", "周五 2026-10-09", {"until": iso("周一 2026-11-30")})
ASKED: Told = ("consult_third_party", "周二 2026-09-29", {"n": 1})
NOW = "到期日现在是 10月26日 周一；"

SAID: dict[str, tuple[tuple[Told, ...], Told, str]] = {
    "an extension": (HANDLED, EXTENDED, NOW + "批准延期 10 个工作日以后是 11月9日 周一。"),
    "an extension asked for is shown as if it were approved": (
        HANDLED, ("ask_extension", TODAY, {"days": 10}), NOW + "批准延期 10 个工作日以后是 11月9日 周一。",
    ),
    "an extension into a year without a notice": (
        (registered("周一 2026-12-07"), accepted("周一 2026-12-07")), ("approve_extension", "周一 2026-12-28", {"days": 5}),
        "到期日现在是 2027年1月5日 周二（暂定）；批准延期 5 个工作日以后是 2027年1月12日 周二（暂定）。",
    ),
    "a correction": (
        HANDLED, ("request_correction", "周四 2026-10-08", {"until": iso("周五 2026-10-23")}),
        NOW + "等待期间没有到期日；最晚 10月23日 周五 收到补正的，到期日是 11月20日 周五（收到补正之日起重新计算 20 个工作日）。",
    ),
    "a correction without a day": (
        HANDLED, ("request_correction", "周四 2026-10-08"),
        NOW + "等待期间没有到期日，收到补正之日起重新计算 20 个工作日。",
    ),
    "a fee": (
        HANDLED, FEE,
        NOW + "等待期间没有到期日；最晚 11月9日 周一 足额缴费的，到期日是 12月7日 周一（足额缴费之日起重新计算 20 个工作日）。",
    ),
    "the notice of a fee came two days later": (
        (*HANDLED, FEE), ("deliver_fee_notice", "周三 2026-10-14"),
        "现在没有到期日；缴费期限由 11月9日 周一 改为 11月11日 周三；最晚 11月11日 周三 足额缴费的，"
        "到期日是 12月9日 周三（足额缴费之日起重新计算 20 个工作日）。",
    ),
    "the notice of a fee came the same day": (
        (*HANDLED, FEE), ("deliver_fee_notice", TODAY),
        "现在没有到期日；缴费期限不变；最晚 11月9日 周一 足额缴费的，"
        "到期日是 12月7日 周一（足额缴费之日起重新计算 20 个工作日）。",
    ),
    "a late correction": (
        HANDLED, ("request_correction", TODAY, {"until": iso("周五 2026-10-23"), "late": True}),
        NOW + "已过告知补正的 7 个工作日，重新计算不一定成立：不成立的，到期日仍是 10月26日 周一；"
        "成立的，等待期间没有到期日；最晚 10月23日 周五 收到补正的，"
        "到期日是 11月20日 周五（收到补正之日起重新计算 20 个工作日）。",
    ),
    "a fee after an extension": (
        (*HANDLED, ("approve_extension", "周五 2026-10-09", {"days": 10})), FEE,
        "到期日现在是 11月9日 周一；等待期间没有到期日；最晚 11月9日 周一 足额缴费的，"
        "到期日是 12月21日 周一（足额缴费之日起重新计算 30 个工作日）。",
    ),
    "a fee after a later day was set": (
        (*HANDLED, ("defer", "周五 2026-10-09", {"until": iso("周五 2026-12-11")})), FEE,
        "到期日现在是 12月11日 周五；等待期间没有到期日；最晚 11月9日 周一 足额缴费的，"
        "到期日是 12月11日 周五（已确定的延迟答复日期，不早于重新计算的期限）。",
    ),
    "a third party": (
        HANDLED, ("consult_third_party", TODAY, {"n": 1}),
        NOW + "对方最晚 11月2日 周一 提出意见，到那天的，到期日是 11月16日 周一，提早收到意见的，到期日相应提前。",
    ),
    "a joint organ that has the letter": (
        HANDLED, ("consult_joint_organ", "周五 2026-10-09", {"n": 1, "delivered": iso(TODAY)}),
        NOW + "对方最晚 11月2日 周一 提出意见，到那天的，到期日是 11月18日 周三，提早收到意见的，到期日相应提前。",
    ),
    "a third party asked on the due day": (
        HANDLED, ("consult_third_party", "周一 2026-10-26", {"n": 1}),
        NOW + "对方最晚 11月16日 周一 提出意见，到期日不变。",
    ),
    "a third party after a later day was set": (
        (*HANDLED, DEFERRED), ("consult_third_party", TODAY, {"n": 1}),
        "到期日现在是 11月30日 周一；对方最晚 11月2日 周一 提出意见，到期日不变。",
    ),
    "an opinion": (
        (*HANDLED, ASKED), ("record_opinion", "周五 2026-10-09", {"n": 1}),
        "到期日现在是 11月16日 周一；收到意见以后是 10月29日 周四。",
    ),
    "a correction that came": (
        (*HANDLED, ("request_correction", "周四 2026-10-08", {"until": iso("周五 2026-10-23")})),
        ("receive_correction", TODAY), "现在没有到期日；收到补正以后是 11月9日 周一。",
    ),
    "a payment": ((*HANDLED, ("fee_notice", "周五 2026-10-09")), ("pay_fee", TODAY), "现在没有到期日；足额缴费以后是 11月9日 周一。"),
    "a later day": (HANDLED, DEFERRED, NOW + "延迟答复以后是 11月30日 周一。"),
    "reasons asked": (
        HANDLED, ("ask_reasons", TODAY, {"until": iso("周一 2026-10-19")}), NOW + "要求说明理由以后不变。",
    ),
    "a confirmed receipt": (
        (unconfirmed(),), ("confirm_receipt", "周三 2026-09-23"), "现在没有到期日；确认收到以后是 10月28日 周三。",
    ),
    "nothing received": ((unconfirmed(),), ("withdraw", "周三 2026-09-23"), "法定收到日还没有确认，没有到期日。"),
}  # fmt: skip


def tried(steps: tuple[Told, ...], step: Told) -> Entry:
    return history(*steps, step)[-1]


@pytest.mark.parametrize("name", SAID)
def test_the_due_day_now_and_after_the_act_in_a_sentence(name: str) -> None:
    steps, step, words = SAID[name]
    assert sentence(case(*steps), tried(steps, step), CALENDAR, day(step[1])) == words


def test_the_clock_before_and_after() -> None:
    now, then = what_if(case(*HANDLED), tried(HANDLED, EXTENDED), CALENDAR)
    assert now is not None
    assert then is not None
    assert (now.due, now.allowed) == (day("周一 2026-10-26"), 20)
    assert (then.due, then.allowed) == (day("周一 2026-11-09"), 30)


def test_there_is_no_clock_before_the_receipt_is_confirmed() -> None:
    entry = tried((unconfirmed(),), ("confirm_receipt", "周三 2026-09-23"))
    now, then = what_if(case(unconfirmed()), entry, CALENDAR)
    assert now is None
    assert then is not None


def test_a_correction_of_the_record_or_a_new_calendar_is_not_tried_on_a_case() -> None:
    for act in ("correct", "redate"):
        step: Told = (act, TODAY, {"target": 1, "changes": {}})
        with pytest.raises(ValueError, match=act):
            what_if(case(*HANDLED), tried(HANDLED, step), CALENDAR)


@pytest.mark.soak
@given(crossroads())
def test_what_was_shown_is_what_comes_and_nothing_changes_before(found: tuple[list[Entry], Entry]) -> None:
    entries, entry = found
    file, kept = replay(entries), replay(entries)
    now, then = what_if(file, entry, CALENDAR)
    said = sentence(file, entry, CALENDAR, entry.on)
    assert file == kept
    assert now == kept.clock(CALENDAR)
    assert then == replay([*entries, entry]).clock(CALENDAR)
    assert said.endswith("。")
    assert "None" not in said
