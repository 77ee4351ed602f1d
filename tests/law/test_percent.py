"""Percentages: rounded as a reader would, never truer than the figures."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseflow.law.percent import percent

PAIRS = st.integers(0, 10**9).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (7, 7, "100.00%"),
        (0, 7, "0.00%"),
        (247, 251, "98.41%"),
        (23, 24, "95.83%"),
        (2, 3, "66.67%"),
        (81, 263, "30.80%"),
        (29, 32, "90.63%"),  # 90.625: a half goes up
        (1, 800, "0.13%"),
    ],
)
def test_two_decimals_rounded_with_halves_up(part: int, whole: int, words: str) -> None:
    assert percent(part, whole) == words


def test_one_late_reply_among_many_is_never_a_hundred_percent() -> None:
    assert percent(999_999, 1_000_000) == "99.99%"


def test_one_timely_reply_among_many_is_never_nothing() -> None:
    assert percent(1, 1_000_000) == "0.01%"


def test_there_is_no_percentage_of_nothing() -> None:
    assert percent(0, 0) is None


@pytest.mark.parametrize(("part", "whole"), [(2, 1), (-1, 1), (0, -1), (1, 0)])
def test_a_part_is_never_more_than_the_whole(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match=f"{part} of {whole}"):
        percent(part, whole)


@given(PAIRS)
def test_whole_and_nothing_are_said_only_of_whole_and_nothing(pair: tuple[int, int]) -> None:
    part, whole = pair
    words = percent(part, whole)
    if whole == 0:
        assert words is None
        return
    assert words is not None
    assert re.fullmatch(r"\d{1,3}\.\d\d%", words)
    assert (words == "100.00%") == (part == whole)
    assert (words == "0.00%") == (part == 0)
    assert abs(float(words[:-1]) - 100 * part / whole) <= 0.01
