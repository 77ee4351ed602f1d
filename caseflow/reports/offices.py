"""The tree of organs, read from the top down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from ..db import db
from ..models import Office


@dataclass(frozen=True)
class Tree:
    """An office and those that stand under it, if asked for, by id."""

    names: Mapping[int, str]
    parents: Mapping[int, int | None]

    def ids(self, office_id: int, with_subordinates: bool = False) -> list[int]:
        """One of them alone, or with all that stand under it, each once even if the tree runs in a circle."""
        found = [office_id]
        if not with_subordinates:
            return found
        for above in found:  # grows while it is walked
            found += [key for key, parent in self.parents.items() if parent == above and key not in found]
        return found


def tree(office_id: int, with_subordinates: bool = False) -> Tree:
    """An office with its name, and all that stand under it where they are asked for."""
    every = whole() if with_subordinates else _tree(Office.id == office_id)
    ids = every.ids(office_id, with_subordinates)
    return Tree({key: every.names[key] for key in ids}, {key: every.parents[key] for key in ids})


def whole() -> Tree:
    """All organs of this installation."""
    return _tree()


def _tree(*which: ColumnElement[bool]) -> Tree:
    rows = db.session.execute(select(Office.id, Office.name, Office.parent_id).where(*which)).all()
    return Tree({row.id: row.name for row in rows}, {row.id: row.parent_id for row in rows})


def office_ids(office_id: int, with_subordinates: bool = False) -> list[int]:
    """An office alone, or with all that stand under it."""
    if not with_subordinates:
        return [office_id]
    return tree(office_id, with_subordinates).ids(office_id, with_subordinates)


def others(office_id: int) -> list[tuple[str, str]]:
    """The other organs of this installation, id and name, for a choice."""
    query = select(Office.id, Office.name).where(Office.id != office_id).order_by(Office.code)
    return [(str(key), name) for key, name in db.session.execute(query)]


def beneath(office_id: int) -> list[Office]:
    """The offices that stand under one, at any depth, by their codes."""
    ids = office_ids(office_id, with_subordinates=True)[1:]
    return list(db.session.scalars(select(Office).where(Office.id.in_(ids)).order_by(Office.code)))
