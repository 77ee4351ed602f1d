"""Dates and spans in the words of the desk: a due day never without its weekday."""

from __future__ import annotations

import pytest

from caseflow.law.words import in_full, left_words, month_day, with_weekday
from tests.law.days import CALENDAR, day

FRIDAY = day("周五 2026-12-04")


def test_a_day_of_this_year_has_no_year() -> None:
    today = day("周二 2026-12-01")
    assert month_day(FRIDAY, today) == month_day(FRIDAY) == "12月4日"
    assert with_weekday(FRIDAY, today) == "12月4日 周五"


def test_a_day_of_another_year_names_it() -> None:
    assert month_day(FRIDAY, day("周五 2027-01-08")) == "2026年12月4日"
    assert with_weekday(FRIDAY, day("周五 2027-01-08")) == "2026年12月4日 周五"


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("周五 2026-12-04", "2026年12月4日 星期五"),
        ("周日 2026-09-20", "2026年9月20日 星期日"),
        ("周四 2008-05-01", "2008年5月1日 星期四"),
    ],
)
def test_a_statement_writes_the_day_in_full(written: str, words: str) -> None:
    assert in_full(day(written)) == words


@pytest.mark.parametrize(
    ("today", "words"),
    [
        ("周四 2026-12-03", "剩 1 个工作日"), ("周五 2026-12-04", "今天到期"), ("周一 2026-11-30", "剩 4 个工作日"),
        # due on Friday: on the days off it is over, though no working day has passed
        ("周六 2026-12-05", "已逾期"), ("周日 2026-12-06", "已逾期"), ("周一 2026-12-07", "逾期 1 个工作日"),
    ],
)  # fmt: skip
def test_what_is_left_is_said_in_working_days(today: str, words: str) -> None:
    assert left_words(day(today), day("周五 2026-12-04"), CALENDAR) == words


@pytest.mark.parametrize(
    ("today", "words"),
    [
        ("周四 2026-12-03", "剩 1 个工作日"), ("周五 2026-12-04", "剩 0 个工作日"), ("周六 2026-12-05", "剩 0 个工作日"),
        ("周日 2026-12-06", "今天到期"), ("周一 2026-12-07", "逾期 1 个工作日"),
    ],
)  # fmt: skip
def test_a_day_off_may_be_the_last_one_where_it_was_set(today: str, words: str) -> None:
    assert left_words(day(today), day("周日 2026-12-06"), CALENDAR) == words
