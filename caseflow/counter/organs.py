"""The organs to which the public may apply here, in the order of their tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ..models import Office, Person


@dataclass(frozen=True)
class Organ:
    """An organ whose counter is open, and how many open ones stand above it in the tree."""

    office: Office
    depth: int


@dataclass(frozen=True)
class Organs:
    """The open ones; ``head`` takes what somebody knows no organ for: None where no one organ stands above all of
    them, or its own counter is closed. ``closed``: those who could be applied to otherwise, by post or in person."""

    opened: Sequence[Organ]
    closed: Sequence[Office]
    head: Office | None

    def named(self, code: str) -> Office | None:
        """The open organ of a code."""
        return next((one.office for one in self.opened if one.office.code == code), None)


def organs(session: Session) -> Organs:
    """Those where somebody works who would register a request: to any other nobody may apply, open or not."""
    tree = list(_in_order(session.scalars(select(Office).order_by(Office.code)).all()))
    clerk = exists().where(Person.office_id == Office.id, Person.role == "clerk", Person.disabled.is_(False))
    working = set(session.scalars(select(Office.id).where(clerk)))
    taken = {office.id: office.counter_open for office, _ in tree if office.id in working}
    opened = [
        Organ(office, sum(taken.get(id, False) for id in above))
        for office, above in tree
        if taken.get(office.id)
    ]
    tops = {(above[0] if above else office.id): None for office, above in tree if taken.get(office.id)}
    head = next((one.office for one in opened if [one.office.id] == list(tops)), None)
    closed = [office for office, _ in tree if taken.get(office.id) is False]
    return Organs(opened, closed, head if len(opened) > 1 else None)


def _in_order(offices: Sequence[Office]) -> Iterator[tuple[Office, list[int]]]:
    """Each below the one it stands under, with the ids of those above it; where a tree runs in a circle, from any of it."""
    below: dict[int | None, list[Office]] = {}
    for office in offices:
        below.setdefault(office.parent_id, []).append(office)
    seen: set[int] = set()
    for top in (*below.get(None, ()), *offices):
        yield from _from(top, [], below, seen)


def _from(
    office: Office, above: list[int], below: Mapping[int | None, Sequence[Office]], seen: set[int]
) -> Iterator[tuple[Office, list[int]]]:
    if office.id in seen:
        return
    seen.add(office.id)
    yield office, above
    for one in below.get(office.id, ()):
        yield from _from(one, [*above, office.id], below, seen)
