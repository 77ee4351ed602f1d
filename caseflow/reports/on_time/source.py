"""What the figures are counted from: the case table, or the cases as they stood on a past day.

The same statement counts either. A source has arms, whose cases are counted together: the table itself,
and beside it rows of cases replayed as they once were, handed to the database as a parameter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from typing import cast as cast_type

from sqlalchemy import CTE, Column, Date, Table, Text, bindparam, cast, column, func, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB

from ...db import dialect
from ...models import Case
from .definition import Clause, Columns

TABLE = cast_type(Table, Case.__table__)

# The columns of a case that any figure rests on: an act that moves none of them moves no figure
MATTER = (
    "office_id", "channel", "applicant_class", "handler_id", "handler", "department", "received_on", "waiting", "hold_until",
    "due_on", "corrected", "charged", "consulted", "extended", "deferred", "result", "closed_by", "replied_on",
    "closed_on", "on_time", "plain_on_time", "days_used", "new_year",
)  # fmt: skip

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Arm:
    """Cases to count, and the conditions on which one of them counts here."""

    columns: Columns
    stands: tuple[Clause, ...] = ()


@dataclass(frozen=True)
class Source:
    """All the cases, as of the end of a day; ``then``: those that stood otherwise, by id."""

    arms: tuple[Arm, ...]
    day: date
    then: Mapping[int, Row] = field(default_factory=dict)


def as_it_stands(today: date) -> Source:
    """The cases as the record tells them now."""
    return Source((Arm(TABLE.c),), today)


def with_others(day: date, stands: Clause, gone: Iterable[int], then: Mapping[int, Row]) -> Source:
    """The case table, cases that ``stands`` holds for and that aren't ``gone``; and beside it those of ``then``."""
    ids = table("gone", [TABLE.c.id], [{"id": case_id} for case_id in gone])
    rows = [{"id": case_id} | {name: row[name] for name in MATTER} for case_id, row in then.items()]
    replayed = table("replayed", [TABLE.c[name] for name in ("id", *MATTER)], rows)
    kept = Arm(TABLE.c, (stands, TABLE.c.id.not_in(select(ids.c.id))))
    return Source((kept, Arm(replayed.c)), day, then)


def table(name: str, columns: Sequence[Column[Any]], rows: Iterable[Row]) -> CTE:
    """Rows as a table of a statement: one parameter, however many there are."""
    text = json.dumps(list(rows), default=date.isoformat, ensure_ascii=False)
    given = bindparam(None, text, Text)
    if dialect() == "postgresql":
        typed = [column(c.name, c.type) for c in columns]
        records = func.jsonb_to_recordset(cast(given, JSONB)).table_valued(*typed, name="given")
        return select(records.render_derived(with_types=True)).cte(name)
    values = func.json_each(given).table_valued("value").c.value
    read = [_typed(func.json_extract(values, f"$.{c.name}"), c) for c in columns]
    return select(*read).cte(name)


def _typed(value: Any, like: Column[Any]) -> Any:
    kept = type_coerce(value, Date() if isinstance(like.type, Date) else like.type)
    return kept.label(like.name)
