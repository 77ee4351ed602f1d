"""Who stands in for whom: along the chain of deputies to the first who is there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.office import DeskOffice

FIRST, LAST = date(2026, 11, 24), date(2026, 11, 28)


def away(office: DeskOffice, **deputies: str) -> None:
    """These are away from FIRST to LAST, each with that deputy ("" for none)."""
    from caseflow.db import transaction
    from caseflow.models import Person

    with transaction() as session:
        for who, deputy in deputies.items():
            person = session.get_one(Person, office.people[who])
            person.away_from, person.away_until = FIRST, LAST
            person.deputy_id = office.people[deputy] if deputy else None


def stand_ins(office: DeskOffice, today: date = FIRST) -> dict[str, str]:
    from caseflow.alerts import deputies
    from caseflow.db import db

    db.session.rollback()
    names = {number: who for who, number in office.people.items()}
    return {names[a]: names[b] for a, b in deputies.stand_ins(db.session(), today)}


def disable(office: DeskOffice, who: str) -> None:
    from caseflow.db import transaction
    from caseflow.models import Person

    with transaction() as session:
        session.get_one(Person, office.people[who]).disabled = True


@pytest.mark.parametrize(
    ("today", "pairs"),
    [
        (date(2026, 11, 23), {}),
        (FIRST, {"clerk": "colleague"}),
        (LAST, {"clerk": "colleague"}),  # the last day away is one of them
        (date(2026, 11, 29), {}),
    ],
)
def test_a_deputy_stands_in_from_the_first_day_away_to_the_last(
    office: DeskOffice, today: date, pairs: dict[str, str]
) -> None:
    away(office, clerk="colleague")
    assert stand_ins(office, today) == pairs


def test_a_deputy_who_is_away_too_passes_it_on(office: DeskOffice) -> None:
    away(office, clerk="colleague", colleague="lead")
    assert stand_ins(office) == {"clerk": "lead", "colleague": "lead"}


def test_a_closed_account_stands_in_for_nobody(office: DeskOffice) -> None:
    away(office, clerk="colleague")
    disable(office, "colleague")
    assert stand_ins(office) == {}


def test_a_deputy_whose_account_is_closed_passes_it_on(office: DeskOffice) -> None:
    away(office, clerk="colleague", colleague="lead")
    disable(office, "colleague")
    assert stand_ins(office) == {"clerk": "lead"}


def test_deputies_of_each_other_who_are_both_away_go_round_in_no_circle(office: DeskOffice) -> None:
    away(office, clerk="colleague", colleague="clerk")
    assert stand_ins(office) == {}


def test_a_deputy_who_is_away_without_a_deputy_ends_the_chain(office: DeskOffice) -> None:
    away(office, clerk="colleague", colleague="")
    assert stand_ins(office) == {}


def test_spans_say_the_same_as_each_of_their_days(office: DeskOffice) -> None:
    from datetime import timedelta

    from caseflow.alerts import deputies
    from caseflow.db import db, transaction
    from caseflow.models import Person

    away(office, clerk="colleague", colleague="lead", lead="clerk")
    with transaction() as session:
        for who, first, last in (("colleague", 25, 27), ("lead", 27, 27)):
            person = session.get_one(Person, office.people[who])
            person.away_from, person.away_until = date(2026, 11, first), date(2026, 11, last)
    names = {number: who for who, number in office.people.items()} | {None: None}
    found = deputies.spans(db.session(), office.people["clerk"], FIRST, LAST)
    days = [
        (s.first + timedelta(n), names[s.stand_in]) for s in found for n in range((s.last - s.first).days + 1)
    ]
    assert days == [
        (day, stand_ins(office, day).get("clerk")) for day in (FIRST + timedelta(n) for n in range(5))
    ]
    assert [who for _, who in days] == ["colleague", "lead", "lead", None, "colleague"]
    assert len(found) == 4
