"""动态口令: a second factor by TOTP (RFC 6238) with recovery codes, for whoever sets one up or has to.

A code holds for its half minute and the one on either side, and once:
the step of the last one is kept.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

import pyotp
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ..db import transaction
from ..law.workflow import ADMINISTRATORS, ROLES
from ..models import Person, RecoveryCode, SignInSession
from . import audit, passwords, people, sessions
from .errors import Refused
from .sessions import Where
from .signin import (
    NOT_YOURS,
    Entered,
    Throttled,
    forget,
    locked,
    note_waiting,
    note_wrong,
    subject,
    take,
    take_own,
)

STEP = 30  # seconds
TRIES = 5
CODES, GROUPS = 10, 6  # recovery codes, and groups of four in each
SECRET = 32  # letters of base 32: 160 bits
WRONG = "动态口令不对：看一下手机上现在的六位数字，再输入一次"
LATE = "等得太久，从用户名和密码重新登录"
# Who has to have one, by the setting TOTP_REQUIRED
REQUIRED: dict[str, tuple[str, ...]] = {"": (), "admins": ADMINISTRATORS, "all": tuple(ROLES)}


def fresh() -> str:
    """A secret that nobody has yet."""
    return pyotp.random_base32(SECRET)


def address(secret: str, username: str) -> str:
    """What the picture says to an authenticator app."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name="依申请公开办理")


def step_of(secret: str, code: str, now: datetime, after: int) -> int | None:
    """The step whose code this is, later than the step ``after``; None for any other."""
    current = int(now.timestamp()) // STEP
    for step in (current, current - 1, current + 1):
        if step > after and hmac.compare_digest(pyotp.TOTP(secret).generate_otp(step), code):
            return step
    return None


def _hash(code: str) -> str:
    return hashlib.sha256("".join(code.lower().split("-")).encode()).hexdigest()


def _plain(typed: str) -> str:
    """What was typed, in plain figures and letters."""
    return "".join(typed.split()).translate(str.maketrans("０１２３４５６７８９－", "0123456789-")).lower()


# -- setting up ----------------------------------------------------------------------------------


def set_up(
    person_id: int, session_id: int, secret: str, code: str, password: str, now: datetime
) -> list[str]:
    """Give a person a second factor, once its app has told a code; ends their other sessions.

    Returns the recovery codes, which are kept only as hashes. Raises Refused at the field, or Throttled.
    """
    kept = _confirm(person_id, password, now, "password")
    step = step_of(secret, _plain(code), now, 0) if len(secret) == SECRET else None
    if step is None:
        raise Refused(WRONG, "code")
    codes = [passwords.made(GROUPS) for _ in range(CODES)]
    with transaction() as session:
        person = locked(session, person_id, kept, "password")
        person.second_factor, person.second_factor_step = secret, step
        _drop_codes(session, person_id)
        session.add_all(RecoveryCode(person_id=person_id, hash=_hash(one)) for one in codes)
        sessions.end_but(session, person_id, session_id, "second_factor")
        audit.note(session, "second_factor_set", person=person_id)
    return codes


def give_up(person_id: int, password: str, now: datetime) -> None:
    """Its owner does without from now on. Raises Refused or Throttled."""
    kept = _confirm(person_id, password, now, "own")
    with transaction() as session:
        _take_off(session, locked(session, person_id, kept, "own"))


def take_off(office_id: int, person_id: int) -> None:
    """For a person of an office who has lost the phone; ends their sessions. Raises NotFound."""
    with transaction() as session:
        person = people.locked(session, office_id, person_id)
        _take_off(session, person)
        sessions.end_all(session, person.id, "second_factor")


def codes_left(session: Session, person_id: int) -> int:
    """How many recovery codes are not used yet."""
    return len(session.scalars(select(RecoveryCode.id).where(RecoveryCode.person_id == person_id)).all())


def _take_off(session: Session, person: Person) -> None:
    person.second_factor = ""
    _drop_codes(session, person.id)
    audit.note(session, "second_factor_removed", person=person.id)


def _drop_codes(session: Session, person_id: int) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))


def _confirm(person_id: int, password: str, now: datetime, field: str) -> str:
    """It is really they who change how they sign in; returns what their password is kept as, to be compared again
    where something is written. Raises Refused or Throttled."""
    tries = subject("confirm", str(person_id))
    take_own(person_id, {tries: TRIES}, now)
    with transaction() as session:
        kept = session.get_one(Person, person_id).password_hash
    if not passwords.matches(kept, password):
        note_wrong(person_id, "动态口令")
        raise Refused(NOT_YOURS, field)
    with transaction() as session:
        forget(session, tries)
    return kept


# -- signing in ----------------------------------------------------------------------------------


def enter(token: str, typed: str, where: Where, now: datetime) -> Entered:
    """Begin the session of somebody whose password was right, if the code is too, or a recovery code.

    Raises Refused, at no field where one has to begin anew, or Throttled.
    """
    code = _plain(typed)
    with transaction() as session:
        person = _awaiting(session, token, now)
    person_id, office_id = person.id, person.office_id
    by, nobody = (audit.By(who, office_id, where.address) for who in (person_id, None))
    tries, told = subject("code", str(person_id)), f"code:{person_id}"
    try:
        with transaction() as session:
            take(session, {tries: TRIES}, now)
    except Throttled:
        with transaction() as session:
            note_waiting(session, [told], now, person_id, "code", nobody)
        raise
    with transaction() as session:
        session.get_one(Person, person_id, with_for_update=True)
        person = _awaiting(session, token, now)  # a reset or another role has ended it meanwhile
        step = step_of(person.second_factor, code, now, person.second_factor_step)
        how = "动态口令" if step is not None else "恢复码" if _use(session, person_id, code) else ""
        if how:
            person.second_factor_step = step or person.second_factor_step
            forget(session, tries, subject("told", told))
            sessions.drop(session, token)
            anew = sessions.begin(session, person_id, where, now)
            audit.note(session, "sign_in", by=by, browser=where.browser, second_factor=how)
        else:
            audit.note(session, "sign_in_failed", by=nobody, person=person_id, why="code")
    if not how:
        raise Refused(WRONG, "code")
    return Entered(person, anew)


def _awaiting(session: Session, token: str, now: datetime) -> Person:
    """Whose password was right a moment ago. Raises Refused."""
    query = select(Person).join(SignInSession, SignInSession.person_id == Person.id)
    found = session.scalar(query.where(*sessions.awaiting(token, now), Person.disabled.is_(False)))
    if found is None or not found.second_factor:
        raise Refused(LATE)
    return found


def _use(session: Session, person_id: int, code: str) -> bool:
    """Use up a recovery code."""
    mine = (RecoveryCode.person_id == person_id, RecoveryCode.hash == _hash(code))
    return bool(session.execute(delete(RecoveryCode).where(*mine)).rowcount)  # type: ignore[attr-defined]
