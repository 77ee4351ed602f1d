"""Whether the chains hold: every link made anew from what stands, and the heads compared.

Each difference is one line that names the first broken link of a chain; what comes after it proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..models import AuditEntry, Case, ChainHead, Event, Office
from ..stages import chain
from .snapshot import snapshot

BATCH = 1000  # links read at a time
AUDIT = "审计记录"


@dataclass
class Walk:
    """One chain as far as it was walked."""

    length: int = 0
    hash: str = ""
    broken: bool = False

    def step(self, row: Any, columns: tuple[str, ...]) -> bool:
        """Whether the next link is what its hash says; nothing is said of a chain that is broken."""
        self.length += 1
        right = row.hash == chain.linked(self.hash, [getattr(row, name) for name in columns])
        self.hash = row.hash
        first = not right and not self.broken
        self.broken |= not right
        return not first


def count() -> int:
    """How many links there are to walk."""
    session = snapshot()
    return sum(session.scalar(select(func.count(table.id))) or 0 for table in (Event, AuditEntry))


def differences(done: Callable[[int], object] = lambda links: None) -> Iterator[str]:
    """The first broken link of each chain, and heads that are not where a chain ends; ``done`` is told of links."""
    yield from walked(snapshot(), done)


def walked(session: Session, done: Callable[[int], object] = lambda links: None) -> Iterator[str]:
    """The same, as this session sees them."""
    heads = {head.name: head for head in session.scalars(select(ChainHead))}
    walks: dict[str, Walk] = {}
    names = {chain.of_office(key): code for key, code in session.execute(select(Office.id, Office.code))}
    yield from _events(session, walks, names, done)
    yield from _entries(session, walks, heads, done)
    for name in sorted(walks.keys() | heads.keys()):
        yield from _end(names.get(name, AUDIT), walks.get(name, Walk()), heads.get(name))


def _events(
    session: Session, walks: dict[str, Walk], names: Mapping[str, str], done: Callable[[int], object]
) -> Iterator[str]:
    query = select(Case.office_id, Case.number, Event.hash, *(getattr(Event, name) for name in chain.EVENT))
    query = query.join_from(Event, Case, Event.case_id == Case.id).order_by(Event.id)
    for rows in session.execute(query.execution_options(yield_per=BATCH)).partitions():
        for row in rows:
            name = chain.of_office(row.office_id)
            walk = walks.setdefault(name, Walk())
            if not walk.step(row, chain.EVENT):
                yield f"{names[name]} {row.number} 事件 {row.seq}：链断在这里（第 {walk.length} 环），内容或者前后顺序被改过"
        done(len(rows))


def _entries(
    session: Session, walks: dict[str, Walk], heads: Mapping[str, ChainHead], done: Callable[[int], object]
) -> Iterator[str]:
    head = heads.get(chain.AUDIT)
    walk = walks[chain.AUDIT] = Walk(head.dropped, head.dropped_hash) if head else Walk()
    query = select(AuditEntry.id, AuditEntry.hash, *(getattr(AuditEntry, name) for name in chain.ENTRY))
    query = query.order_by(AuditEntry.id)
    for rows in session.execute(query.execution_options(yield_per=BATCH)).partitions():
        for row in rows:
            if not walk.step(row, chain.ENTRY):
                yield f"{AUDIT} {row.id}：链断在这里（第 {walk.length} 环），内容或者前后顺序被改过"
        done(len(rows))


def _end(name: str, walk: Walk, head: ChainHead | None) -> Iterator[str]:
    """That the last link is the one the head tells of: what was taken off the end leaves no broken link."""
    length, last = (head.length, head.hash) if head else (0, "")
    if walk.length != length:
        yield f"{name} 链头：记着 {length} 环，实有 {walk.length} 环"
    elif walk.hash != last:
        yield f"{name} 链头：与最后一环不符"
