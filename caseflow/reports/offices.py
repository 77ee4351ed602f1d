"""The tree of organs, read from the top down."""

from __future__ import annotations

from sqlalchemy import select

from ..db import db
from ..models import Office


def office_ids(office_id: int, with_subordinates: bool = False) -> list[int]:
    """An office alone, or with all that stand under it, each once even if the tree runs in a circle."""
    found = [office_id]
    if not with_subordinates:
        return found
    parents = {key: parent for key, parent in db.session.execute(select(Office.id, Office.parent_id))}
    for above in found:  # grows while it is walked
        found += [key for key, parent in parents.items() if parent == above and key not in found]
    return found


def beneath(office_id: int) -> list[Office]:
    """The offices that stand under one, at any depth, by their codes."""
    ids = office_ids(office_id, with_subordinates=True)[1:]
    return list(db.session.scalars(select(Office).where(Office.id.in_(ids)).order_by(Office.code)))
