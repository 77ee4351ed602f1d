"""Chains of hashes: each link covers its own content and the link before it.

The events of an office are one chain and the second log is another; their order is that of the ids. Whoever
changes, takes out or puts in a link breaks every later one, and whoever makes those anew changes the head, which may
lie printed in a drawer (``upkeep.heads``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Row, Select, Table, Update, bindparam, select
from sqlalchemy.orm import Session

from ..db import insert
from ..models import AuditEntry, ChainHead, Event

AUDIT = "audit"
as_json = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True
).encode  # of what is hashed: alike, whoever hashes

HEADS = cast(Table, ChainHead.__table__)
EVENT = ("case_id", "seq", "act", "on", "at", "actor_id", "source", "calendar_version", "details")
ENTRY = ("at", "what", "actor_id", "office_id", "case_id", "address", "details")


def of_office(office_id: int) -> str:
    """The name of the chain that an office's events make."""
    return f"event:{office_id}"


def linked(before: str, content: Sequence[Any]) -> str:
    """The hash of a link: ``before`` is that of the link before it, "" for the first of a chain."""
    return hashlib.sha256((before + as_json([*map(_plain, content)])).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if hasattr(value, "isoformat") else value


def content(link: Event | AuditEntry | Row[Any], columns: Sequence[str]) -> list[Any]:
    """What the hash of a link covers."""
    return [getattr(link, name) for name in columns]


@dataclass
class Head:
    """Where a chain stands, held by this transaction."""

    name: str
    length: int
    hash: str

    def extend(self, content: Sequence[Any]) -> str:
        """The hash of one more link."""
        self.hash, self.length = linked(self.hash, content), self.length + 1
        return self.hash


@contextmanager
def held(session: Session, names: Iterable[str]) -> Iterator[dict[str, Head]]:
    """The heads of these chains, nobody else's until the transaction ends; as extended, they are kept.

    Whoever locks cases as well does so before, or two may wait for each other.
    """
    heads = {name: _hold(session, name) for name in sorted(set(names))}
    yield heads
    session.execute(_keep(), [{"of": h.name, "length": h.length, "hash": h.hash} for h in heads.values()])


def _hold(session: Session, name: str) -> Head:
    while True:
        if row := session.execute(_held(), {"of": name}).one_or_none():
            return Head(name, row.length, row.hash)
        begun = insert(session, ChainHead).values(name=name, length=0, hash="", dropped=0, dropped_hash="")
        session.execute(begun.on_conflict_do_nothing())


@cache
def _held() -> Select[Any]:
    return select(HEADS.c.length, HEADS.c.hash).where(HEADS.c.name == bindparam("of")).with_for_update()


@cache
def _keep() -> Update:
    return HEADS.update().where(HEADS.c.name == bindparam("of"))


def chain_events(session: Session, rows: Sequence[dict[str, Any]], offices: Mapping[int, int]) -> None:
    """Put its hash into each row of events, in their order; ``offices`` are those of the cases."""
    names = [of_office(offices[row["case_id"]]) for row in rows]
    with held(session, names) as heads:
        for name, row in zip(names, rows, strict=True):
            row["hash"] = heads[name].extend([row[column] for column in EVENT])
