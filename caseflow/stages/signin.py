"""Signing in: the password's rule and check, how often one may try, and when a session is over.

Tries are counted in the database, so that a restart or a second process forgets nothing. Nobody is
locked out for good: tries older than WINDOW no longer count.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, delete, exists, select
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash, generate_password_hash

from ..db import transaction
from ..models import Person, SignInFailure
from .errors import Refused

WINDOW = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 5
TRIES_PER_ADDRESS = 20  # many people of an office may sit behind one address
LONGEST_SESSION = timedelta(hours=12)  # a working day; then one signs in again

# The rule is length and nothing to guess, on purpose neither kinds of characters nor a change every few
# months: both make people choose worse passwords and write them down (NIST SP 800-63B, 3.1.1).
SHORTEST, LONGEST = 10, 128
COMMON = frozenset({
    "1234567890", "0123456789", "0987654321", "9876543210", "12345678910", "123456789a", "a123456789",
    "1234567890a", "qwertyuiop", "qwerty12345", "qwerty123456", "1qaz2wsx3edc", "1q2w3e4r5t", "1q2w3e4r5t6y",
    "asdfghjkl;", "zxcvbnm123", "password12", "password123", "password1234", "passw0rd123", "administrator",
    "admin12345", "admin123456", "abc1234567", "abcdefghij", "woaini1314", "woaini520", "woaini1314520",
    "5201314520", "1314520520", "qq123456789", "iloveyou123", "88888888888", "caseflow123",
})  # fmt: skip
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that reads like something else


class Throttled(Exception):
    """Too many failed tries; ``until`` is the moment from which one more is taken."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"until {until:%H:%M:%S}")
        self.until = until


# -- passwords -----------------------------------------------------------------------------------


def password_fault(password: str, username: str) -> str:
    """What is wrong with a chosen password, "" if nothing."""
    if len(password) < SHORTEST:
        return f"新密码至少 {SHORTEST} 个字符，现在有 {len(password)} 个"
    if len(password) > LONGEST:
        return f"新密码最多 {LONGEST} 个字符，现在有 {len(password)} 个"
    plain = password.lower()
    if username.lower() in plain:
        return "新密码里不能含有用户名"
    if plain in COMMON or len(set(plain)) < 4:
        return "这个密码太常见，容易被猜到，换一个"
    return ""


def made_password() -> str:
    """A password made up on the spot, easy to read out: four groups of four."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def _matches(kept: str, password: str) -> bool:
    """Whether a password is the kept one; without one it takes as long, so that names can't be found out."""
    if kept:
        return check_password_hash(kept, password)
    generate_password_hash(password)
    return False


# -- tries ---------------------------------------------------------------------------------------


def _subject(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()


def _take(session: Session, limits: Mapping[str, int], now: datetime) -> None:
    """Note a try for each subject before it is made: many at once can't slip through.

    A try that succeeds is taken back. Raises Throttled, and then notes nothing.
    """
    session.execute(delete(SignInFailure).where(SignInFailure.at < now - LONGEST_SESSION))
    for subject, limit in limits.items():
        query = select(SignInFailure.at).where(
            SignInFailure.subject == subject, SignInFailure.at > now - WINDOW
        )
        newest = session.scalars(query.order_by(SignInFailure.at.desc()).limit(limit)).all()
        if len(newest) == limit:
            raise Throttled(newest[-1] + WINDOW)
        session.add(SignInFailure(subject=subject, at=now))


def clear_tries(session: Session, username: str) -> None:
    """Forget the failed tries of an account."""
    session.execute(delete(SignInFailure).where(SignInFailure.subject == _subject("account", username)))


def _take_back(session: Session, address: str, now: datetime) -> None:
    """The try of this moment did not fail, so it does not count against its address."""
    mine = (SignInFailure.subject == _subject("address", address)) & (SignInFailure.at == now)
    session.execute(delete(SignInFailure).where(mine))


# -- sessions ------------------------------------------------------------------------------------


def sign_in(username: str, password: str, address: str, now: datetime) -> Person:
    """The person, if name and password are right.

    Raises Refused, in the same words for a wrong password and an unknown name, or Throttled.
    """
    name = username.strip().lower()
    limits = {_subject("account", name): TRIES_PER_ACCOUNT, _subject("address", address): TRIES_PER_ADDRESS}
    with transaction() as session:
        person = session.scalar(select(Person).where(Person.username == name).with_for_update(of=Person))
        _take(session, limits, now)
        kept = person.password_hash if person else ""
    # hashing takes long on purpose; nobody else's writing waits for it
    if not _matches(kept, password) or person is None:
        raise Refused("用户名或者密码不对")
    if person.disabled:
        raise Refused("这个账号已经停用，请找本机关安全管理员")
    with transaction() as session:
        clear_tries(session, name)
        _take_back(session, address, now)
    return person


def change_own_password(person_id: int, current: str, new: str, now: datetime) -> Person:
    """Set a password that this person chose; ends every session of theirs. Raises Refused or Throttled."""
    with transaction() as session:
        person = session.get_one(Person, person_id)
        if why := password_fault(new, person.username):
            raise Refused(why, "new")
        if current == new:
            raise Refused("新密码和现在的密码一样，换一个", "new")
        _take(session, {_subject("account", person.username): TRIES_PER_ACCOUNT}, now)
        kept = person.password_hash
    if not _matches(kept, current):
        raise Refused("现在的密码不对", "current")
    hashed = generate_password_hash(new)
    with transaction() as session:
        person = session.get_one(Person, person_id, with_for_update=True)
        person.password_hash, person.must_change = hashed, False
        person.epoch += 1
        clear_tries(session, person.username)
    return person


def sign_out(key: str, now: datetime) -> None:
    """End one session: a copy of its cookie is worth nothing from now on."""
    with transaction() as session:
        session.add(SignInFailure(subject=_subject("session", key), at=now))


def expired(since: datetime, now: datetime) -> bool:
    """Whether a session is over by its age."""
    return now - since > LONGEST_SESSION


def present() -> Select[Person]:
    """The person of a session; nobody once it was ended by signing out or by a change of the account.

    Asked on every page with ``present_values``.
    """
    ended = exists().where(SignInFailure.subject == bindparam("session"))
    query = select(Person).where(Person.id == bindparam("person"), Person.epoch == bindparam("epoch"))
    return query.where(Person.disabled.is_(False), ~ended)


def present_values(person_id: int, epoch: int, key: str) -> dict[str, Any]:
    """What ``present`` is asked for."""
    return {"person": person_id, "epoch": epoch, "session": _subject("session", key)}
