"""查询号、查询码: who has both follows the request, however they are typed; who guesses soon waits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from caseflow.counter import tickets
from caseflow.db import db, transaction
from caseflow.models import AuditEntry, SignInFailure, Ticket, Visit
from caseflow.stages import masking, signin
from caseflow.stages.errors import NotFound, Refused
from caseflow.stages.signin import Throttled
from tests.counter.follower import ticket_of
from tests.support.office import DeskOffice, archive, found, seq

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOME, ELSEWHERE = "192.0.2.1", "192.0.2.2"
WRONG_CODE = "A" * 12


def wide(text: str) -> str:
    """In full width, as some input methods type it."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def visited(token: str, now: datetime = NOW) -> int | None:
    """The case that a token opens."""
    db.session.rollback()
    ticket = tickets.visiting(db.session(), token, now)
    return ticket.case_id if ticket else None


def wrong(number: str, address: str, now: datetime = NOW) -> type[Exception]:
    """What comes of a wrong code."""
    with pytest.raises((Refused, Throttled)) as why:
        tickets.enter(number, WRONG_CODE, address, now)
    if isinstance(why.value, Refused):
        assert (why.value.reason, why.value.field) == (tickets.WRONG, "")
    return why.type


def tries() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(SignInFailure.id).order_by(SignInFailure.id)).all())


def told() -> list[dict[str, str]]:
    """Who was noted as having to wait."""
    db.session.rollback()
    query = select(AuditEntry.details).where(AuditEntry.what == "sign_in_throttled")
    return list(db.session.scalars(query.order_by(AuditEntry.id)))


def test_number_and_code_are_taken_in_full_width_in_small_letters_and_in_groups_and_nothing_else_is(
    office: DeskOffice,
) -> None:
    case_id = office.register(MONDAY)
    given, other = ticket_of(office, case_id, MONDAY), ticket_of(office, office.register(MONDAY), MONDAY)
    number, code = given.query_number, given.code
    assert (len(number), len(code), number[0] != "0") == (12, 12, True)
    assert set(code) <= set(tickets.ALPHABET)
    assert tickets.grouped("284619375520") == "2846 1937 5520"
    assert tickets.grouped("H7KM3QXA9WPT") == "H7KM-3QXA-9WPT"
    for typed in (
        (number, code),
        (tickets.grouped(number), tickets.grouped(code)),
        (number, code.lower()),
        (wide(number), wide(code.lower())),
        (wide(tickets.grouped(number)), wide(tickets.grouped(code))),
        (f" {number}\u3000", f"\t{code[:3]}—{code[3:]} "),
    ):
        assert visited(tickets.enter(*typed, HOME, NOW)) == case_id, typed
        assert tickets.checked(*typed, HOME, NOW) == case_id
    session = db.session()
    for typed in (
        (number, other.code),
        (other.query_number, code),
        (number, code[:-1]),
        (number, ""),
        ("", ""),
    ):
        assert tickets.found(session, *typed) is None, typed
    offices = [office.id]
    assert tickets.case_of(session, wide(tickets.grouped(number)), offices) == case_id
    for none in (number[:-1], number + "1", code, "", "²" * 12, "1" * 12):
        assert tickets.case_of(session, none, offices) is None, none
    assert tickets.case_of(session, number, [office.id + 1]) is None
    kept = session.scalars(select(Ticket.code_hash).order_by(Ticket.case_id)).all()
    assert all(given.code not in one and given.query_number not in one for one in kept)


def test_a_ticket_is_handed_out_again_with_the_wishes_of_now_and_none_for_what_was_masked(
    office: DeskOffice,
) -> None:
    clerk = office.work("clerk", MONDAY)
    case_id = office.register(MONDAY, email="a@example.cn")
    first = tickets.hand_out(clerk, case_id, electronic=True, notify=False)
    token = tickets.enter(first.query_number, first.code, HOME, NOW)
    other = ticket_of(office, office.register(MONDAY), MONDAY)
    others = tickets.enter(other.query_number, other.code, HOME, NOW)
    kept = db.session.get_one(Ticket, case_id)
    assert (kept.electronic, kept.notify) == (True, False)
    second = tickets.hand_out(clerk, case_id, electronic=False, notify=True)
    db.session.rollback()
    kept = db.session.get_one(Ticket, case_id)
    assert (kept.electronic, kept.notify) == (False, True)
    assert (second.query_number, second.code != first.code) == (first.query_number, True)
    assert visited(token) is None  # whoever had the first is out
    assert visited(others) is not None
    assert tickets.found(db.session(), first.query_number, first.code) is None
    assert tickets.found(db.session(), second.query_number, second.code) is not None
    elsewhere = found("JJSB", "晋江市人民政府办公室")
    with pytest.raises(NotFound):
        tickets.hand_out(elsewhere.work("clerk", MONDAY), case_id, electronic=True, notify=True)

    old = office.replied(date(2016, 11, 21), date(2016, 11, 22))
    gone = ticket_of(office, old, MONDAY)
    archive(office.work("clerk", MONDAY), old, date(2016, 11, 23))
    late = datetime(2037, 11, 23, 1, tzinfo=UTC)
    assert masking.mask(office.id, old, seq(old), 10, today=late.date(), now=late, actor_id=None) is not None
    assert tickets.found(db.session(), gone.query_number, gone.code) is None
    with pytest.raises(Refused, match="个人信息已经隐去"):
        tickets.hand_out(clerk, old, electronic=True, notify=False)
    db.session.rollback()
    assert db.session.get(Ticket, old) is None


def test_a_visit_ends_after_half_an_hour_or_when_it_is_left_and_what_is_over_is_not_kept(
    office: DeskOffice,
) -> None:
    case_id = office.register(MONDAY)
    given = ticket_of(office, case_id, MONDAY)
    half_an_hour = timedelta(minutes=30)

    def enter(now: datetime) -> str:
        return tickets.enter(given.query_number, given.code, HOME, now)

    first = enter(NOW)
    assert visited(first, NOW + half_an_hour) == case_id
    assert visited(first, NOW + half_an_hour + timedelta(seconds=1)) is None
    assert [visited(no_token) for no_token in ("", "x", first[:-1])] == [None] * 3
    second = enter(NOW + 20 * MINUTE)
    third = enter(NOW + 31 * MINUTE)  # by when the first is over
    assert visited(first, NOW) is None
    db.session.rollback()
    query = select(Visit.token_hash, Visit.until).order_by(Visit.until)
    rows = db.session.execute(query).all()
    assert [until for _, until in rows] == [NOW + 50 * MINUTE, NOW + 61 * MINUTE]
    assert not {second, third} & {kept for kept, _ in rows}
    tickets.leave(second)  # and with it each copy of its cookie
    assert (visited(second, NOW + 21 * MINUTE), visited(third, NOW + 31 * MINUTE)) == (None, case_id)
    tickets.leave(second)
    assert visited(third, NOW + 31 * MINUTE) == case_id
    tickets.stay(third, NOW + 41 * MINUTE)  # whoever acts may go on looking
    tickets.stay(second, NOW + 41 * MINUTE)
    assert (visited(third, NOW + 71 * MINUTE), visited(third, NOW + 72 * MINUTE)) == (case_id, None)
    assert visited(second, NOW + 42 * MINUTE) is None
    tickets.stay(third, NOW + 72 * MINUTE)
    assert visited(third, NOW + 72 * MINUTE) is None  # what is over stays so


def test_guessing_at_a_number_makes_that_number_wait_and_no_other_one(office: DeskOffice) -> None:
    case_id, other_id = office.register(MONDAY), office.register(MONDAY)
    mine, other = ticket_of(office, case_id, MONDAY), ticket_of(office, other_id, MONDAY)
    for typed in (mine.query_number, tickets.grouped(mine.query_number), wide(mine.query_number)):
        assert wrong(typed, HOME) is Refused
    assert tickets.checked(mine.query_number, mine.code, HOME, NOW) == case_id  # which forgets them
    for n in range(5):
        assert wrong(mine.query_number, f"198.51.100.{n}", NOW + n * MINUTE) is Refused
    late = NOW + 5 * MINUTE
    assert wrong(tickets.grouped(mine.query_number), HOME, late) is Throttled
    assert [one["why"] for one in told()] == ["ticket"]
    with pytest.raises(Throttled) as why:
        tickets.enter(mine.query_number, mine.code, HOME, late)  # the right code waits too
    assert why.value.until == NOW + timedelta(minutes=15)
    assert visited(tickets.enter(other.query_number, other.code, HOME, late), late) == other_id
    again = why.value.until + timedelta(seconds=1)
    assert tickets.checked(mine.query_number, mine.code, HOME, again) == case_id


def test_an_address_waits_after_twenty_wrong_tries_and_never_for_right_ones(office: DeskOffice) -> None:
    case_id = office.register(MONDAY)
    given = ticket_of(office, case_id, MONDAY)
    for n in range(21):  # many people of a village behind one address
        assert tickets.checked(given.query_number, given.code, HOME, NOW + timedelta(seconds=n)) == case_id
    assert visited(tickets.enter(given.query_number, given.code, HOME, NOW + MINUTE)) == case_id
    assert tries() == 0
    with transaction() as session:
        session.add_all(
            SignInFailure(subject=signin.subject("counter", HOME), at=NOW + timedelta(seconds=n))
            for n in range(18)
        )
    late = NOW + MINUTE
    assert [wrong(f"{n}" * 12, HOME, late) for n in (1, 2, 3)] == [Refused, Refused, Throttled]
    for _ in range(2):
        with pytest.raises(Throttled):
            tickets.enter(given.query_number, given.code, HOME, late)
    assert [one["why"] for one in told()] == ["ticket"]  # once, however often it is tried on
    assert db.session.scalars(
        select(AuditEntry.address).where(AuditEntry.what == "sign_in_throttled").order_by(AuditEntry.id)
    ).all() == [HOME]
    assert tickets.checked(given.query_number, given.code, ELSEWHERE, late) == case_id
    assert (
        tickets.checked(given.query_number, given.code, HOME, late, tries=21) == case_id
    )  # a website asks for many
