"""查询号、查询码: by which an applicant, and nobody else, follows a request and acts on it.

Of the code a hash is kept that covers the number too; at 59 random bits nobody finds it by trying, and tries are
counted, for the number and for the address, like those of signing in.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ..db import transaction
from ..models import Case, Ticket, Visit
from ..stages import audit, record, signin
from ..stages.desk import Work, calendar_for, lock
from ..stages.errors import Refused

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is taken for something else on paper
DIGITS = 12
LENGTH = 12
GROUP = 4
STAYS = timedelta(minutes=30)  # after entering number and code, and after each act
TRIES_PER_NUMBER = 5
TRIES_PER_ADDRESS = 20
WRONG = "查询号或者查询码不对"  # whichever of the two it is

Entered = TypeVar("Entered")


@dataclass(frozen=True)
class Given:
    """A ticket as it is handed out: the only time that the code is known."""

    query_number: str
    code: str


def grouped(text: str) -> str:
    """As it is shown: 2846 1937 5520, H7KM-3QXA-9WPT."""
    sign = " " if text.isdigit() else "-"
    return sign.join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def issue(
    session: Session, case: Case, *, now: datetime, electronic: bool = False, notify: bool = False,
    site_id: int | None = None, code: str = "",
) -> Given:  # fmt: skip
    """A ticket for a case that has none, inside a transaction; ``code`` where it is to be another than a random one."""
    number = _free_number(session)
    code = code or _code()
    session.add(Ticket(
        case_id=case.id, query_number=number, code_hash=_hash(number, code), electronic=electronic, notify=notify,
        told_seq=0, site_id=site_id, made_at=now,
    ))  # fmt: skip
    session.flush()
    return Given(number, code)


def renew(session: Session, ticket: Ticket) -> Given:
    """Another code for a ticket; the one before, and whoever entered it, is worth nothing any more."""
    code = _code()
    ticket.code_hash = _hash(ticket.query_number, code)
    session.execute(delete(Visit).where(Visit.case_id == ticket.case_id))
    session.flush()
    return Given(ticket.query_number, code)


def hand_out(work: Work, case_id: int, *, electronic: bool, notify: bool, seen: str | None = None) -> Given:
    """A ticket for a case of the office, or a new code for the one it has, by whoever proved to be its applicant there.

    What the applicant wishes now takes the place of what was, by an event: agreeing to electronic service decides what
    an opened letter proves. They are told by mail of what comes, not of what was. ``seen`` is the ``mark`` of the
    ticket as the page had it. Raises NotFound, Refused.
    """
    with transaction() as session:
        case = lock(session, case_id, work.office_id, work.role)
        if case.masked_seq:
            raise Refused("个人信息已经隐去，不能再查询")
        ticket = session.get(Ticket, case_id, populate_existing=True)
        if seen is not None and seen != mark(ticket):
            raise Refused("刚才已经给过一个查询码，这一次没有再换；还要再换的，再点一次")
        audit.note(session, "ticket_given", case_id=case_id, before="" if ticket is None else "原查询码作废")
        wishes = {"electronic": electronic, "notify": notify}
        changed = [
            name for name, wish in wishes.items() if wish != (ticket is not None and getattr(ticket, name))
        ]
        if ticket is None:
            given = issue(session, case, now=work.now, electronic=electronic, notify=notify)
            ticket = session.get_one(Ticket, case_id)
        else:
            ticket.electronic, ticket.notify = electronic, notify
            given = renew(session, ticket)
        if changed:
            told = {"changed": changed} | {name: wishes[name] for name in changed}
            record.append(
                session, case, "change_contact", work.today, told, actor_id=work.actor_id, at=work.now,
                calendar=calendar_for(case, "change_contact", work.calendar), source=work.source,
            )  # fmt: skip
        if notify and "notify" in changed:
            ticket.told_seq = case.seq
        return given


def mark(ticket: Ticket | None) -> str:
    """What tells one code of a ticket from the next, without telling it; "" where there is none."""
    return ticket.code_hash[:12] if ticket else ""


def found(session: Session, number: str, code: str) -> Ticket | None:
    """The ticket of a number and its code as they were typed; None where either is wrong."""
    number, code = _typed(number), _typed(code)
    ticket = session.scalar(select(Ticket).where(Ticket.query_number == number))
    kept = ticket.code_hash if ticket else _hash("", "")
    right = hmac.compare_digest(kept, _hash(number, code))
    return ticket if right else None


def case_of(session: Session, typed: str, office_ids: Collection[int]) -> int | None:
    """The case of a 查询号 that somebody at the desk was told, of these offices; None for anything that is none."""
    number = _typed(typed)
    if len(number) != DIGITS or not number.isdecimal():
        return None
    mine = Ticket.query_number == number, Case.office_id.in_(office_ids)
    return session.scalar(select(Ticket.case_id).join(Case, Case.id == Ticket.case_id).where(*mine))


def enter(number: str, code: str, address: str, now: datetime) -> str:
    """Begin a visit; returns its token. Raises Refused in the same words for either, or Throttled, which is noted."""
    return _entered(number, code, address, now, lambda session, ticket: begin(session, ticket.case_id, now))


def checked(number: str, code: str, address: str, now: datetime, tries: int = TRIES_PER_ADDRESS) -> int:
    """The case of a number and its code, without a visit; raises like ``enter``. ``tries`` are those of the address:
    a website asks for many people from one."""
    return _entered(number, code, address, now, lambda session, ticket: ticket.case_id, tries)


def _entered(
    number: str, code: str, address: str, now: datetime, then: Callable[[Session, Ticket], Entered],
    tries: int = TRIES_PER_ADDRESS,
) -> Entered:  # fmt: skip
    """What ``then`` makes of the ticket, once a try is taken; one that succeeds is forgotten."""
    of_number, of_address = signin.subject("ticket", _typed(number)), signin.subject("counter", address)
    try:
        with transaction() as session:
            signin.take(session, {of_number: TRIES_PER_NUMBER, of_address: tries}, now)
            ticket = found(session, number, code)
            if ticket:
                signin.forget(session, of_number)
                signin.take_back(session, of_address, now)
                return then(session, ticket)
    except signin.Throttled:
        with transaction() as session:
            by = audit.By(address=address)
            signin.note_waiting(session, [f"counter:{address}"], now, None, "ticket", by)
        raise
    raise Refused(WRONG)


def begin(session: Session, case_id: int, now: datetime) -> str:
    """A visit to a case; returns its token. Those that are over go."""
    session.execute(delete(Visit).where(Visit.until < now))
    token = secrets.token_urlsafe()
    session.add(Visit(token_hash=_token_hash(token), case_id=case_id, until=now + STAYS))
    session.flush()
    return token


def visiting(session: Session, token: str, now: datetime) -> Ticket | None:
    """The ticket of a visit that isn't over; None for anything else."""
    here = Visit.token_hash == _token_hash(token), Visit.until >= now
    return session.scalar(select(Ticket).join(Visit, Visit.case_id == Ticket.case_id).where(*here))


def stay(token: str, now: datetime) -> None:
    """Whoever acts may go on looking for a while."""
    with transaction() as session:
        here = Visit.token_hash == _token_hash(token), Visit.until >= now
        session.execute(update(Visit).where(*here).values(until=now + STAYS))


def leave(token: str) -> None:
    """End a visit."""
    with transaction() as session:
        session.execute(delete(Visit).where(Visit.token_hash == _token_hash(token)))


def _free_number(session: Session) -> str:
    while True:
        number = str(secrets.randbelow(9 * 10 ** (DIGITS - 1)) + 10 ** (DIGITS - 1))
        if session.scalar(select(Ticket.case_id).where(Ticket.query_number == number)) is None:
            return number


def _code() -> str:
    return code_of(secrets.token_bytes(32))


def code_of(digest: bytes) -> str:
    """A code that follows from bytes, of which there are more than the code can hold."""
    value, signs = int.from_bytes(digest), []
    for _ in range(LENGTH):
        value, n = divmod(value, len(ALPHABET))
        signs.append(ALPHABET[n])
    return "".join(signs)


def _typed(text: str) -> str:
    """Without what it was grouped by, in capitals, however wide it was typed."""
    plain = unicodedata.normalize("NFKC", text[:100]).upper()
    return "".join(filter(str.isalnum, plain))


def _hash(number: str, code: str) -> str:
    return hashlib.sha256(f"ticket:{number}:{code}".encode()).hexdigest()


def _token_hash(token: str) -> str:
    return hashlib.sha256(f"visit:{token}".encode()).hexdigest()
