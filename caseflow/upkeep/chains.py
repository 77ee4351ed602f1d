"""Whether the chains hold: every link made anew from what stands, and the heads compared.

Each difference is one line that names the first broken link of a chain; what comes after it proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..config import FEWEST_LOG_DAYS
from ..models import AuditEntry, Case, ChainHead, Event, Office
from ..stages import audit, chain
from .heads import AUDIT, Chain, Head
from .snapshot import snapshot

BATCH = 1000  # links read at a time


@dataclass
class Walk:
    """One chain as far as it was walked."""

    length: int = 0
    hash: str = ""
    broken: bool = False
    mark: Chain | None = None  # what a signed head says of it
    then: str | None = None  # its hash at that length

    def meet(self) -> None:
        """Note the hash where the signed head was taken."""
        if self.mark and self.length == self.mark.length:
            self.then = self.hash

    def step(self, row: Any, columns: tuple[str, ...]) -> bool:
        """Whether the next link is what its hash says; nothing is said of a chain that is broken."""
        self.length += 1
        right = row.hash == chain.linked(self.hash, [getattr(row, name) for name in columns])
        self.hash = row.hash
        self.meet()
        first = not right and not self.broken
        self.broken |= not right
        return not first


def count() -> int:
    """How many links there are to walk."""
    session = snapshot()
    return sum(session.scalar(select(func.count(table.id))) or 0 for table in (Event, AuditEntry))


def differences(
    done: Callable[[int], object] = lambda links: None, known: Head | None = None
) -> Iterator[str]:
    """The first broken link of each chain, heads that are not where a chain ends, and chains that are not what
    they were when the ``known`` head was signed. ``done`` is told of links."""
    yield from walked(snapshot(), done, known)


def walked(
    session: Session, done: Callable[[int], object] = lambda links: None, known: Head | None = None
) -> Iterator[str]:
    """The same, as this session sees them."""
    heads = {head.name: head for head in session.scalars(select(ChainHead))}
    marks = {one.name: one for one in known.chains} if known else {}
    walks = {name: Walk(mark=mark) for name, mark in marks.items()}
    names = {chain.of_office(key): code for key, code in session.execute(select(Office.id, Office.code))}
    yield from _events(session, walks, names, done)
    yield from _entries(session, walks, heads, done)
    for name in sorted(walks.keys() | heads.keys()):
        yield from _end(names.get(name, AUDIT), walks.get(name, Walk()), heads.get(name))
    for name, mark in sorted(marks.items()):
        yield from _since(mark, walks[name])
    yield from _missing(session, heads.get(chain.AUDIT), marks.get(chain.AUDIT), known)


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
    walk = walks.setdefault(chain.AUDIT, Walk())
    if head:  # what was past its keeping can't be walked any more
        walk.length, walk.hash = head.dropped, head.dropped_hash
        walk.meet()
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


def _since(mark: Chain, walk: Walk) -> Iterator[str]:
    """That a chain still holds what a signed head saw of it."""
    if mark.length > walk.length:
        yield f"{mark.label} 链头文件：当时有 {mark.length} 环，现在只有 {walk.length} 环"
    elif mark.length and walk.then is None:
        yield f"{mark.label} 链头文件：当时的第 {mark.length} 环已经过了保存期限，无法核对"
    elif mark.length and walk.then != mark.hash:
        yield f"{mark.label} 链头文件：第 {mark.length} 环不是当时那一环，链被整个改写过"


def _missing(
    session: Session, head: ChainHead | None, mark: Chain | None, known: Head | None
) -> Iterator[str]:
    """That entries of the second log are gone which nothing accounts for, or which were still to be kept."""
    if head is None or not head.dropped:
        return
    last = select(AuditEntry.details).where(AuditEntry.what == "log_tidied").order_by(AuditEntry.id.desc())
    told = session.scalar(last.limit(1)) or {}
    if (told.get("total"), told.get("digest")) != (head.dropped, head.dropped_hash):
        yield f"{AUDIT} 少了开头的 {head.dropped} 条，没有一条清理记录说明"
    if mark and known and head.dropped >= mark.length > 0:
        age = audit.this_moment() - datetime.fromisoformat(known.made_at)
        if age < timedelta(days=FEWEST_LOG_DAYS):
            yield f"{AUDIT} 链头文件：当时的 {mark.length} 条还没有过六个月，已经不在"
