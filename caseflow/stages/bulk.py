"""Many whole cases at once: what ``record.append`` writes act by act, laid down in few statements.

Rows, seals and details have exactly the shape that the acts of the desk give them; the summary comes
from the same replay. Whoever calls has opened the transaction and checked the history.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from types import SimpleNamespace
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from ..db import insert_many
from ..law.casefile import Entry
from ..law.counting import history
from ..law.replay import replay
from ..law.workdays import Calendar
from ..models import Case, CaseTerm, Event, Identity, Particulars, ProceedingRow
from ..search import index, texts
from . import chain, signed
from .record import (
    PARTICULARS,
    form_values,
    identity_row,
    proceeding_rows,
    sealed,
    summary,
    term_lengths,
    term_rows,
)

CHUNK = 1000  # cases in memory at once


@dataclass(frozen=True)
class Prepared:
    """A case with its whole history; the first entry registers it, still without its particulars."""

    office_id: int
    number: str
    particulars: Mapping[str, str]
    entries: Sequence[Entry]
    ledger_hash: str | None = None


Rows = dict[Any, list[dict[str, Any]]]  # by table


def write(
    session: Session,
    cases: Iterable[Prepared],
    calendar: Calendar,
    at: Callable[[Entry], datetime],
    source: str = "ledger",
) -> int:
    """Write all cases; ``at`` is the moment recorded for an entry. Returns how many."""
    written, stream = 0, iter(cases)
    while chunk := list(islice(stream, CHUNK)):
        _write_chunk(session, chunk, calendar, at, source)
        written += len(chunk)
    return written


def _write_chunk(
    session: Session,
    chunk: list[Prepared],
    calendar: Calendar,
    at: Callable[[Entry], datetime],
    source: str,
) -> None:
    rows: Rows = {table: [] for table in (Case, Particulars, Identity, Event, ProceedingRow, CaseTerm)}
    tokens: dict[int, list[str]] = {}
    lengths = term_lengths(session)
    closed_years = signed.years_of(session, (case.office_id for case in chunk))
    ids = zip(_new_ids(session, Case, len(chunk)), _new_ids(session, Particulars, len(chunk)), strict=True)
    for case, (case_id, particulars_id) in zip(chunk, ids, strict=True):
        reference = _particulars(rows, case, case_id, particulars_id)
        entries = [_with_reference(case.entries[0], reference), *case.entries[1:]]
        if (years := closed_years[case.office_id]).last:
            entries = history(entries, years)
        file = replay(entries)
        row = _case_row(case, case_id, particulars_id, source) | summary(file, calendar)
        rows[Case].append(row)
        tokens[case_id] = _tokens(row, rows[Particulars][-1], entries)
        rows[Event] += _event_rows(case_id, entries, calendar.version, at, source)
        rows[ProceedingRow] += proceeding_rows(case_id, case.office_id, file)
        rows[CaseTerm] += term_rows(case_id, file, calendar, lengths, source == "ledger")
    chain.chain_events(session, rows[Event], {row["id"]: row["office_id"] for row in rows[Case]})
    for table, values in rows.items():
        if values:
            insert_many(session, table, values)
    index.put(session, tokens)


def _particulars(rows: Rows, case: Prepared, case_id: int, particulars_id: int) -> dict[str, Any]:
    """Add the rows of the request form; returns the reference that the event keeps."""
    salt = secrets.token_hex(16)
    whole = form_values(case.particulars)
    form = {name: whole[name] for name in PARTICULARS}
    rows[Particulars].append(form | {"id": particulars_id, "case_id": case_id, "version": 1, "salt": salt})
    rows[Identity].append(identity_row(whole) | {"particulars_id": particulars_id})
    return {"id": particulars_id, "version": 1, "hash": sealed(salt, whole)}


def _tokens(row: Mapping[str, Any], form: Mapping[str, Any], entries: Sequence[Entry]) -> list[str]:
    """What the case is found by."""
    told = [(entry.act, entry.details) for entry in entries if entry.act in texts.TELLING]
    return index.tokens_of(texts.Sources(SimpleNamespace(**row), SimpleNamespace(**form), told))


def _with_reference(entry: Entry, reference: Mapping[str, Any]) -> Entry:
    return replace(entry, details={**entry.details, "particulars": reference})


def _case_row(case: Prepared, case_id: int, particulars_id: int, source: str) -> dict[str, Any]:
    return {
        "id": case_id,
        "office_id": case.office_id,
        "number": case.number,
        "imported": source == "ledger",
        "ledger_hash": case.ledger_hash,
        "particulars_id": particulars_id,
    }


def _event_rows(
    case_id: int, entries: Iterable[Entry], version: int, at: Callable[[Entry], datetime], source: str
) -> Iterator[dict[str, Any]]:
    for entry in entries:
        yield {
            "case_id": case_id,
            "seq": entry.seq,
            "act": entry.act,
            "on": entry.on,
            "at": at(entry),
            "actor_id": entry.actor_id,
            "source": source,
            "calendar_version": version,
            "details": entry.details,
        }


def _new_ids(session: Session, table: type[Case] | type[Particulars], count: int) -> Iterable[int]:
    """Ids that nobody else takes: SQLite has one writer, PostgreSQL a sequence."""
    if session.get_bind().dialect.name == "sqlite":
        last = session.execute(select(func.max(table.id))).scalar() or 0
        return range(last + 1, last + 1 + count)
    sequence = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
    name = f'"{table.__tablename__}"'
    return list(session.execute(sequence, {"name": name, "count": count}).scalars())
