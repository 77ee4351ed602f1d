"""Who leads: one row with an end. A leader that dies or freezes is followed within its 30 seconds.

The row, not a lock of the database, because a frozen process would keep a lock for ever. The clock is
the database's, so that machines whose clocks differ agree; an embedded database has the machine's own,
to the full second. ``token`` rises with every change of leader: whoever holds a lower one was replaced.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.orm import Session

from ..db import insert, transaction
from ..models import Lease
from ..models.types import UtcDateTime

NAME = "alerts"
TTL = timedelta(seconds=30)  # how long a lead lasts without renewal
RENEW = timedelta(seconds=10)


class Superseded(RuntimeError):
    """Another process leads by now; what this one was doing must not be written."""


def take(holder: str, ttl: timedelta = TTL) -> int | None:
    """Take or renew the lead; returns its token, None while another holder leads."""
    with transaction() as session:
        now = _now(session)
        fresh = insert(session, Lease).values(name=NAME, holder=holder, token=1, expires_at=now + ttl)
        statement = fresh.on_conflict_do_update(
            index_elements=[Lease.name],
            set_={
                "holder": holder,
                "token": case((Lease.holder == holder, Lease.token), else_=Lease.token + 1),
                "expires_at": now + ttl,
            },
            # an end further off than any lead lasts was written before the clock was set back
            where=or_(Lease.holder == holder, Lease.expires_at < now, Lease.expires_at > now + TTL),
        )
        return session.execute(statement.returning(Lease.token)).scalar_one_or_none()


def release(holder: str) -> None:
    """Give the lead up, so that another process need not wait for its end."""
    with transaction() as session:
        ended = _now(session) - timedelta(seconds=1)
        session.execute(update(Lease).where(Lease.holder == holder).values(expires_at=ended))


def fence(session: Session, token: int) -> None:
    """Raises Superseded where a later leader has been, even if it is gone again."""
    newest = session.scalar(select(Lease.token).where(Lease.name == NAME))
    if newest != token:
        raise Superseded(f"led with token {token}, now {newest}")


def _now(session: Session) -> datetime:
    now: datetime = session.execute(select(func.current_timestamp(type_=UtcDateTime))).scalar_one()
    return now
