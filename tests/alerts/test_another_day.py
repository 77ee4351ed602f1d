"""A pass for another day than today, asked for or by a clock that is wrong, takes nothing from today."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from flask import current_app
from sqlalchemy import func, select

from tests.alerts.conftest import DUE, nine
from tests.alerts.test_every_term import inbox_of
from tests.support.office import found

if TYPE_CHECKING:
    from tests.alerts.conftest import Post
    from tests.support.office import DeskOffice

SOON, NEXT = date(2026, 10, 22), date(2026, 10, 23)  # 2 and 1 working days left
NEXT_YEAR = date(2027, 10, 22)


def make_pass(today: date, now: datetime | None = None) -> dict[str, int]:
    from caseflow.alerts import ladder
    from caseflow.calendars import store

    return ladder.make_pass(today, now or nine(today), store.current())


def raised(term: str) -> list[tuple[int, date]]:
    """Rung and day of each alert of a term."""
    from caseflow.db import db
    from caseflow.models import Alert

    db.session.rollback()
    rows = db.session.execute(
        select(Alert.rung, Alert.raised_on).where(Alert.term == term).order_by(Alert.rung)
    )
    return [(rung, day) for rung, day in rows]


def received(office: DeskOffice) -> None:
    office.accepted(date(2026, 9, 21))


# --- the inbox ---------------------------------------------------------------------------------------------


def test_an_alert_for_a_day_to_come_neither_shows_nor_takes_the_place_of_todays(office: DeskOffice) -> None:
    received(office)
    make_pass(NEXT_YEAR, nine(SOON))
    assert inbox_of(office, "clerk", SOON) == inbox_of(office, "supervisor", SOON) == set()
    make_pass(SOON)
    assert inbox_of(office, "clerk", SOON) == inbox_of(office, "lead", SOON) == {("reply", 2)}
    make_pass(DUE)
    assert inbox_of(office, "clerk", DUE) == {("reply", 0)}
    assert inbox_of(office, "supervisor", DUE) == set()


def test_a_pass_for_an_earlier_day_takes_over_the_alert_and_a_later_one_leaves_it(office: DeskOffice) -> None:
    received(office)
    make_pass(NEXT)
    assert raised("reply") == [(2, NEXT)]
    assert inbox_of(office, "clerk", SOON) == set()
    assert make_pass(SOON)["alerts"] == 1
    assert raised("reply") == [(2, SOON)]
    assert inbox_of(office, "clerk", SOON) == {("reply", 2)}
    assert make_pass(NEXT)["alerts"] == 0
    assert raised("reply") == [(2, SOON)]


def test_the_report_of_an_office_is_taken_over_like_a_case(office: DeskOffice) -> None:
    due, before = date(2027, 1, 31), date(2027, 1, 27)
    make_pass(due)
    assert inbox_of(office, "lead", before) == set()
    make_pass(before)
    assert raised("annual_report") == [(0, due), (3, before)]
    assert inbox_of(office, "lead", before) == {("annual_report", 3)}
    make_pass(date(2027, 1, 30))
    assert raised("annual_report") == [(0, date(2027, 1, 30)), (3, before)]


def test_whom_a_day_to_come_concerns_is_not_shown_it_today(office: DeskOffice) -> None:
    """The last day was warned of in time; the supervisor was added to that alert by a pass for next year."""
    office.replied(date(2026, 9, 21), date(2026, 10, 12))
    last = date(2026, 10, 27)  # of proving the delivery
    make_pass(last)
    make_pass(NEXT_YEAR, nine(last))
    assert inbox_of(office, "supervisor", last) == set()
    assert ("delivery", 0) in inbox_of(office, "supervisor", last + timedelta(days=1))


# --- the mail ----------------------------------------------------------------------------------------------


def told(post: Post) -> list[tuple[str, str, bool]]:
    """Kind and address of each letter, and whether it speaks of what is overdue."""
    return sorted((m.kind, m.address.split("@")[0], "逾期" in m.body) for m in post.outbox())


def test_what_holds_today_is_mailed_although_next_year_was_mailed_before(served: Post) -> None:
    post = served
    post.make_pass(NEXT_YEAR, nine(SOON))
    post.send(nine(SOON))
    overdue = [("digest", "lijianhua", True), ("digest", "wangmin", True)]
    assert told(post) == overdue
    post.make_pass(SOON)
    post.send(nine(SOON))
    soon = [("digest", "lijianhua", False), ("digest", "wangmin", False)]
    assert told(post) == sorted(soon + overdue)
    post.make_pass(DUE)
    assert [kind for kind, *_ in told(post)].count("urgent") == 2
    for today in (NEXT_YEAR, SOON, DUE):  # all of it once to an address
        post.make_pass(today)
    assert len(post.outbox()) == 6


def test_a_letter_for_a_day_to_come_that_never_left_is_not_sent_and_not_the_digest_of_today(
    post: Post,
) -> None:
    post.make_pass(NEXT_YEAR, nine(SOON))
    post.make_pass(SOON, by_clock=True)
    assert told(post) == [("digest", "lijianhua", False), ("digest", "wangmin", False)]


def test_a_digest_for_a_day_to_come_is_not_the_one_of_today(served: Post) -> None:
    served.make_pass(NEXT_YEAR, nine(SOON))
    served.send(nine(SOON))
    served.make_pass(SOON, by_clock=True)
    assert [overdue for *_, overdue in told(served)] == [False, True, False, True]


# --- a clock that was wrong --------------------------------------------------------------------------------


def test_a_machine_that_booted_in_another_year_comes_back_to_order_by_itself(served: Post) -> None:
    """Its clock stands a year ahead for an hour, then is set right."""
    from caseflow.alerts import runs
    from caseflow.alerts.schedule import Schedule
    from caseflow.calendars import store
    from caseflow.db import db

    jobs = Schedule(current_app._get_current_object())  # type: ignore[attr-defined]
    for hour in (1, 2):
        with time_machine.travel(datetime(2027, 10, 22, hour, tzinfo=UTC), tick=False):
            jobs.keep_lead()
            jobs.catch_up()
            jobs.send_mail()
    for now in (nine(SOON), nine(DUE)):
        with time_machine.travel(now, tick=False):
            jobs.catch_up()
            jobs.send_mail()
            db.session.rollback()
            last = runs.last(now)
            assert last is not None
            assert last.date() == now.date()
    assert inbox_of(served.office, "clerk", DUE) == {("reply", 0)}
    assert [("逾期" in m.body, m.kind, m.state) for m in served.outbox() if m.address.startswith("wang")] == [
        (True, "digest", "sent"), (False, "digest", "sent"), (False, "urgent", "sent"),
    ]  # fmt: skip
    again = datetime(2027, 10, 22, 1, 30, tzinfo=UTC)
    assert not runs.made(again, store.current())  # that morning is still to come
    assert runs.is_due(again, store.current())


def test_an_hour_tried_out_beforehand_is_still_to_be_passed(office: DeskOffice) -> None:
    from caseflow.alerts import runs
    from caseflow.calendars import store

    make_pass(DUE, nine(SOON))
    assert runs.is_due(nine(DUE) - timedelta(minutes=30), store.current())
    assert not runs.made(nine(DUE), store.current())


@pytest.mark.parametrize("days", [1, 400])
def test_many_passes_back_and_forth_leave_one_alert_for_each_rung(office: DeskOffice, days: int) -> None:
    from caseflow.db import db
    from caseflow.models import Alert

    received(office)
    other = found(code="JYFB", name="另一机关")
    received(other)
    for today in (DUE, SOON, DUE + timedelta(days=days), SOON, DUE):
        make_pass(today, nine(SOON))
    db.session.rollback()
    keys = (Alert.case_id, Alert.term, Alert.due_on, Alert.rung)
    assert (
        db.session.scalar(select(func.count()).select_from(Alert).group_by(*keys).having(func.count() > 1))
        is None
    )
    assert inbox_of(office, "clerk", SOON) == inbox_of(other, "clerk", SOON) == {("reply", 2)}
