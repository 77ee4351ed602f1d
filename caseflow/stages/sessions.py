"""Sessions: a row for each, found by the hash of the random token that alone stands in the cookie.

Whether a session is still one is judged by its row at every page, in the statement that brings its person: not
ended, not idle for IDLE, not older than LONGEST, its person not disabled. What a cookie says beside its token counts
for nothing, so nothing can be replayed.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, select, update
from sqlalchemy.orm import Session

from ..db import db, transaction, write_if_free
from ..models import Person, SignInSession
from . import audit
from .errors import NotFound

IDLE = timedelta(minutes=30)  # without a request; long enough to write a reply between two calls
LONGEST = timedelta(hours=12)  # a working day; then one signs in again
FRESH = timedelta(minutes=1)  # how far behind ``seen`` may be
KEPT = timedelta(days=30)  # how long one can look back at one's own
SHOWN = 10  # of those that are over
AWAITING_CODE = timedelta(minutes=5)  # between the password and the code of the second factor

# Why a session ended, as its owner reads it; the last two are told by its row alone
ENDS = {
    "sign_out": "退出", "own": "本人结束", "security": "安全管理员结束", "password": "修改密码", "reset": "重新生成密码",
    "role": "更换职责", "disabled": "停用账号", "second_factor": "动态口令有变动", "code": "没有输入动态口令",
    "idle": "30 分钟没有操作", "age": "满 12 小时",
}  # fmt: skip

BROWSERS = (
    ("Edg", "Edge"), ("QQBrowser", "QQ 浏览器"), ("360", "360 浏览器"), ("MetaSr", "搜狗浏览器"), ("UBrowser", "UC 浏览器"),
    ("Firefox", "火狐浏览器"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Windows", "Windows"), ("Android", "安卓"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Macintosh", "Mac"),
    ("Kylin", "麒麟"), ("UOS", "统信"), ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True)
class Where:
    """From where somebody signs in."""

    address: str = ""
    browser: str = ""  # in short
    known: str = ""  # where this very account was signed in to before: whose tries are counted apart


@dataclass(frozen=True)
class Line:
    """A session as its owner sees it."""

    id: int
    since: datetime
    seen: datetime
    address: str
    browser: str
    ended: str  # why; "" while it is alive


def browser(agent: str) -> str:
    """A browser's long name of itself in short: Edge · Windows."""
    told = (
        next((name for mark, name in known if re.search(mark, agent)), "") for known in (BROWSERS, SYSTEMS)
    )
    return " · ".join(filter(None, told)) or "没有说明的浏览器"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def begin(session: Session, person_id: int, where: Where, now: datetime, awaits_code: bool = False) -> str:
    """Begin a session inside a transaction; returns its token, which is kept nowhere. Tidies those long over."""
    session.execute(delete(SignInSession).where(SignInSession.since < now - KEPT))
    token = secrets.token_urlsafe(32)
    row = SignInSession(
        token_hash=_hash(token), person_id=person_id, since=now, seen=now, address=where.address[:64],
        browser=where.browser[:60], awaits_code=awaits_code,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return token


def _end(session: Session, why: str, now: datetime, *which: ColumnElement[bool]) -> int:
    """End those that were not ended yet, idle ones too: a clock that is set back wakes none of them."""
    query = update(SignInSession).where(SignInSession.ended_at.is_(None), *which)
    query = query.values(ended_at=now, ended_why=why).execution_options(synchronize_session=False)
    return int(session.execute(query).rowcount)  # type: ignore[attr-defined]


def end_all(session: Session, person_id: int, why: str) -> int:
    """End every session of a person, inside the transaction that changes their account; returns how many."""
    return _end(session, why, audit.this_moment(), SignInSession.person_id == person_id)


def end_but(session: Session, person_id: int, session_id: int, why: str) -> int:
    """End every other session of a person, inside a transaction; returns how many."""
    others = (SignInSession.person_id == person_id, SignInSession.id != session_id)
    return _end(session, why, audit.this_moment(), *others)


def awaiting(token: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What holds of a session whose password was right a moment ago, and whose code isn't in yet."""
    return (
        SignInSession.token_hash == _hash(token), SignInSession.awaits_code.is_(True), SignInSession.ended_at.is_(None),
        SignInSession.since > now - AWAITING_CODE,
    )  # fmt: skip


def drop(session: Session, token: str) -> None:
    """Another session takes the place of this one."""
    session.execute(delete(SignInSession).where(SignInSession.token_hash == _hash(token)))


def sign_out(token: str, now: datetime) -> None:
    """End the session of a token: a copy of its cookie is worth nothing from now on."""
    with transaction() as session:
        if _end(session, "sign_out", now, SignInSession.token_hash == _hash(token)):
            audit.note(session, "sign_out")


def end_own(person_id: int, session_id: int, now: datetime) -> None:
    """Its owner ends one session. Raises NotFound where it is nobody's, somebody else's or over."""
    with transaction() as session:
        mine = (SignInSession.person_id == person_id, SignInSession.id == session_id)
        if not _end(session, "own", now, *mine):
            raise NotFound(session_id)
        audit.note(session, "session_ended", person=person_id, count=1)


def end_others(person_id: int, session_id: int) -> int:
    """Its owner ends all but this one; returns how many."""
    with transaction() as session:
        count = end_but(session, person_id, session_id, "own")
        audit.note(session, "session_ended", person=person_id, count=count)
    return count


def present() -> Select[Any]:
    """The person of a session with its id and when it was last seen; nobody once it is over.

    Asked on every page with ``present_values``.
    """
    query: Any = select(Person, SignInSession.id, SignInSession.seen)
    query = query.join(SignInSession, SignInSession.person_id == Person.id)
    alive = (
        SignInSession.token_hash == bindparam("token"), SignInSession.ended_at.is_(None), ~SignInSession.awaits_code,
        SignInSession.seen > bindparam("idle"), SignInSession.since > bindparam("oldest"), Person.disabled.is_(False),
        SignInSession.seen < bindparam("ahead"),  # a clock that is set back lengthens none
    )  # fmt: skip
    found: Select[Any] = query.where(*alive)
    return found


def present_values(token: str, now: datetime) -> dict[str, Any]:
    """What ``present`` is asked for."""
    return {"token": _hash(token), "idle": now - IDLE, "oldest": now - LONGEST, "ahead": now + IDLE}


def is_behind(seen: datetime, now: datetime) -> bool:
    """Whether ``seen`` should be brought up to date: at most once a minute."""
    return now - seen >= FRESH


def see(session_id: int, now: datetime) -> bool:
    """Bring ``seen`` up to date, if nobody is writing just now; the next page tries again.

    The only thing that a GET ever writes. Never waits and never fails.
    """
    query = update(SignInSession).where(SignInSession.id == session_id, SignInSession.seen < now)
    return write_if_free(query.values(seen=now))


def of(person_id: int, now: datetime) -> list[Line]:
    """The sessions of a person: those alive first, then the newest that are over."""
    query = select(SignInSession).where(SignInSession.person_id == person_id, ~SignInSession.awaits_code)
    rows: Sequence[SignInSession] = db.session.scalars(
        query.order_by(SignInSession.since.desc(), SignInSession.id.desc()).limit(200)
    ).all()
    lines = [
        Line(row.id, row.since, row.seen, row.address, row.browser, ENDS.get(_over(row, now), ""))
        for row in rows
    ]
    alive = [line for line in lines if not line.ended]
    return alive + [line for line in lines if line.ended][:SHOWN]


def _over(row: SignInSession, now: datetime) -> str:
    end = row.ended_at or now
    if abs(end - row.seen) >= IDLE:
        return "idle"
    return "age" if end - row.since >= LONGEST else row.ended_why
