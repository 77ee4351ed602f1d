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
    from caseflow.db import db

    db.session.rollback()
    return {who for who, person in office.people.items() if inbox.unread(person, today)}


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
