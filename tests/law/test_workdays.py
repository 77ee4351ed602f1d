"""Working days: the yearly notices with their make-up days, and what holds in a year without one."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseflow.law.workdays import FIRST, LAST, Calendar, OutsideCalendar, days_between, weekday
from tests.law.days import CALENDAR, day, days

ANY_DAY = st.dates(date(2004, 1, 1), date(2027, 12, 31))
COUNTS = st.integers(0, 60)


# Each row: a day 0, then its 7th, 15th, 20th and 40th working day.
@pytest.mark.parametrize(
    ("received", "ends"),
    [
        ("周五 2020-01-17", "周二 2020-02-04 / 周五 2020-02-14 / 周五 2020-02-21 / 周五 2020-03-20"),
        ("周五 2020-09-25", "周一 2020-10-12 / 周四 2020-10-22 / 周四 2020-10-29 / 周四 2020-11-26"),
        ("周四 2021-04-29", "周三 2021-05-12 / 周一 2021-05-24 / 周一 2021-05-31 / 周二 2021-06-29"),
        ("周一 2023-01-16", "周一 2023-01-30 / 周四 2023-02-09 / 周四 2023-02-16 / 周四 2023-03-16"),
        ("周一 2024-02-05", "周二 2024-02-20 / 周五 2024-03-01 / 周五 2024-03-08 / 周一 2024-04-08"),
        ("周五 2025-09-26", "周一 2025-10-13 / 周四 2025-10-23 / 周四 2025-10-30 / 周四 2025-11-27"),
        ("周二 2026-02-10", "周四 2026-02-26 / 周一 2026-03-09 / 周一 2026-03-16 / 周二 2026-04-14"),
    ],
)
def test_terms_run_over_the_holidays(received: str, ends: str) -> None:
    assert [CALENDAR.add(day(received), count) for count in (7, 15, 20, 40)] == days(ends)


@pytest.mark.parametrize(
    "made_up",
    [
        "周日 2024-02-04", "周日 2024-02-18", "周日 2024-04-07", "周日 2024-04-28", "周六 2024-05-11",
        "周六 2024-09-14", "周日 2024-09-29", "周六 2024-10-12",
        "周日 2025-01-26", "周六 2025-02-08", "周日 2025-04-27", "周日 2025-09-28", "周六 2025-10-11",
        "周日 2026-09-20", "周六 2026-10-10",
    ],
)  # fmt: skip
def test_make_up_days_are_worked_although_a_weekend(made_up: str) -> None:
    assert CALENDAR.is_working(day(made_up))
    assert CALENDAR.add(day(made_up) - timedelta(days=1), 1) == day(made_up)


def test_spring_festival_of_2020_was_prolonged_to_2_february() -> None:
    off = list(days_between(day("周五 2020-01-24"), day("周日 2020-02-02")))
    assert not any(CALENDAR.is_working(one) for one in off)
    assert day("周五 2020-01-31") in off  # a working day by the notice of 2019, off by that of January 2020
    assert CALENDAR.is_working(day("周一 2020-02-03"))
    assert CALENDAR.is_working(day("周日 2020-01-19"))  # made up for before the festival


def test_labour_day_of_2019_had_four_days_and_two_sundays_worked_for_them() -> None:
    assert not any(
        CALENDAR.is_working(one) for one in days_between(day("周三 2019-05-01"), day("周六 2019-05-04"))
    )
    assert CALENDAR.is_working(day("周日 2019-04-28"))
    assert CALENDAR.is_working(day("周日 2019-05-05"))


# --- a year without a notice -------------------------------------------------------------------------------


def test_2027_has_no_notice_and_knows_the_fixed_days_off_only() -> None:
    year = list(days_between(date(2027, 1, 1), date(2027, 12, 31)))
    off = [one for one in year if one.weekday() < 5 and not CALENDAR.is_working(one)]
    assert off == days("周五 2027-01-01 / 周五 2027-10-01")  # the other four fall on a weekend
    assert not any(CALENDAR.is_working(one) for one in year if one.weekday() >= 5)


def test_2028_keeps_new_year_labour_day_and_national_day_of_the_law_of_2024() -> None:
    year = days_between(date(2028, 1, 1), date(2028, 12, 31))
    off = [one for one in year if one.weekday() < 5 and not CALENDAR.is_working(one)]
    assert off == days("周一 2028-05-01 / 周二 2028-05-02 / 周一 2028-10-02 / 周二 2028-10-03")


@pytest.mark.parametrize(
    ("first", "last", "provisional"),
    [
        ("周五 2026-12-04", "周四 2026-12-31", False),
        ("周五 2026-12-04", "周五 2027-01-01", True),
        ("周三 2026-12-30", "周四 2028-12-28", True),
        ("周三 2003-12-31", "周五 2004-01-02", True),
        ("周四 2004-01-01", "周四 2026-12-31", False),
    ],
)
def test_a_span_that_touches_a_year_without_notice_is_provisional(
    first: str, last: str, provisional: bool
) -> None:
    assert CALENDAR.is_provisional(day(first), day(last)) is provisional


def test_a_notice_entered_later_counts_for_that_calendar_only() -> None:
    notice = {day("周一 2027-02-08"): False, day("周日 2027-02-14"): True}
    newer = Calendar({**CALENDAR.exceptions, **notice}, {*CALENDAR.official, 2027}, version=2)
    assert newer.is_provisional(date(2027, 1, 1), date(2027, 12, 31)) is False
    assert not newer.is_working(day("周一 2027-02-08"))
    assert CALENDAR.is_working(day("周一 2027-02-08"))
    assert newer.is_working(day("周五 2027-10-01"))  # the notice alone decides, not the fixed days


# --- adding and counting -----------------------------------------------------------------------------------


def test_day_0_never_counts() -> None:
    friday = day("周五 2026-12-04")
    assert CALENDAR.add(friday, 0) == friday
    assert CALENDAR.add(friday, 1) == day("周一 2026-12-07")
    assert CALENDAR.count(friday, friday) == 0
    assert CALENDAR.count(friday, day("周一 2026-12-07")) == 1


def test_a_term_that_begins_on_a_day_off_begins_to_count_on_the_next_working_day() -> None:
    assert CALENDAR.add(day("周六 2026-12-05"), 1) == day("周一 2026-12-07")


@pytest.mark.parametrize(
    ("today", "left"),
    [
        ("周五 2026-11-27", 5),
        ("周四 2026-12-03", 1),
        ("周五 2026-12-04", 0),
        ("周六 2026-12-05", 0),  # no working day has passed since
        ("周一 2026-12-07", -1),
        ("周五 2026-12-11", -5),
    ],
)
def test_days_left_are_0_on_the_due_day_and_negative_after_it(today: str, left: int) -> None:
    assert CALENDAR.left(day(today), day("周五 2026-12-04")) == left


@pytest.mark.soak
@given(ANY_DAY, st.integers(1, 60))
def test_count_is_the_inverse_of_add(start: date, count: int) -> None:
    end = CALENDAR.add(start, count)
    assert CALENDAR.is_working(end)
    assert CALENDAR.count(start, end) == count
    assert CALENDAR.count(start, end - timedelta(days=1)) == count - 1
    assert CALENDAR.left(start, end) == count


@pytest.mark.soak
@given(ANY_DAY, COUNTS, COUNTS)
def test_adding_in_two_goes_is_adding_once(start: date, first: int, second: int) -> None:
    assert CALENDAR.add(CALENDAR.add(start, first), second) == CALENDAR.add(start, first + second)


@pytest.mark.soak
@given(ANY_DAY, ANY_DAY)
def test_count_is_what_one_counts_on_the_fingers(after: date, through: date) -> None:
    fingers = sum(CALENDAR.is_working(one) for one in days_between(after + timedelta(days=1), through))
    assert CALENDAR.count(after, through) == fingers


# --- what it does not know ---------------------------------------------------------------------------------


@pytest.mark.parametrize("outside", ["周三 2003-12-31", "周五 2100-01-01"])
def test_days_outside_the_calendar_are_refused_not_guessed(outside: str) -> None:
    stranger, inside = day(outside), day("周五 2026-12-04")
    for ask in (
        lambda: CALENDAR.is_working(stranger),
        lambda: CALENDAR.add(stranger, 1),
        lambda: CALENDAR.count(min(stranger, inside), max(stranger, inside)),
    ):
        with pytest.raises(OutsideCalendar):
            ask()


def test_a_term_that_leaves_the_calendar_is_refused() -> None:
    with pytest.raises(OutsideCalendar):
        CALENDAR.add(LAST, 1)
    assert CALENDAR.add(FIRST, 1) == day("周五 2004-01-02")


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add(day("周五 2026-12-04"), -1)


def test_weekdays_have_their_chinese_names() -> None:
    week = days_between(day("周一 2026-11-30"), day("周日 2026-12-06"))
    assert [weekday(one) for one in week] == ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]


# --- speed -------------------------------------------------------------------------------------------------


def naive(start: date, count: int) -> date:
    """The day loop that most programs have."""
    while count:
        start += timedelta(days=1)
        count -= CALENDAR.is_working(start)
    return start


def test_adding_20_working_days_costs_a_lookup_not_a_walk() -> None:
    """About a microsecond; measured against the day loop beside it, so that a slow machine can't fail it."""
    starts = [date(2020, 1, 1) + timedelta(days=n) for n in range(1000)]
    CALENDAR.add(starts[0], 20)  # the array is built once
    assert [CALENDAR.add(one, 20) for one in starts] == [naive(one, 20) for one in starts]
    quick = min(_seconds(CALENDAR.add, starts) for _ in range(5))
    slow = min(_seconds(naive, starts) for _ in range(5))
    assert quick < slow / 5


def _seconds(add: object, starts: list[date]) -> float:
    assert callable(add)
    begun = time.perf_counter()
    for one in starts:
        add(one, 20)
    return time.perf_counter() - begun


def test_the_array_that_is_searched_holds_the_working_days_and_no_other() -> None:
    every = days_between(FIRST, LAST)
    assert CALENDAR._days == [one.toordinal() for one in every if CALENDAR.is_working(one)]
