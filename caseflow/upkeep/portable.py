"""Tables as lines of JSON: one form for both databases, so that a copy of one can be put into the other.

The tables are taken as the database has them, not as the models know them: a copy made by an older
version is read back at its own revision and migrated from there. Moments are UTC in both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Date, DateTime, ForeignKey, MetaData, Table, exists, func, select, text
from sqlalchemy.orm import Session

from ..db import INDEX

BATCH = 1000  # rows
VERSION_TABLE = "alembic_version"
# Whoever was signed in, or looked at a request, when a backup was made does not by restoring it
SESSIONS = frozenset({"sign_in_session", "visit"})
# Filled by the migrations, or by a machine that nobody works at yet
BY_ITSELF = frozenset({"calendar_year", "calendar_day", "job_run", "lease", "sealing_key", "sign_in_failure"})


def revision(session: Session) -> str:
    """The migration at which the database stands."""
    return str(session.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")))  # noqa: S608


_known: dict[tuple[str, str], list[Table]] = {}


def tables(session: Session) -> list[Table]:
    """All tables of data, each after those it refers to; the search index is none, it follows from them.

    A revision has the same ones in every database of its kind, so they are looked at once.
    """
    key = session.get_bind().dialect.name, revision(session)
    if key not in _known:
        _known[key] = _reflected(session)
    return _known[key]


def _reflected(session: Session) -> list[Table]:
    metadata = MetaData()
    metadata.reflect(session.connection())
    return [
        table
        for table in metadata.sorted_tables
        if table.name not in SESSIONS | {VERSION_TABLE} and not table.name.startswith(INDEX)
    ]


def is_empty(session: Session) -> bool:
    """Whether nobody has put anything in yet."""
    found = [table for table in tables(session) if table.name not in BY_ITSELF]
    return not any(session.scalar(select(exists().select_from(table))) for table in found)


def dump(session: Session, table: Table) -> Iterator[bytes]:
    """The names of the columns, then a line for each row by primary key; many lines at a time."""
    yield _line([column.name for column in table.columns])
    query = select(table).order_by(*table.primary_key.columns)
    for rows in session.execute(query.execution_options(yield_per=BATCH)).partitions():
        yield b"".join(_line(list(row)) for row in rows)


def load(session: Session, table: Table, lines: Iterable[bytes]) -> int:
    """Put dumped rows into an empty table; returns how many."""
    source = iter(lines)
    readers = [_reader(session, table, name) for name in json.loads(next(source))]
    rows = (
        {name: read(value) for (name, read), value in zip(readers, json.loads(line), strict=True)}
        for line in source
    )
    own = next((key.parent.name for key in table.foreign_keys if _is_tree(key, table)), None)
    ordered = _parents_first(list(rows), own) if own else rows
    count = 0
    while batch := list(islice(ordered, BATCH)):
        session.execute(table.insert(), batch)
        count += len(batch)
    return count


def clear(session: Session, found: Iterable[Table]) -> None:
    """Take out what came in by itself; children first."""
    for table in reversed([table for table in found if table.name in BY_ITSELF]):
        session.execute(table.delete())


def restart_numbers(session: Session, found: Iterable[Table]) -> None:
    """Let PostgreSQL's sequences go on after the loaded keys; SQLite does so by itself."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in found:
        for column in table.primary_key.columns:
            sequence = session.scalar(select(func.pg_get_serial_sequence(f'"{table.name}"', column.name)))
            if sequence:
                following = func.coalesce(func.max(column), 0) + 1
                session.execute(select(func.setval(sequence, following, False)))


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=_plain).encode() + b"\n"


def _plain(value: Any) -> str:
    if isinstance(value, datetime):  # SQLite keeps UTC without saying so
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a column of {type(value)}")


def _reader(session: Session, table: Table, name: str) -> tuple[str, Callable[[Any], Any]]:
    """How the values of a column are read back."""
    kind = table.c[name].type
    if isinstance(kind, DateTime):
        sqlite = session.get_bind().dialect.name == "sqlite"
        return name, lambda value: value and _moment(value, sqlite)
    if isinstance(kind, Date):
        return name, lambda value: value and date.fromisoformat(value)
    return name, lambda value: value


def _moment(value: str, sqlite: bool) -> datetime:
    moment = datetime.fromisoformat(value)
    return moment.replace(tzinfo=None) if sqlite else moment


def _is_tree(key: ForeignKey, table: Table) -> bool:
    """Whether a key hangs rows from others of their own table; one looked at on commit may go in circles."""
    return key.column.table is table and not key.deferrable


def _parents_first(rows: list[dict[str, Any]], own: str) -> Iterator[dict[str, Any]]:
    """Rows of a tree so that each comes after the one it hangs from."""
    below: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        below.setdefault(row[own], []).append(row)
    level = below.pop(None, [])
    while level:
        yield from level
        level = [child for row in level for child in below.pop(row["id"], [])]
