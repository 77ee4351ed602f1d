"""In which year something counts: its own, or the first that isn't signed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseflow.law.counting import (
    BESIDE,
    COUNTS_IN,
    DECIDES,
    Signed,
    counts_in,
    decides,
    first_unsigned,
    placed,
)
from caseflow.law.counting import history as brought
from caseflow.law.replay import replay
from caseflow.law.workflow import ACTS
from tests.law.histories import Told, accepted, case, history, iso, registered

SIGNED = Signed(2026, 2026)


def counted(*steps: Told, signed: Signed = SIGNED) -> Any:
    """The case if all of this were recorded after those years were signed."""
    return replay([placed(entry, signed) for entry in history(*steps)])


OVER: tuple[Told, ...] = (
    registered("周五 2023-12-01"), ("send_reply", "周三 2023-12-20", {"result": "granted"}),
)  # fmt: skip
SENT: Told = ("send_reply", "周三 2026-10-14", {"result": "granted"})


def test_what_is_recorded_in_time_counts_in_its_own_year() -> None:
    file = case(registered(), accepted(), SENT)
    assert (file.new_year, file.result_year) == (2026, 2026)


def test_what_is_recorded_after_the_signature_counts_in_the_first_unsigned_year() -> None:
    file = counted(registered(), accepted(), SENT)
    assert (file.new_year, file.result_year) == (2027, 2027)
    assert (file.received.year, file.replied.year) == (2026, 2026)  # the days stay what they were


def test_a_reply_sent_in_a_signed_year_to_a_request_that_was_counted_there_is_a_result_of_the_next() -> None:
    entries = history(registered(), accepted(), SENT)
    file = replay([*entries[:-1], placed(entries[-1], SIGNED)])
    assert (file.new_year, file.result_year) == (2026, 2027)


def test_a_result_never_counts_before_its_request() -> None:
    """Received in a signed year and registered late, then corrected: carried in can't lose it."""
    entries = history(registered(), accepted(), SENT)
    file = replay([placed(entries[0], SIGNED), *entries[1:]])
    assert (file.new_year, file.result_year) == (2027, 2027)


def test_what_is_sent_anew_after_the_voided_reply_counts_by_its_own_day() -> None:
    late = (registered(), accepted(), SENT, ("void_reply", "周一 2027-02-01"))
    again = (*late, ("send_reply", "周三 2027-02-03", {"result": "partial"}))
    assert counted(*again).result_year == 2027
    assert counted(*late).result_year is None


@pytest.mark.parametrize(
    ("closed", "signed", "years"),
    [
        ((), SIGNED, (2027, None)),
        ((("close_proceeding", "周三 2026-12-02", {"n": 1, "result": "upheld"}),), SIGNED, (2027, 2027)),
        ((("close_proceeding", "周三 2026-12-02", {"n": 1, "result": "upheld"}),), Signed(), (2026, 2026)),
    ],
)
def test_proceedings_move_by_the_same_rule(
    closed: tuple[Told, ...], signed: Signed, years: tuple[int, int | None]
) -> None:
    brought: Told = ("open_proceeding", "周一 2026-11-02", {"n": 1, "kind": "suit"})
    (found,) = counted(registered(), accepted(), SENT, brought, *closed, signed=signed).proceedings
    assert (found.new_year, found.result_year) == years


@given(st.integers(2008, 2040), st.frozensets(st.integers(2008, 2045)))
def test_the_first_unsigned_year_is_not_before_and_none_between_is_unsigned(
    year: int, signed: frozenset[int]
) -> None:
    found = first_unsigned(year, signed)
    assert found >= year
    assert found not in signed
    assert all(between in signed for between in range(year, found))


def test_only_what_puts_a_case_or_a_proceeding_into_a_table_is_moved() -> None:
    assert set(DECIDES) <= {act.code for act in ACTS}
    for step in (accepted(), ("archive", "周三 2026-10-14"), ("deliver_reply", "周三 2026-10-14")):
        assert counts_in(history(step)[0], SIGNED) is None
    unconfirmed = registered(received=None, submitted=iso("周一 2026-09-21"))
    assert counts_in(history(unconfirmed)[0], SIGNED) is None


def test_every_way_to_answer_close_sue_or_pay_in_a_signed_year_counts_in_the_next() -> None:
    acts = {"send_reply", "lapse_correction", "lapse_fee", "withdraw", *BESIDE}
    assert set(DECIDES) == acts | {"register", "confirm_receipt"}
    for act in sorted(acts):
        days = ("周四 2026-12-31", "周五 2027-01-01")
        assert [counts_in(history((act, day))[0], SIGNED) for day in days] == [2027, None], act


def test_a_confirmed_receipt_moves_and_of_a_re_reply_that_is_not_counted_its_proceedings_alone() -> None:
    (confirmed,) = history(("confirm_receipt", "周三 2026-10-14"))
    assert counts_in(confirmed, SIGNED) == 2027
    acts = ("confirm_receipt", "send_reply", "open_proceeding", "close_proceeding", "archive")
    assert [decides(act, True) for act in acts] == [True, True, True, True, False]
    assert [decides(act, False) for act in acts] == [False, False, True, True, False]


def test_what_stands_before_the_newest_signature_is_carried_into_it_so_it_is_closed_too() -> None:
    """2024 was never signed here, 2025 was: a request of 2024 would move what 2025 carried in."""
    signed = Signed(2025, 2025)
    assert [year in signed for year in (2019, 2024, 2025, 2026)] == [True, True, True, False]
    file = counted(registered("周五 2024-12-20"), signed=signed)
    assert (file.received.year, file.new_year) == (2024, 2026)


@pytest.mark.parametrize(
    ("steps", "moved"),
    [
        (OVER, False),
        ((registered("周五 2023-12-01"), ("send_reply", "周五 2025-01-03", {"result": "granted"})), True),
        # over in the first signed year itself: it would move what was signed
        ((registered("周五 2024-03-01"), ("send_reply", "周三 2024-03-20", {"result": "granted"})), True),
        ((registered("周五 2023-12-01"),), True),  # open: it would be carried into the signed year
    ],
)
def test_a_history_that_was_over_before_the_first_signed_year_counts_where_it_happened(
    steps: tuple[Told, ...], moved: bool
) -> None:
    entries = brought(history(*steps), Signed(2024, 2025))
    assert any(COUNTS_IN in entry.details for entry in entries) is moved


def test_of_a_request_over_long_ago_only_the_proceeding_that_still_pends_counts_later() -> None:
    """It would be pending in every signed year; the request and what was decided then were published then."""
    suits: list[Told] = [
        ("open_proceeding", "周五 2023-12-22", {"n": 1, "kind": "reconsideration"}),
        ("close_proceeding", "周五 2023-12-29", {"n": 1, "result": "upheld"}),
        ("open_proceeding", "周五 2023-12-29", {"n": 2, "kind": "suit", "after_reconsideration": True}),
    ]
    file = replay(brought(history(*OVER, *suits), Signed(2024, 2025)))
    assert (file.new_year, file.result_year) == (2023, 2023)
    assert [(p.new_year, p.result_year) for p in file.proceedings] == [(2023, 2023), (2026, None)]
