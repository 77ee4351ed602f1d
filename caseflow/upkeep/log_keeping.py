"""How long the second log is kept: what is past its keeping is taken off the old end of its chain.

The database itself refuses to lose an entry of the last 183 days, whatever this module is told.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from ..db import db, transaction
from ..models import AuditEntry, ChainHead
from ..stages import audit, chain

AS_IS = {"synchronize_session": False}


def tidy(now: datetime, days: int) -> int:
    """Take out what is older than ``days`` (calendar days), the oldest first and nothing out of order.

    The chain begins anew after it, from the hash that was last. Returns how many entries went.
    """
    oldest = db.session.scalar(select(AuditEntry.at).order_by(AuditEntry.id).limit(1))
    if oldest is None or oldest >= now - timedelta(days=days):
        return 0
    with transaction() as session:
        with chain.held(session, [chain.AUDIT]):  # nobody adds to it meanwhile
            kept = select(func.min(AuditEntry.id)).where(AuditEntry.at >= now - timedelta(days=days))
            first = session.scalar(kept)
            old = AuditEntry.id < first if first is not None else AuditEntry.id > 0
            last = session.scalar(select(AuditEntry.hash).where(old).order_by(AuditEntry.id.desc()).limit(1))
            if last is None:
                return 0
            gone: int = session.execute(delete(AuditEntry).where(old), execution_options=AS_IS).rowcount  # type: ignore[attr-defined]
            head = update(ChainHead).where(ChainHead.name == chain.AUDIT)
            session.execute(head.values(dropped=ChainHead.dropped + gone, dropped_hash=last))
            total = session.scalar(select(ChainHead.dropped).where(ChainHead.name == chain.AUDIT))
        audit.note(session, "log_tidied", count=gone, total=total, digest=last)  # without it they are missing
    return gone
