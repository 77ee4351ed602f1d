"""Signing in, and changing one's own password: how often one may try, and what is answered.

Tries are counted in the database, so that a restart or a second process forgets nothing. Nobody is
locked out for good: tries older than WINDOW no longer count, and those made while one waits are none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from ..db import dialect, transaction
from ..models import FormerPassword, Person, SignInFailure
from . import audit, passwords, sessions
from .errors import Refused
from .passwords import RULES, Rule
from .sessions import Where

WINDOW = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 5
TRIES_PER_ADDRESS = 20  # many people of an office may sit behind one address
NETWORKS = frozenset({"address", "counter", "apply"})  # kinds of subject that are addresses
WRONG = "用户名或者密码不对"  # for an unknown name too
NOT_YOURS = "现在的密码不对"
DISABLED = "这个账号已经停用，请找本机关安全管理员"  # told to whoever knows its password alone


class Throttled(Exception):
    """Too many failed tries; ``until`` is the moment from which one more is taken."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"until {until:%H:%M:%S}")
        self.until = until


@dataclass(frozen=True)
class Entered:
    """Somebody whose password was right, and the token of their session."""

    person: Person
    token: str
    awaits_code: bool = False


# -- tries ---------------------------------------------------------------------------------------


def subject(kind: str, value: str) -> str:
    """What tries are counted for: an account, an address; told as a hash. Of IPv6 a network is one address: whoever has
    one has 2⁶⁴ of them."""
    if kind in NETWORKS and ":" in value:
        with suppress(ValueError):
            value = str(ip_network(f"{value}/64", strict=False))
    return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()


def take(session: Session, limits: Mapping[str, int], now: datetime) -> None:
    """Note a try for each subject before it is made: many at once can't slip through.

    A try that succeeds is taken back. Raises Throttled, and then notes nothing.
    """
    # those further ahead than anybody has to wait were made before the clock was set back
    over = or_(SignInFailure.at < now - WINDOW, SignInFailure.at > now + WINDOW)
    session.execute(delete(SignInFailure).where(over))
    for of, limit in sorted(limits.items()):  # in one order, or two would wait for each other
        if dialect() == "postgresql":  # SQLite has one writer at a time
            session.execute(select(func.pg_advisory_xact_lock(int(of[:15], 16))))
        query = select(SignInFailure.at).where(SignInFailure.subject == of, SignInFailure.at > now - WINDOW)
        last = session.scalar(query.order_by(SignInFailure.at.desc()).offset(limit - 1).limit(1))
        if last is not None:
            raise Throttled(last + WINDOW)
        session.add(SignInFailure(subject=of, at=now))
    session.flush()  # before whatever is forgotten of it again


def clear_tries(session: Session, username: str, where: Where | None = None) -> None:
    """Forget the failed tries of an account, and those at a browser that is known for it."""
    known = where.known if where else ""
    forget(
        session,
        subject("account", username),
        subject("told", username),
        subject("known", f"{known}:{username}"),
    )


def forget(session: Session, *subjects: str) -> None:
    """Forget the failed tries of these."""
    session.execute(delete(SignInFailure).where(SignInFailure.subject.in_(subjects)))


def take_back(session: Session, of: str, now: datetime) -> None:
    """The try of this moment did not fail, so it does not count against, say, its address."""
    mine = (SignInFailure.subject == of) & (SignInFailure.at == now)
    session.execute(delete(SignInFailure).where(mine))


def _note_waiting(name: str, where: Where, now: datetime) -> None:
    """Note that somebody has to wait at signing in; a name that nobody has is told of by its address alone."""
    with transaction() as session:
        person = session.scalar(select(Person).where(Person.username == name))
        of = [where.address, *([name] if person else [])]
        note_waiting(session, of, now, person.id if person else None, "password", _by(person, where))


def note_waiting(
    session: Session,
    of: list[str],
    now: datetime,
    person_id: int | None,
    why: str,
    by: audit.By | None = None,
) -> None:
    """Note that somebody has to wait, inside a transaction; once in WINDOW for each ``of``, an account or an address,
    however often it is tried on."""
    if any([_first_told(session, subject("told", one), now) for one in of]):  # each of them from now on
        audit.note(session, "sign_in_throttled", by=by, person=person_id, why=why)


def _first_told(session: Session, of: str, now: datetime) -> bool:
    try:
        take(session, {of: 1}, now)
    except Throttled:
        return False
    return True


def _by(person: Person | None, where: Where) -> audit.By:
    """Nobody yet, but of that office: whose log it belongs to."""
    return audit.By(None, person.office_id if person else None, where.address)


# -- signing in ----------------------------------------------------------------------------------


def sign_in(username: str, password: str, where: Where, now: datetime, rule: Rule = RULES["asvs"]) -> Entered:
    """Begin a session, if name and password are right.

    Raises Refused, in the same words for a wrong password and an unknown name, or Throttled.
    """
    name = username.strip().lower()
    # whoever guesses elsewhere keeps nobody waiting who has signed in from this browser before
    of_name = subject("known", f"{where.known}:{name}") if where.known else subject("account", name)
    limits = {of_name: TRIES_PER_ACCOUNT, subject("address", where.address): TRIES_PER_ADDRESS}
    try:
        with transaction() as session:
            person = session.scalar(select(Person).where(Person.username == name).with_for_update(of=Person))
            take(session, limits, now)
            kept = person.password_hash if person else ""
    except Throttled:
        _note_waiting(name, where, now)
        raise
    # hashing takes long on purpose; nobody else's writing waits for it
    right = passwords.matches(kept, password)
    if not right or person is None or person.disabled:
        _failed(person, where, "disabled" if right else "password")
        raise Refused(DISABLED if right else WRONG)
    anew = passwords.hashed(password) if passwords.is_weak(kept) else kept
    try:
        return _enter(person.id, kept, anew, where, now, rule)
    except Refused:
        _failed(person, where, "password")
        raise


def _enter(person_id: int, kept: str, anew: str, where: Where, now: datetime, rule: Rule) -> Entered:
    """Begin the session of whoever's password is still ``kept``. Raises Refused."""
    with transaction() as session:
        person = session.get_one(Person, person_id, with_for_update=True)
        if person.disabled or person.password_hash != kept:  # changed while we looked
            raise Refused(WRONG)
        clear_tries(session, person.username, where)
        take_back(session, subject("address", where.address), now)
        person.password_hash = anew
        person.must_change |= passwords.is_old(person.password_since, rule, now)
        awaits = bool(person.second_factor)
        token = sessions.begin(session, person_id, where, now, awaits_code=awaits)
        if awaits:
            audit.note(session, "sign_in_awaits", by=_by(person, where), person=person_id)
        else:
            by = audit.By(person_id, person.office_id, where.address)
            audit.note(session, "sign_in", by=by, browser=where.browser)
    return Entered(person, token, awaits)


def _failed(person: Person | None, where: Where, why: str) -> None:
    """Note it; never what was typed, which may be a password in the wrong field."""
    with transaction() as session:
        found = person.id if person else None
        audit.note(session, "sign_in_failed", by=_by(person, where), person=found, why=why)


# -- one's own password --------------------------------------------------------------------------


def change_own_password(
    person_id: int, current: str, new: str, where: Where, now: datetime, rule: Rule = RULES["asvs"]
) -> Entered:
    """Set a password that this person chose; ends every session of theirs and begins one here.

    Raises Refused, also where the password was changed by somebody else meanwhile, or Throttled.
    """
    kept, former = _taken(person_id, current, new, now, rule)
    if not passwords.matches(kept, current):
        note_wrong(person_id, "修改密码")
        raise Refused(NOT_YOURS, "current")
    if any(passwords.matches(one, new) for one in former):
        raise Refused(f"新密码和最近 {rule.former} 次用过的一样，换一个", "new")
    hashed = passwords.hashed(new)
    with transaction() as session:
        person = locked(session, person_id, kept, "current")
        if rule.former:
            session.add(FormerPassword(person_id=person_id, hash=kept, at=now))
        _drop_older(session, person_id, rule)
        person.password_hash, person.password_since, person.must_change = hashed, now, False
        clear_tries(session, person.username)
        sessions.end_all(session, person_id, "password")
        token = sessions.begin(session, person_id, where, now)
        audit.note(session, "password_changed", person=person_id)
    return Entered(person, token)


def locked(session: Session, person_id: int, kept: str, field: str) -> Person:
    """A person whose password, found right as ``kept``, nobody changed while it was hashed; held until the
    transaction ends. Raises Refused at ``field``."""
    person = session.get_one(Person, person_id, with_for_update=True)
    if person.disabled or person.password_hash != kept:
        raise Refused(NOT_YOURS, field)
    return person


def note_wrong(person_id: int, page: str) -> None:
    """Note that somebody signed in did not know the present password."""
    with transaction() as session:
        audit.note(session, "password_wrong", person=person_id, page=page)


def _taken(person_id: int, current: str, new: str, now: datetime, rule: Rule) -> tuple[str, list[str]]:
    """The present password as it is kept, and those before it, once the try is taken. Raises Refused or Throttled."""
    with transaction() as session:
        person = session.get_one(Person, person_id)
        office = person.office
        if why := passwords.fault(new, rule, person.username, ("caseflow", office.code, office.name)):
            raise Refused(why, "new")
        if current == new:
            raise Refused("新密码和现在的密码一样，换一个", "new")
        kept, former = person.password_hash, [one.hash for one in _former(session, person_id, rule)]
    take_own(person_id, {subject("account", person.username): TRIES_PER_ACCOUNT}, now)
    return kept, former


def take_own(person_id: int, limits: Mapping[str, int], now: datetime) -> None:
    """Note a try of somebody signed in, who shows that it is they. Raises Throttled, which is noted too."""
    try:
        with transaction() as session:
            take(session, limits, now)
    except Throttled:
        with transaction() as session:
            note_waiting(session, [f"own:{person_id}"], now, person_id, "own")
        raise


def _former(session: Session, person_id: int, rule: Rule) -> list[FormerPassword]:
    """The last ones before the present one, the newest first."""
    query = select(FormerPassword).where(FormerPassword.person_id == person_id)
    return list(session.scalars(query.order_by(FormerPassword.id.desc()).limit(max(rule.former - 1, 0))))


def _drop_older(session: Session, person_id: int, rule: Rule) -> None:
    """Keep no more of them than the rule looks at."""
    session.flush()
    kept = [one.id for one in _former(session, person_id, rule)]
    mine = FormerPassword.person_id == person_id
    session.execute(delete(FormerPassword).where(mine, FormerPassword.id.not_in(kept)))
