"""The clock in sentences: what starts, restarts, interrupts and lengthens the term, and how it says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from caseflow.law.clock import Clock, clock
from caseflow.law.facts import Consultation, Extension, Facts, Pause
from caseflow.law.workdays import OutsideCalendar
from tests.law.days import CALENDAR, day

MONDAY = day("周一 2026-09-21")
DUE = day("周一 2026-10-26")  # 20 working days later, over 中秋 and 国庆, with 10月10日 worked


def ticking(facts: Facts) -> Clock:
    return clock(facts, CALENDAR)


def due(facts: Facts) -> date | None:
    return ticking(facts).due


# --- the plain term (art. 33) ------------------------------------------------------------------------------


def test_the_day_of_receipt_is_day_0_and_the_20th_working_day_is_the_last() -> None:
    running = ticking(Facts(MONDAY))
    assert running.due == DUE
    assert running.used(MONDAY, CALENDAR) == 0
    assert running.used(day("周二 2026-09-22"), CALENDAR) == 1
    assert running.used(DUE, CALENDAR) == running.allowed == 20


def test_a_request_received_on_a_day_off_counts_from_the_next_working_day() -> None:
    assert due(Facts(day("周六 2026-09-26"))) == due(Facts(day("周日 2026-09-27")))
    assert due(Facts(day("周六 2026-09-26"))) == day("周四 2026-10-29")


def test_a_make_up_sunday_counts() -> None:
    assert due(Facts(day("周六 2026-09-19"))) == day("周四 2026-10-22")  # 9月20日 is worked
    assert due(Facts(day("周日 2026-09-20"))) == day("周五 2026-10-23")


def test_a_closed_case_keeps_its_due_day() -> None:
    assert due(Facts(MONDAY, closed=day("周五 2026-10-30"))) == DUE


def test_a_receipt_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(OutsideCalendar):
        due(Facts(day("周三 2003-12-31")))


# --- correction (art. 30) and payment (art. 42): the term anew ---------------------------------------------

ASKED = day("周一 2026-09-28")
UNTIL = day("周一 2026-10-19")
MET = day("周五 2026-10-16")


def corrected(asked: date = ASKED, met: date | None = MET) -> Facts:
    return Facts(MONDAY, pauses=(Pause("correction", asked, UNTIL, met),))


def test_while_a_correction_is_awaited_there_is_no_due_day() -> None:
    waiting = ticking(corrected(met=None))
    assert (waiting.due, waiting.waiting, waiting.hold_until) == (None, "correction", UNTIL)
    assert [step.kind for step in waiting.steps] == ["receipt", "void", "waiting"]


def test_what_has_no_due_day_has_no_provisional_one() -> None:
    asked = Pause("correction", day("周一 2026-12-21"), day("周一 2027-01-11"))
    waiting = ticking(Facts(day("周二 2026-12-15"), pauses=(asked,)))
    assert (waiting.due, waiting.provisional) == (None, False)


def test_the_corrected_request_has_the_full_term_again_whatever_was_counted_before() -> None:
    running = ticking(corrected())
    assert running.anchor == MET
    assert running.due == CALENDAR.add(MET, 20) == day("周五 2026-11-13")
    assert running.plain_due == DUE
    assert (running.waiting, running.hold_until) == ("", None)


def test_a_notice_on_the_seventh_working_day_is_in_time_and_on_the_eighth_is_not() -> None:
    seventh, eighth = day("周四 2026-10-08"), day("周五 2026-10-09")
    words = {asked: ticking(corrected(asked=asked)).steps[1].what for asked in (seventh, eighth)}
    assert words[seventh] == "计 7 日；第 7 日告知补正"
    assert words[eighth] == "计 8 日；第 8 日告知补正，超过 7 个工作日"


def test_a_reply_without_the_correction_is_measured_from_the_receipt() -> None:
    replied = replace(corrected(met=None), closed=day("周四 2026-10-29"))
    assert due(replied) == DUE
    assert ticking(replied).waiting == ""


def test_payment_restarts_the_term_like_a_correction_does() -> None:
    asked, paid = day("周四 2026-10-08"), day("周五 2026-10-16")
    running = ticking(Facts(MONDAY, pauses=(Pause("fee", asked, met=paid),)))
    assert running.due == CALENDAR.add(paid, 20)
    assert "第四十二条" in {step.article for step in running.steps}
    assert ticking(Facts(MONDAY, pauses=(Pause("fee", asked),))).waiting == "fee"


def test_a_fee_without_a_day_told_has_20_working_days_from_its_notice() -> None:
    waiting = ticking(Facts(MONDAY, pauses=(Pause("fee", day("周四 2026-10-08")),)))
    assert (waiting.due, waiting.hold_until) == (None, day("周三 2026-11-04"))
    assert (waiting.steps[-1].start, waiting.steps[-1].end) == (
        day("周五 2026-10-09"),
        day("周三 2026-11-04"),
    )
    assert waiting.steps[-1].what == "等申请人缴费，没有到期日；足额缴费之日起重新计算"
    assert waiting.steps[-1].article == "第四十二条"


def test_the_fee_notice_voids_what_was_counted_and_the_payment_says_so() -> None:
    asked, paid = day("周四 2026-10-08"), day("周五 2026-10-16")
    said = [step.what for step in ticking(Facts(MONDAY, pauses=(Pause("fee", asked, met=paid),))).steps]
    assert said[1:3] == [
        "计 7 日；第 7 日通知缴费",
        "等申请人缴费；足额缴费：此前计日作废，期限重新起算，当日不计",
    ]


def test_a_correction_of_which_no_day_is_known_waits_without_one() -> None:
    waiting = ticking(Facts(MONDAY, pauses=(Pause("correction", ASKED),)))
    assert (waiting.due, waiting.waiting, waiting.hold_until) == (None, "correction", None)
    assert (waiting.steps[-1].start, waiting.steps[-1].end) == (ASKED, ASKED)


def test_the_last_of_several_restarts_counts() -> None:
    paid = day("周五 2026-10-30")
    twice = replace(corrected(), pauses=(*corrected().pauses, Pause("fee", day("周一 2026-10-26"), met=paid)))
    assert ticking(twice).anchor == paid
    assert [step.kind for step in ticking(twice).steps][:5] == [
        "receipt", "void", "restart", "void", "restart",
    ]  # fmt: skip


# --- consultation (art. 32, 33): days left out -------------------------------------------------------------

SENT = day("周二 2026-09-29")


def consulted(*consultations: Consultation) -> Clock:
    return ticking(Facts(MONDAY, consultations=consultations))


def test_the_days_after_sending_to_the_day_of_the_opinion_are_not_counted() -> None:
    opinion = day("周五 2026-10-09")  # 9月30日, 10月8日, 10月9日
    running = consulted(Consultation(SENT, opinion=opinion))
    assert running.excluded == 3
    assert running.due == CALENDAR.add(DUE, 3)


def test_an_opinion_on_the_day_of_sending_excludes_nothing() -> None:
    assert consulted(Consultation(SENT, opinion=SENT)).due == DUE


def test_overlapping_consultations_count_once() -> None:
    first = Consultation(SENT, opinion=day("周五 2026-10-09"))
    second = Consultation(day("周三 2026-09-30"), opinion=day("周一 2026-10-12"))
    inside = Consultation(day("周三 2026-09-30"), opinion=day("周四 2026-10-08"))
    running = consulted(second, inside, first)
    assert running.excluded == CALENDAR.count(SENT, day("周一 2026-10-12")) == 5
    assert running.due == CALENDAR.add(DUE, 5)
    assert len([step for step in running.steps if step.kind == "excluded"]) == 1


def test_consultations_one_after_another_are_both_left_out() -> None:
    first = Consultation(day("周二 2026-09-22"), opinion=day("周四 2026-09-24"))
    second = Consultation(SENT, opinion=day("周五 2026-10-09"))
    running = consulted(first, second)
    assert running.excluded == 2 + 3
    assert running.due == CALENDAR.add(DUE, 5)


def test_the_exclusion_ends_with_the_third_partys_15_working_days_if_the_opinion_comes_later() -> None:
    delivered = day("周三 2026-09-30")
    limit = CALENDAR.add(delivered, 15)
    assert limit == day("周二 2026-10-27")
    late = consulted(Consultation(SENT, delivered, day("周五 2026-11-06")))
    on_the_day = consulted(Consultation(SENT, delivered, limit))
    assert late.due == on_the_day.due == CALENDAR.add(DUE, CALENDAR.count(SENT, limit))


def test_an_opinion_before_the_15_working_days_are_over_ends_the_exclusion() -> None:
    opinion = day("周一 2026-10-12")
    running = consulted(Consultation(SENT, day("周三 2026-09-30"), opinion))
    assert running.excluded == CALENDAR.count(SENT, opinion)


def test_an_open_consultation_is_reckoned_to_its_last_day() -> None:
    running = consulted(Consultation(SENT, day("周三 2026-09-30")))
    assert (running.waiting, running.hold_until) == ("consultation", day("周二 2026-10-27"))
    assert running.due == CALENDAR.add(DUE, CALENDAR.count(SENT, day("周二 2026-10-27")))


def test_a_letter_of_which_nobody_knows_whether_it_arrived_is_reckoned_as_received_when_sent() -> None:
    running = consulted(Consultation(SENT))
    assert running.hold_until == CALENDAR.add(SENT, 15)
    assert running.excluded == 15


def test_the_clock_waits_for_a_consultation_only_until_its_last_day() -> None:
    running = consulted(Consultation(SENT))
    assert running.hold_until is not None
    assert running.waits_on(running.hold_until) == "consultation"
    assert running.waits_on(CALENDAR.add(running.hold_until, 1)) == ""


def test_a_consultation_after_the_due_day_changes_nothing() -> None:
    for sent in (DUE, day("周二 2026-10-27")):
        running = consulted(Consultation(sent, opinion=day("周五 2026-11-06")))
        assert (running.due, running.excluded) == (DUE, 0)
        assert "excluded" not in {step.kind for step in running.steps}


def test_a_consultation_on_the_day_before_the_due_day_still_counts() -> None:
    running = consulted(Consultation(day("周五 2026-10-23"), opinion=day("周三 2026-10-28")))
    assert running.due == CALENDAR.add(DUE, 3)


def test_a_consultation_from_before_the_restart_is_left_out_after_it_only() -> None:
    spanning = Consultation(day("周三 2026-10-14"), opinion=day("周二 2026-10-20"))
    running = ticking(replace(corrected(), consultations=(spanning,)))
    assert running.excluded == CALENDAR.count(MET, day("周二 2026-10-20")) == 2
    before = Consultation(day("周二 2026-09-22"), opinion=day("周四 2026-10-15"))
    assert ticking(replace(corrected(), consultations=(before,))).due == due(corrected())


# --- whose opinion it is (art. 32, 34) ---------------------------------------------------------------------

THIRD = Consultation(SENT, opinion=day("周五 2026-10-09"))
JOINT = Consultation(SENT, opinion=day("周五 2026-10-09"), party="joint_organ")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ((THIRD,), ("征求第三方意见，所需 3 个工作日不计算在内", "第三十二、三十三条")),
        ((JOINT,), ("征求共同制作机关意见，所需 3 个工作日不计算在内", "第三十三、三十四条")),
        (
            (THIRD, JOINT),
            ("征求第三方和共同制作机关意见，所需 3 个工作日不计算在内", "第三十二、三十三、三十四条"),
        ),
        # asked and answered on one day: none of its days stand in the stretch
        (
            (THIRD, replace(JOINT, sent=day("周四 2026-10-08"), opinion=day("周四 2026-10-08"))),
            ("征求第三方意见，所需 3 个工作日不计算在内", "第三十二、三十三条"),
        ),
    ],
)
def test_the_days_left_out_name_whose_opinion_took_them(
    asked: tuple[Consultation, ...], words: tuple[str, str]
) -> None:
    running = consulted(*asked)
    assert [(s.what, s.article) for s in running.steps if s.kind == "excluded"] == [words]
    assert running.due == CALENDAR.add(DUE, 3)


def test_a_joint_organ_has_15_working_days_like_a_third_party() -> None:
    running = consulted(Consultation(SENT, day("周三 2026-09-30"), party="joint_organ"))
    assert (running.waiting, running.hold_until) == ("consultation", day("周二 2026-10-27"))
    assert running.awaited == ((day("周二 2026-10-27"), "joint_organ"),)


def test_of_several_the_clock_waits_for_those_whose_days_are_not_over() -> None:
    first = Consultation(SENT, day("周三 2026-09-30"))
    second = Consultation(SENT, day("周四 2026-10-08"), party="joint_organ")
    running = consulted(second, first)
    assert running.hold_until == day("周三 2026-10-28")
    assert running.asked_on(day("周二 2026-10-27")) == [
        (day("周二 2026-10-27"), "third_party"),
        (day("周三 2026-10-28"), "joint_organ"),
    ]
    assert running.asked_on(day("周三 2026-10-28")) == [(day("周三 2026-10-28"), "joint_organ")]
    assert running.waits_on(day("周四 2026-10-29")) == ""


# --- extension (art. 33) and a later day set (art. 35) -----------------------------------------------------


def test_an_extension_adds_its_working_days() -> None:
    running = ticking(Facts(MONDAY, extensions=(Extension(15, day("周二 2026-10-20")),)))
    assert running.allowed == 35
    assert running.due == CALENDAR.add(DUE, 15)
    assert [step.counted for step in running.steps] == [0, 20, 15, 0]


def test_an_extension_lengthens_the_term_that_a_correction_restarted() -> None:
    assert due(replace(corrected(), extensions=(Extension(5),))) == CALENDAR.add(MET, 25)


def test_a_consultation_in_the_extended_days_is_left_out_too() -> None:
    sent, opinion = day("周二 2026-10-27"), day("周五 2026-10-30")
    facts = Facts(MONDAY, consultations=(Consultation(sent, opinion=opinion),), extensions=(Extension(5),))
    assert due(facts) == CALENDAR.add(MONDAY, 20 + 5 + 3)
    kinds = [step.kind for step in ticking(facts).steps]
    assert kinds == ["receipt", "counted", "extended", "excluded", "extended", "due"]


def test_a_later_day_set_for_good_reasons_is_the_due_day() -> None:
    later = day("周一 2026-11-30")
    running = ticking(Facts(MONDAY, deferred_to=later))
    assert (running.due, running.steps[-1].end, running.steps[-1].article) == (later, later, "第三十五条")
    assert running.deferred
    put_off = running.steps[-2]
    assert (put_off.kind, put_off.start, put_off.end, put_off.counted) == (
        "deferred", day("周二 2026-10-27"), later, 0,
    )  # fmt: skip
    assert put_off.what == "延迟答复，至确定的日期 25 个工作日"


LATER = day("周一 2026-11-30")


@pytest.mark.parametrize(
    ("paid", "due_on", "deferred"),
    [
        ("周五 2026-10-30", "周一 2026-11-30", True),  # the 20 days would end on 11月27日
        ("周一 2026-11-02", "周一 2026-11-30", True),  # both on the same day
        ("周二 2026-11-03", "周二 2026-12-01", False),  # the term that started anew is the longer one
    ],
)
def test_after_a_restart_the_later_of_the_day_set_and_the_new_term_counts(
    paid: str, due_on: str, deferred: bool
) -> None:
    asked = Pause("fee", day("周五 2026-10-23"), met=day(paid))
    running = ticking(Facts(MONDAY, pauses=(asked,), deferred_to=LATER))
    assert (running.due, running.deferred) == (day(due_on), deferred)
    assert running.steps[-1].article == ("第三十五条" if deferred else "第三十三条")


def test_while_a_fee_is_awaited_the_day_set_is_no_due_day() -> None:
    waiting = ticking(Facts(MONDAY, pauses=(Pause("fee", day("周五 2026-10-23")),), deferred_to=LATER))
    assert (waiting.due, waiting.deferred, waiting.waiting) == (None, False, "fee")


def test_no_consultation_moves_a_day_that_was_set_nor_stops_the_clock() -> None:
    asked = Consultation(day("周二 2026-09-29"), party="joint_organ")
    running = ticking(Facts(MONDAY, consultations=(asked,), deferred_to=LATER))
    assert (running.due, running.waiting, running.hold_until) == (LATER, "", None)


def test_a_day_set_before_the_20_days_are_over_is_the_day_told_to_the_applicant() -> None:
    early = day("周五 2026-10-16")  # of a ledger: live work sets a later one
    running = ticking(Facts(MONDAY, deferred_to=early))
    assert (running.due, running.steps[-1].total) == (early, 14)
    assert [step.kind for step in running.steps] == ["receipt", "counted", "due"]


def test_a_day_that_was_set_is_not_provisional_though_its_year_has_no_notice() -> None:
    received, set_on = day("周二 2026-12-15"), day("周五 2027-02-26")
    assert ticking(Facts(received)).provisional
    assert not ticking(Facts(received, deferred_to=set_on)).provisional
    paid = Pause("fee", day("周一 2026-12-21"), met=day("周一 2026-12-28"))
    assert ticking(
        Facts(received, pauses=(paid,), deferred_to=set_on)
    ).provisional  # the count may yet pass it


# --- years without a notice --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "due_on", "provisional"),
    [
        ("周四 2026-12-03", "周四 2026-12-31", False),
        ("周五 2026-12-04", "周一 2027-01-04", True),
        ("周二 2026-12-15", "周三 2027-01-13", True),
        ("周一 2027-03-01", "周一 2027-03-29", True),
    ],
)
def test_a_due_day_in_a_year_without_notice_is_provisional(
    received: str, due_on: str, provisional: bool
) -> None:
    running = ticking(Facts(day(received)))
    assert (running.due, running.provisional) == (day(due_on), provisional)


def test_an_extension_into_the_next_year_makes_the_due_day_provisional() -> None:
    assert not ticking(Facts(day("周一 2026-11-30"))).provisional
    assert ticking(Facts(day("周一 2026-11-30"), extensions=(Extension(20),))).provisional


# --- two worked cases --------------------------------------------------------------------------------------

# The seven requests of 2020: received, what happened, due
SEED = {
    "2020-1": (Facts(day("周一 2020-02-24")), "周一 2020-03-23"),
    "2020-2": (Facts(day("周五 2020-04-10")), "周一 2020-05-11"),
    "2020-3": (Facts(day("周五 2020-05-29")), "周一 2020-06-29"),
    "2020-4": (
        Facts(
            day("周三 2020-07-15"),
            pauses=(
                Pause("correction", day("周一 2020-07-20"), day("周一 2020-08-03"), day("周三 2020-07-29")),
            ),
        ),
        "周三 2020-08-26",
    ),
    "2020-5": (
        Facts(
            day("周五 2020-08-21"),
            consultations=(Consultation(day("周四 2020-08-27"), opinion=day("周四 2020-09-10")),),
        ),
        "周五 2020-10-09",
    ),
    "2020-6": (
        Facts(day("周五 2020-09-18"), extensions=(Extension(15, day("周二 2020-10-20")),)),
        "周四 2020-11-12",
    ),
    "2020-7": (Facts(day("周一 2020-11-02")), "周一 2020-11-30"),
}


@pytest.mark.parametrize("number", SEED)
def test_the_requests_of_2020_were_due_on(number: str) -> None:
    facts, due_on = SEED[number]
    assert due(facts) == day(due_on)


def test_the_working_of_a_case_with_everything_in_it() -> None:
    facts = Facts(
        MONDAY,
        pauses=(Pause("correction", ASKED, UNTIL, MET),),
        consultations=(Consultation(day("周三 2026-10-28"), day("周四 2026-10-29"), day("周三 2026-11-11")),),
        extensions=(Extension(5, day("周二 2026-11-24")),),
        receipt_why="网络提交，双方确认之日",
        receipt_article="第三十一条第三项",
    )
    working = [
        (s.kind, f"{s.start:%m-%d}", f"{s.end:%m-%d}", s.counted, s.total, s.article)
        for s in ticking(facts).steps
    ]
    assert working == [
        ("receipt", "09-21", "09-21", 0, 0, "第三十一条第三项"),
        ("void", "09-22", "09-28", 4, 4, "第三十条"),
        ("restart", "09-29", "10-16", 0, 0, "第三十条"),
        ("counted", "10-19", "10-28", 8, 8, "第三十三条"),
        ("excluded", "10-29", "11-11", 0, 8, "第三十二、三十三条"),
        ("counted", "11-12", "11-27", 12, 20, "第三十三条"),
        ("extended", "11-30", "12-04", 5, 25, "第三十三条"),
        ("due", "12-04", "12-04", 0, 25, "第三十三条"),
    ]
    assert due(facts) == day("周五 2026-12-04")
    assert ticking(facts).excluded == 10
    said = [step.what for step in ticking(facts).steps]
    assert said == [
        "网络提交，双方确认之日；当日不计",
        "计 4 日；第 4 日告知补正",
        "等申请人补正；收到补正：此前计日作废，期限重新起算，当日不计",
        "计 8 日",
        "征求第三方意见，所需 10 个工作日不计算在内",
        "计 12 日，满 20 日",
        "负责人 11月24日 批准延期 5 个工作日（上限 20）",
        "第 25 日，到期；当日发出仍为按时",
    ]


def test_a_consultation_begun_on_or_after_the_due_day_stops_nothing() -> None:
    due = day("周五 2026-12-18")  # of a receipt on Friday 20 November
    for sent in (due, day("周一 2026-12-21")):
        late = clock(Facts(day("周五 2026-11-20"), consultations=(Consultation(sent),)), CALENDAR)
        assert late.due == due
        assert late.waiting == ""
    before = clock(
        Facts(day("周五 2026-11-20"), consultations=(Consultation(day("周四 2026-12-17")),)), CALENDAR
    )
    assert before.waiting == "consultation"
