"""Whose business an alert is when its handler has another role by now."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.alerts.test_ladder import DUE, RECEIVED, make_pass, shown_to

if TYPE_CHECKING:
    from tests.support.office import DeskOffice

FIVE_LEFT = date(2026, 10, 19)


def become(office: DeskOffice, who: str, role: str) -> None:
    """Give a person another role."""
    from caseflow.db import transaction
    from caseflow.models import Person

    with transaction() as session:
        session.get_one(Person, office.people[who]).role = role


def waiting_for(office: DeskOffice, today: date) -> set[str]:
    """Who has an alert to acknowledge."""
    from caseflow.alerts import inbox
    from caseflow.calendars import store
    from caseflow.db import db

    db.session.rollback()
    return {who for who, person in office.people.items() if inbox.unread(person, today, store.current())}


@pytest.mark.parametrize("role", ["supervisor", "admin"])
def test_a_handler_who_is_no_longer_clerk_or_lead_counts_as_nobody(office: DeskOffice, role: str) -> None:
    office.accepted(RECEIVED)
    become(office, "clerk", role)
    make_pass(FIVE_LEFT)
    assert shown_to(office, 5) == {"colleague"}
    assert waiting_for(office, FIVE_LEFT) == {"colleague"}


def test_a_handler_who_has_become_lead_keeps_the_case(office: DeskOffice) -> None:
    office.accepted(RECEIVED)
    become(office, "clerk", "lead")
    make_pass(FIVE_LEFT)
    assert shown_to(office, 5) == {"clerk"}


def test_what_a_handler_was_shown_leaves_them_with_the_role_and_reaches_the_clerks(
    office: DeskOffice,
) -> None:
    office.accepted(RECEIVED)
    make_pass(FIVE_LEFT)
    assert waiting_for(office, FIVE_LEFT) == {"clerk"}
    become(office, "clerk", "admin")
    assert waiting_for(office, FIVE_LEFT) == set()
    make_pass(DUE)
    assert waiting_for(office, DUE) == {"colleague", "lead"}


# --- by the working days left, whatever rungs a ladder has -------------------------------------------------


def ladder_of(term: str, rungs: str, overdue: bool = False) -> None:
    from caseflow.stages import terms

    terms.set_rule(term, rungs, overdue, 15 if term == "delivery" else None)


@pytest.mark.parametrize("rungs", ["15,10,5,0", "3,0", "10"])
def test_the_lead_is_warned_from_two_working_days_on_whatever_the_rungs(
    office: DeskOffice, rungs: str
) -> None:
    ladder_of("reply", rungs)
    office.accepted(RECEIVED)
    three, two, one = date(2026, 10, 21), date(2026, 10, 22), date(2026, 10, 23)
    make_pass(three)
    assert waiting_for(office, three) == {"clerk"}
    for today in (two, one, date(2026, 10, 25)):
        make_pass(today)
        assert waiting_for(office, today) == {"clerk", "lead"}


def test_two_working_days_are_counted_to_a_last_day_that_is_a_day_off(office: DeskOffice) -> None:
    """Delivery to be proved by Tuesday 27 October 2026; the office sets 19 days, so by Saturday the 31st."""
    from caseflow.stages import terms

    terms.set_rule("delivery", "3,0", False, 19)
    terms.set_rule("archive", "0", False, 300)
    office.replied(RECEIVED, date(2026, 10, 12))
    wednesday, tuesday = date(2026, 10, 28), date(2026, 10, 27)
    make_pass(tuesday)
    assert waiting_for(office, tuesday) == {"clerk"}  # Wednesday, Thursday and Friday are left
    make_pass(wednesday)
    assert waiting_for(office, wednesday) == {"clerk", "lead"}


@pytest.mark.parametrize(("rungs", "overdue"), [("3,0", False), ("3", False), ("10,0", True)])
def test_once_overdue_the_supervisor_is_warned_whatever_the_rungs(
    office: DeskOffice, rungs: str, overdue: bool
) -> None:
    ladder_of("reply", rungs, overdue)
    office.accepted(RECEIVED)
    over = date(2026, 10, 27)
    make_pass(DUE)
    assert waiting_for(office, DUE) == {"clerk", "lead"}
    make_pass(over)
    assert waiting_for(office, over) == {"clerk", "lead", "supervisor"}


def test_whom_it_comes_to_concern_is_added_to_the_alert_that_stands(office: DeskOffice) -> None:
    """The ladder was made shorter after its lowest rung was raised: no second alert shows."""
    from caseflow.alerts import inbox
    from caseflow.calendars import store

    office.accepted(RECEIVED)
    make_pass(DUE)
    ladder_of("reply", "10,5")
    over = date(2026, 10, 27)
    make_pass(over)
    for who in ("clerk", "lead", "supervisor"):
        shown = inbox.waiting(office.people[who], over, store.current(), 9)
        assert [one.alert.rung for one in shown] == [0], who


def test_an_overdue_report_reaches_the_supervisor(office: DeskOffice) -> None:
    last, over = date(2027, 1, 31), date(2027, 2, 1)
    make_pass(last)
    assert waiting_for(office, last) == {"lead"}
    make_pass(over)
    assert waiting_for(office, over) == {"lead", "supervisor"}


def test_a_pass_repeated_on_the_last_day_adds_nobody_twice(office: DeskOffice) -> None:
    ladder_of("reply", "3")
    office.accepted(RECEIVED)
    make_pass(date(2026, 10, 21))
    assert [make_pass(DUE)["shown"], make_pass(DUE)["shown"]] == [1, 0]
