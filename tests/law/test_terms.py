"""Every term, named after its article: when it starts, how long it runs, on which day it ends.

The boundary days: the prolonged Spring Festival of 2020 (off until Sunday 2 February), the first of May of
2019 (off to the 4th, Sundays 28 April and 5 May worked), the make-up Sundays of 2024 (4 and 18 February,
7 and 28 April, 29 September) and 2025 (26 January, 27 April, 28 September).
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseflow.law.terms import BY_CODE, OWN_LENGTHS, TERMS, Running, report_day, rung_of, running
from caseflow.law.workdays import Calendar
from caseflow.law.workflow import BY_CODE as ACTS
from tests.law.days import CALENDAR, day
from tests.law.histories import Told, accepted, case, iso, registered

# Day 0 of a term, and the 7th, 15th and 20th working day after it
ROWS = """
周五 2020-01-17 / 周二 2020-02-04 / 周五 2020-02-14 / 周五 2020-02-21
周四 2020-01-23 / 周二 2020-02-11 / 周五 2020-02-21 / 周五 2020-02-28
周五 2020-01-31 / 周二 2020-02-11 / 周五 2020-02-21 / 周五 2020-02-28
周日 2020-02-02 / 周二 2020-02-11 / 周五 2020-02-21 / 周五 2020-02-28
周三 2019-04-24 / 周一 2019-05-06 / 周四 2019-05-16 / 周四 2019-05-23
周日 2019-04-28 / 周四 2019-05-09 / 周二 2019-05-21 / 周二 2019-05-28
周二 2019-04-30 / 周一 2019-05-13 / 周四 2019-05-23 / 周四 2019-05-30
周日 2019-05-05 / 周二 2019-05-14 / 周五 2019-05-24 / 周五 2019-05-31
周三 2019-05-15 / 周五 2019-05-24 / 周三 2019-06-05 / 周四 2019-06-13
周五 2024-02-02 / 周日 2024-02-18 / 周三 2024-02-28 / 周三 2024-03-06
周日 2024-02-04 / 周一 2024-02-19 / 周四 2024-02-29 / 周四 2024-03-07
周日 2024-02-18 / 周二 2024-02-27 / 周五 2024-03-08 / 周五 2024-03-15
周日 2024-04-07 / 周二 2024-04-16 / 周五 2024-04-26 / 周二 2024-05-07
周日 2024-04-28 / 周五 2024-05-10 / 周二 2024-05-21 / 周二 2024-05-28
周五 2024-09-27 / 周六 2024-10-12 / 周三 2024-10-23 / 周三 2024-10-30
周日 2024-09-29 / 周一 2024-10-14 / 周四 2024-10-24 / 周四 2024-10-31
周五 2025-01-24 / 周一 2025-02-10 / 周四 2025-02-20 / 周四 2025-02-27
周日 2025-01-26 / 周二 2025-02-11 / 周五 2025-02-21 / 周五 2025-02-28
周日 2025-04-27 / 周五 2025-05-09 / 周三 2025-05-21 / 周三 2025-05-28
周五 2025-09-26 / 周一 2025-10-13 / 周四 2025-10-23 / 周四 2025-10-30
周日 2025-09-28 / 周二 2025-10-14 / 周五 2025-10-24 / 周五 2025-10-31
周一 2026-09-21 / 周四 2026-10-08 / 周一 2026-10-19 / 周一 2026-10-26
"""
BOUNDARIES = [line.split(" / ") for line in ROWS.split("\n")[1:-1]]


def column(number: int) -> list[tuple[str, str]]:
    return [(row[0], row[number]) for row in BOUNDARIES]


SEVENTH, FIFTEENTH, TWENTIETH = column(1), column(2), column(3)


def ends(*steps: Told, calendar: Calendar = CALENDAR) -> dict[str, date]:
    """The terms that run on the case of these steps, and their last days."""
    return {term.term: term.due for term in terms(*steps, calendar=calendar)}


def terms(*steps: Told, calendar: Calendar = CALENDAR) -> list[Running]:
    file = case(*steps)
    return running(file, file.clock(calendar), calendar)


def handled(on: str) -> tuple[Told, Told]:
    return registered(on), accepted(on)


def after(text: str, days: int) -> date:
    """So many calendar days later."""
    return day(text) + timedelta(days=days)


# --- each term ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("received", "last"), SEVENTH)
def test_art_30_the_office_has_7_working_days_to_tell_what_is_missing(received: str, last: str) -> None:
    assert terms(registered(received))[0] == Running("correction_notice", day(received), day(last))


@pytest.mark.parametrize(
    ("told", "until"),
    [
        ("周一 2020-01-20", "周五 2020-02-07"),
        ("周一 2019-04-29", "周日 2019-05-05"),
        ("周日 2024-02-04", "周日 2024-02-18"),
        ("周五 2025-01-24", "周六 2025-02-08"),
        ("周一 2026-09-28", "周六 2026-10-03"),  # as told, a day off or not
    ],
)
def test_art_30_the_applicant_has_the_period_that_was_told(told: str, until: str) -> None:
    asked: Told = ("request_correction", told, {"until": iso(until)})
    assert terms(registered(told), asked) == [Running("correction", day(told), day(until))]


@pytest.mark.parametrize(("delivered", "last"), FIFTEENTH)
def test_art_32_a_third_party_has_15_working_days_from_its_receipt(delivered: str, last: str) -> None:
    asked: Told = ("consult_third_party", delivered, {"n": 1})
    came: Told = ("deliver_consultation", delivered, {"n": 1})
    assert ends(*handled(delivered), asked, came)["consultation"] == day(last)


@pytest.mark.parametrize(("delivered", "last"), FIFTEENTH)
def test_art_34_a_joint_organ_has_15_working_days_from_its_receipt(delivered: str, last: str) -> None:
    asked: Told = ("consult_joint_organ", delivered, {"n": 1})
    came: Told = ("deliver_consultation", delivered, {"n": 1})
    assert ends(*handled(delivered), asked, came)["consultation"] == day(last)


@pytest.mark.parametrize(
    ("asked", "until"), [("周三 2020-01-22", "周一 2020-02-10"), ("周日 2025-09-28", "周六 2025-10-11")]
)
def test_art_35_reasons_are_given_by_the_day_told_while_the_reply_runs_on(asked: str, until: str) -> None:
    reasons: Told = ("ask_reasons", asked, {"until": iso(until)})
    assert terms(*handled(asked), reasons)[0] == Running("reasons", day(asked), day(until))
    assert ends(*handled(asked), reasons)["reply"] == ends(*handled(asked))["reply"]


@pytest.mark.parametrize("until", ["周一 2026-11-30", "周六 2026-12-05"])
def test_art_35_a_deferred_reply_is_due_on_the_day_that_was_set(until: str) -> None:
    deferred: Told = ("defer", "周一 2026-10-12", {"until": iso(until)})
    assert ends(*handled("周一 2026-09-21"), deferred) == {"reply": day(until)}


@pytest.mark.parametrize(("notified", "last"), TWENTIETH)
def test_art_42_the_applicant_has_20_working_days_to_pay(notified: str, last: str) -> None:
    fee: Told = ("fee_notice", notified)
    assert terms(*handled(notified), fee) == [Running("payment", day(notified), day(last))]


@pytest.mark.parametrize(("received", "last"), TWENTIETH)
def test_art_33_the_reply_is_due_on_the_20th_working_day(received: str, last: str) -> None:
    assert terms(*handled(received)) == [Running("reply", day(received), day(last))]


@pytest.mark.parametrize(("came", "last"), TWENTIETH)
def test_art_30_and_42_a_correction_or_payment_starts_the_20_working_days_anew(came: str, last: str) -> None:
    before = handled("周三 2019-01-02")
    asked: Told = ("request_correction", "周四 2019-01-03", {"until": iso(came)})
    notified: Told = ("fee_notice", "周四 2019-01-03")
    anew = [Running("reply", day(came), day(last))]
    assert terms(*before, asked, ("receive_correction", came)) == anew
    assert terms(*before, notified, ("pay_fee", came)) == anew


@pytest.mark.parametrize(
    ("received", "days", "last"),
    [
        ("周五 2020-01-17", 20, "周五 2020-03-20"),
        ("周日 2019-05-05", 20, "周一 2019-07-01"),
        ("周日 2024-02-04", 20, "周日 2024-04-07"),  # the last day is a Sunday that is worked
        ("周日 2025-01-26", 20, "周五 2025-03-28"),
        ("周五 2025-09-26", 20, "周四 2025-11-27"),
        ("周一 2026-09-21", 5, "周一 2026-11-02"),
    ],
)
def test_art_33_an_extension_adds_its_working_days(received: str, days: int, last: str) -> None:
    extended: Told = ("approve_extension", received, {"days": days})
    assert ends(*handled(received), extended) == {"reply": day(last)}


@pytest.mark.parametrize(
    ("sent", "opinion", "last"),
    [
        ("周三 2020-01-22", "周一 2020-02-03", "周二 2020-02-25"),  # 1月23日 and 2月3日 are left out
        ("周四 2020-01-23", "周日 2020-02-02", "周五 2020-02-21"),  # only days off
        ("周日 2020-01-19", "周一 2020-01-20", "周一 2020-02-24"),
    ],
)
def test_art_33_the_days_of_a_consultation_are_not_counted(sent: str, opinion: str, last: str) -> None:
    asked: Told = ("consult_third_party", sent, {"n": 1})
    answered: Told = ("record_opinion", opinion, {"n": 1})
    assert ends(*handled("周五 2020-01-17"), asked, answered) == {"reply": day(last)}


def test_art_45_the_day_given_to_an_office_within_is_kept_while_it_handles_the_case() -> None:
    given: Told = ("accept", "周二 2026-09-22", {"handler_id": 1, "internal_until": iso("周六 2026-10-10")})
    within = Running("internal", day("周二 2026-09-22"), day("周六 2026-10-10"))
    assert terms(registered(), given)[-1] == within
    assert "internal" not in ends(registered(), given, DRAFT)


DRAFT: Told = ("draft_reply", "周一 2026-10-12", {"result": "granted"})
SENT = (
    *handled("周一 2026-09-21"),
    DRAFT,
    ("approve_reply", "周一 2026-10-12"),
    ("send_reply", "周三 2026-10-14"),
)
DELIVERED: Told = ("deliver_reply", "周五 2026-10-16")


def test_art_40_a_reply_sent_is_to_be_proved_delivered_within_the_days_set() -> None:
    assert terms(*SENT)[0] == Running("delivery", day("周三 2026-10-14"), after("周三 2026-10-14", 15))
    assert "delivery" not in ends(*SENT, DELIVERED)


@pytest.mark.parametrize(
    "closing",
    [
        ("withdraw", "周三 2026-10-14"),
        ("lapse_fee", "周三 2026-10-14", {"result": "other_fee_unpaid"}),
        ("lapse_correction", "周三 2026-10-14", {"result": "other_correction_lapsed"}),
    ],
)
def test_art_45_what_is_closed_is_archived_within_the_days_set(closing: Told) -> None:
    closed = (*handled("周一 2026-09-21"), closing)
    assert terms(*closed) == [Running("archive", day("周三 2026-10-14"), day("周五 2026-11-13"))]
    assert terms(*closed, ("archive", "周四 2026-10-15")) == []
    assert ends(*SENT)["archive"] == day("周五 2026-11-13")


def test_the_days_that_the_office_sets_are_its_own() -> None:
    file = case(*SENT)
    found = running(file, file.clock(CALENDAR), CALENDAR, {"delivery": 7, "archive": 60})
    assert [term.due for term in found] == [after("周三 2026-10-14", 7), after("周三 2026-10-14", 60)]
    assert OWN_LENGTHS == {"delivery": 15, "archive": 30}


@pytest.mark.parametrize(
    ("year", "government", "last"),
    [
        (2019, False, "周五 2020-01-31"),
        (2019, True, "周二 2020-03-31"),
        (2026, False, "周日 2027-01-31"),
        (2026, True, "周三 2027-03-31"),
    ],
)
def test_art_49_departments_report_by_31_january_governments_by_31_march(
    year: int, government: bool, last: str
) -> None:
    assert report_day(year, government) == day(last)


# --- a December, before and after the next year's notice -----------------------------------------------------

# 2027 as its notice may read: 春节 from Friday 5 to Saturday 13 February, Sunday 31 January and Saturday 20
# February worked; 元旦 on 1 January
NOTICE_2027 = {
    day(f"周{name} 2027-02-{n:02}"): False
    for n, name in zip((5, 8, 9, 10, 11, 12), "五一二三四五", strict=True)
}
NOTICE_2027 |= {day("周五 2027-01-01"): False, day("周日 2027-01-31"): True, day("周六 2027-02-20"): True}
ENTERED = Calendar({**CALENDAR.exceptions, **NOTICE_2027}, [*CALENDAR.official, 2027], version=2)


@pytest.mark.parametrize(
    ("received", "days", "provisional_due", "due"),
    [
        ("周四 2026-12-03", 0, "周四 2026-12-31", "周四 2026-12-31"),  # within the year: never provisional
        ("周二 2026-12-15", 0, "周三 2027-01-13", "周三 2027-01-13"),
        ("周四 2026-12-31", 0, "周五 2027-01-29", "周五 2027-01-29"),
        ("周四 2026-12-31", 1, "周一 2027-02-01", "周日 2027-01-31"),  # the worked Sunday is the last day
        ("周四 2026-12-31", 5, "周五 2027-02-05", "周四 2027-02-04"),
        ("周四 2026-12-31", 6, "周一 2027-02-08", "周一 2027-02-15"),
        ("周四 2026-12-10", 20, "周五 2027-02-05", "周四 2027-02-04"),
        ("周一 2026-12-21", 20, "周二 2027-02-16", "周一 2027-02-22"),
        ("周五 2026-12-18", 20, "周一 2027-02-15", "周六 2027-02-20"),  # the worked Saturday is the last day
    ],
)
def test_art_33_a_december_receipt_is_provisional_and_moves_when_2027_is_entered(
    received: str, days: int, provisional_due: str, due: str
) -> None:
    steps = (*handled(received), *([("approve_extension", received, {"days": days})] if days else []))
    assert ends(*steps) == {"reply": day(provisional_due)}
    assert ends(*steps, calendar=ENTERED) == {"reply": day(due)}
    before, then = case(*steps).clock(CALENDAR), case(*steps).clock(ENTERED)
    assert before is not None
    assert then is not None
    assert (before.provisional, then.provisional) == (day(provisional_due).year == 2027, False)


@pytest.mark.parametrize(
    ("notified", "provisional_last", "last"),
    [
        ("周一 2026-12-28", "周二 2027-01-26", "周二 2027-01-26"),
        ("周四 2027-01-07", "周四 2027-02-04", "周三 2027-02-03"),
        ("周一 2027-01-11", "周一 2027-02-08", "周一 2027-02-15"),
    ],
)
def test_art_42_a_payment_term_moves_with_the_calendar_too(
    notified: str, provisional_last: str, last: str
) -> None:
    steps = (*handled("周四 2026-12-24"), ("fee_notice", notified))
    assert ends(*steps) == {"payment": day(provisional_last)}
    assert ends(*steps, calendar=ENTERED) == {"payment": day(last)}


def test_of_a_ledger_that_asked_for_both_neither_term_is_lost() -> None:
    asked: Told = ("request_correction", "周一 2026-09-28", {"until": iso("周一 2026-10-19")})
    both = (*handled("周一 2026-09-21"), asked, ("fee_notice", "周一 2026-09-28"))
    assert ends(*both) == {"correction": day("周一 2026-10-19"), "payment": day("周五 2026-10-30")}
    assert ends(*both, ("pay_fee", "周一 2026-10-12")) == {"correction": day("周一 2026-10-19")}


# --- the table ---------------------------------------------------------------------------------------------


def test_every_term_says_whose_it_is_and_what_its_lapse_means() -> None:
    for term in TERMS:
        assert all((term.label, term.starts, term.length, term.answers, term.lapse))
        assert term.article.startswith("第")
        assert term.article.endswith("条")
        assert list(term.rungs) == sorted(term.rungs, reverse=True)
    assert len(BY_CODE) == len(TERMS)


# What the lapse of a term lets somebody do, by the article of that act
OPENED = {
    "correction": "第三十条",
    "consultation": "第三十二、三十四条",
    "reasons": "第三十六、三十七条",
    "payment": "第四十二条",
    "delivery": "第四十条",
    "archive": "第四十五条",
}


def test_a_lapse_opens_an_act_of_the_table_and_closes_nothing() -> None:
    assert {term.code: ACTS[term.offers].article for term in TERMS if term.offers} == OPENED


LADDERS = {
    "correction_notice": ((2, 0), False),
    "correction": ((3, 0), False),
    "consultation": ((3, 0), False),
    "reasons": ((3, 0), False),
    "payment": ((3, 0), False),
    "reply": ((10, 5, 2, 0), True),
    "internal": ((3, 0), False),
    "watch": ((60, 2, 0), True),
    "delivery": ((3, 0), False),
    "archive": ((3, 0), False),
    "annual_report": ((3, 0), False),
}


def test_only_the_reply_and_a_watch_are_called_in_each_day_when_overdue() -> None:
    assert {term.code: (term.rungs, term.overdue) for term in TERMS} == LADDERS


# --- the rungs ---------------------------------------------------------------------------------------------

REPLY, NOTICE, OTHER = (10, 5, 2, 0), (2, 0), (3, 0)

# Today, and the rung of a reply, of a 补正 notice and of any other term that ends on 周日 2024-02-18, a Sunday
# that is worked, after a festival from the 10th to the 17th; Sunday the 4th is worked too
RUNGS = """
周四 2024-02-01 /   10 /    - /    -
周五 2024-02-02 /   10 /    - /    -
周六 2024-02-03 /   10 /    - /    -
周日 2024-02-04 /   10 /    - /    -
周一 2024-02-05 /    5 /    - /    -
周二 2024-02-06 /    5 /    - /    -
周三 2024-02-07 /    5 /    - /    3
周四 2024-02-08 /    2 /    2 /    3
周五 2024-02-09 /    2 /    2 /    3
周六 2024-02-10 /    2 /    2 /    3
周六 2024-02-17 /    2 /    2 /    3
周日 2024-02-18 /    0 /    0 /    0
周一 2024-02-19 /   -1 /    0 /    0
周二 2024-02-20 /   -2 /    0 /    0
周五 2024-02-23 /   -5 /    0 /    0
周六 2024-02-24 /   -5 /    0 /    0
周一 2024-02-26 /   -6 /    0 /    0
"""


def rung(text: str) -> int | None:
    return None if text == "-" else int(text)


@pytest.mark.parametrize("row", RUNGS.split("\n")[1:-1])
def test_the_rungs_on_the_way_to_a_last_day_and_beyond(row: str) -> None:
    text, *expected = [part.strip() for part in row.split(" / ")]
    today, due = day(text), day("周日 2024-02-18")
    found = [
        rung_of(due, today, CALENDAR, REPLY, overdue=True),
        rung_of(due, today, CALENDAR, NOTICE, overdue=False),
        rung_of(due, today, CALENDAR, OTHER, overdue=False),
    ]
    assert found == [rung(part) for part in expected]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("周四 2026-11-19", None),  # 11 working days left
        ("周五 2026-11-20", 10),
        ("周四 2026-11-26", 10),
        ("周五 2026-11-27", 5),
        ("周二 2026-12-01", 5),
        ("周三 2026-12-02", 2),
        ("周四 2026-12-03", 2),
        ("周五 2026-12-04", 0),  # the last day: still on time
        ("周六 2026-12-05", -1),  # overdue from the next day, a day off or not
        ("周日 2026-12-06", -1),
        ("周一 2026-12-07", -1),
        ("周二 2026-12-08", -2),
        ("周一 2026-12-14", -6),
    ],
)
def test_a_reply_is_overdue_from_the_day_after(today: str, expected: int | None) -> None:
    assert rung_of(day("周五 2026-12-04"), day(today), CALENDAR, REPLY, overdue=True) == expected


def plain_rung(due: date, today: date, rungs: tuple[int, ...], overdue: bool) -> int | None:
    """Walk the days between today and the last one."""
    working = 0
    current = min(today, due)
    while current < max(today, due):
        current += timedelta(days=1)
        working += CALENDAR.is_working(current)
    if today > due:
        return -max(working, 1) if overdue else min(rungs, default=None)
    for step in sorted(rungs):
        if working <= step:
            return step
    return None


DUES = st.dates(date(2019, 6, 1), date(2027, 6, 30))
LADDER = st.sampled_from([REPLY, NOTICE, OTHER, (0,), ()])


@pytest.mark.soak
@given(DUES, st.integers(-40, 40), LADDER, st.booleans())
def test_the_rung_is_the_one_found_by_walking_the_days(
    due: date, offset: int, rungs: tuple[int, ...], overdue: bool
) -> None:
    today = due + timedelta(days=offset)
    assert rung_of(due, today, CALENDAR, rungs, overdue) == plain_rung(due, today, rungs, overdue)


@pytest.mark.soak
@given(DUES, st.integers(-40, 40), LADDER, st.booleans())
def test_from_one_day_to_the_next_a_term_only_grows_more_urgent(
    due: date, offset: int, rungs: tuple[int, ...], overdue: bool
) -> None:
    today = due + timedelta(days=offset)
    now, next_day = (rung_of(due, d, CALENDAR, rungs, overdue) for d in (today, after_one(today)))
    if now is not None:
        assert next_day is not None
        assert next_day <= now


def after_one(today: date) -> date:
    return today + timedelta(days=1)
