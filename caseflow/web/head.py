"""What the head of a whole page counts for the signed-in person, in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from flask import g
from sqlalchemy import Select, literal, select

from .. import moment
from ..alerts import inbox, runs
from ..db import db
from . import access


@dataclass(frozen=True)
class Head:
    """Alerts still to acknowledge; whether the passes keep up, and when the last good one ended."""

    unread: int
    on_time: bool
    last_pass: datetime | None


def head() -> Head:
    """Looked up once a request."""
    if "head" not in g:
        g.head = _head()
    return cast(Head, g.head)


def _head() -> Head:
    person, now, calendar = access.me(), moment.now(), access.calendar()
    reads = person.role in access.READERS
    values = runs.kept_up_values(now, calendar)
    values |= inbox.unread_values(person.id, access.today(), calendar) if reads else {}
    return Head(*db.session.execute(_query(reads), values).one())


@cache
def _query(reads: bool) -> Select[Any]:
    """Made once: that takes longer than to ask it."""
    unread = inbox.unread_query().scalar_subquery() if reads else literal(0)
    return select(unread, runs.kept_up(), runs.last_ended())
