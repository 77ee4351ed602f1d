"""What a person has still to acknowledge: what is true now, each for themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from tests.support.office import approve, row, seq

if TYPE_CHECKING:
    from tests.support.office import DeskOffice

RECEIVED = date(2026, 9, 21)
DUE = date(2026, 10, 26)  # Monday
FIVE, TWO = date(2026, 10, 19), date(2026, 10, 22)  # days with so many working days left
NOW = datetime(2026, 10, 26, 1, tzinfo=UTC)


def make_pass(today: date) -> None:
    from caseflow.alerts import ladder
    from caseflow.calendars import store

    ladder.make_pass(today, NOW, store.current())


def waiting(office: DeskOffice, who: str, today: date) -> list[tuple[int, int]]:
    """The cases and rungs in a person's list."""
    from caseflow.alerts import inbox
    from caseflow.calendars import store
    from caseflow.db import db

    db.session.rollback()
    person = office.people[who]
    shown = inbox.waiting(person, today, store.current(), 50)
    assert inbox.unread(person, today, store.current()) == len(shown)
    return [(one.case.id, one.alert.rung) for one in shown if one.case]


def acknowledge(office: DeskOffice, who: str, today: date) -> None:
    """Acknowledge the first of a person's list."""
    from caseflow.alerts import inbox
    from caseflow.calendars import store

    first = inbox.waiting(office.people[who], today, store.current(), 1)[0]
    assert inbox.acknowledge(office.people[who], first.alert.id, NOW)


def test_a_more_urgent_rung_takes_the_place_of_the_lesser_one(office: DeskOffice) -> None:
    case_id = office.accepted(RECEIVED)
    for today, rung in ((FIVE, 5), (TWO, 2), (DUE, 0), (date(2026, 10, 27), -1)):
        make_pass(today)
        assert waiting(office, "clerk", today) == [(case_id, rung)]


def test_to_acknowledge_a_rung_is_to_acknowledge_those_below_it(office: DeskOffice) -> None:
    from caseflow.alerts import inbox

    office.accepted(RECEIVED)
    for today in (FIVE, TWO, DUE):
        make_pass(today)
    acknowledge(office, "clerk", DUE)
    assert waiting(office, "clerk", DUE) == []
    assert [a.alert.rung for a in inbox.acknowledged(office.people["clerk"], 9)] == [0, 2, 5]


def test_an_acknowledged_case_comes_back_with_the_next_rung(office: DeskOffice) -> None:
    case_id = office.accepted(RECEIVED)
    make_pass(TWO)
    acknowledge(office, "clerk", TWO)
    make_pass(DUE)
    assert waiting(office, "clerk", DUE) == [(case_id, 0)]


def test_each_person_acknowledges_for_themselves(office: DeskOffice) -> None:
    case_id = office.accepted(RECEIVED)
    make_pass(DUE)
    acknowledge(office, "clerk", DUE)
    assert waiting(office, "clerk", DUE) == []
    assert waiting(office, "lead", DUE) == [(case_id, 0)]


def test_the_first_acknowledgement_counts(office: DeskOffice) -> None:
    from caseflow.alerts import inbox
    from caseflow.calendars import store

    office.accepted(RECEIVED)
    make_pass(DUE)
    person = office.people["clerk"]
    alert = inbox.waiting(person, DUE, store.current(), 1)[0].alert.id
    assert inbox.acknowledge(person, alert, NOW)
    assert inbox.acknowledge(person, alert, datetime(2026, 10, 26, 5, tzinfo=UTC))
    assert [a.acknowledged_at for a in inbox.acknowledged(person, 9)] == [NOW]


def test_nobody_can_acknowledge_what_was_never_shown_to_them(office: DeskOffice) -> None:
    from caseflow.alerts import inbox
    from caseflow.calendars import store

    office.accepted(RECEIVED)
    make_pass(DUE)
    alert = inbox.waiting(office.people["clerk"], DUE, store.current(), 1)[0].alert.id
    assert not inbox.acknowledge(office.people["colleague"], alert, NOW)
    assert not inbox.acknowledge(office.people["clerk"], alert + 1, NOW)


def test_what_came_after_the_page_was_opened_is_not_acknowledged_with_the_rest(office: DeskOffice) -> None:
    from caseflow.alerts import inbox
    from caseflow.calendars import store

    first = office.accepted(RECEIVED)
    make_pass(DUE)
    person = office.people["clerk"]
    newest = inbox.waiting(person, DUE, store.current(), 50)[-1].alert.id
    second = office.accepted(RECEIVED)
    make_pass(DUE)
    inbox.acknowledge_all(person, DUE, store.current(), NOW, newest)
    assert waiting(office, "clerk", DUE) == [(second, 0)]
    inbox.acknowledge_all(person, DUE, store.current(), NOW)
    assert waiting(office, "clerk", DUE) == []
    assert waiting(office, "lead", DUE) == [(first, 0), (second, 0)]


def test_the_most_urgent_stands_first(office: DeskOffice) -> None:
    later, sooner = office.accepted(date(2026, 9, 22)), office.accepted(RECEIVED)
    make_pass(DUE)
    assert waiting(office, "clerk", DUE) == [(sooner, 0), (later, 2)]


def test_an_alert_goes_with_the_reply(office: DeskOffice) -> None:
    from caseflow.stages import reply

    case_id = office.accepted(RECEIVED)
    make_pass(DUE)
    clerk, lead = office.work("clerk", DUE), office.work("lead", DUE)
    reply.draft_reply(clerk, case_id, seq(case_id), "granted", "依据")
    approve(lead, case_id)
    assert waiting(office, "clerk", DUE) == [(case_id, 0)]
    reply.send_reply(clerk, case_id, seq(case_id), DUE, "ems")
    assert waiting(office, "clerk", DUE) == waiting(office, "lead", DUE) == []


def test_an_alert_for_a_due_day_that_moved_is_gone_at_once(office: DeskOffice) -> None:
    from caseflow.stages import handle

    case_id = office.accepted(RECEIVED)
    make_pass(DUE)
    handle.ask_extension(office.work("clerk", DUE), case_id, seq(case_id), 5, "涉及")
    assert waiting(office, "lead", DUE) == [(case_id, 0)]
    handle.approve_extension(office.work("lead", DUE), case_id, seq(case_id), 5, DUE)
    assert waiting(office, "clerk", DUE) == waiting(office, "lead", DUE) == []
    assert row(case_id).due_on == date(2026, 11, 2)


def test_an_alert_rests_while_the_third_party_is_asked(office: DeskOffice) -> None:
    from caseflow.stages import handle

    case_id = office.accepted(RECEIVED)
    make_pass(TWO)
    handle.consult_third_party(office.work("clerk", TWO), case_id, seq(case_id), TWO, "鸿川公司", "征求", TWO)
    assert waiting(office, "clerk", TWO) == []
