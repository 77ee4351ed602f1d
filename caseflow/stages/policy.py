"""How often browsers reported to have kept something out of our pages (Content-Security-Policy).

Nothing of a report is kept but which part of the policy it names, so that the table can't grow: addresses in it may
tell what somebody looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from ..db import db, insert, write_if_free
from ..models import PolicyReport

# The parts of our policy, and what can be told apart within them; anything else is OTHER
PARTS = frozenset({
    "default-src", "script-src", "script-src-elem", "script-src-attr", "style-src", "style-src-elem", "style-src-attr",
    "img-src", "font-src", "connect-src", "form-action", "frame-ancestors", "base-uri", "frame-src", "object-src",
})  # fmt: skip
OTHER = "other"
SELDOM = timedelta(seconds=1)  # counted at most so often for each part: anybody may send them


def count(part: str, now: datetime) -> bool:
    """Count a report; whether it was. Left out where somebody else is writing, or one was counted just now."""
    row = insert(db.session(), PolicyReport).values(
        part=part if part in PARTS else OTHER, count=1, first_at=now, last_at=now
    )
    more = {"count": PolicyReport.count + 1, "last_at": now}
    standing = row.on_conflict_do_update(
        index_elements=[PolicyReport.part], set_=more, where=PolicyReport.last_at <= now - SELDOM
    )
    return write_if_free(standing)


def counted() -> Sequence[PolicyReport]:
    """What was counted, the newest first."""
    return db.session.scalars(select(PolicyReport).order_by(PolicyReport.last_at.desc())).all()
