"""The one count: every figure of every line in one statement, whatever the cases are read from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, String, cast, func, literal, null, select, union_all

from ...db import db
from .definition import (
    Clause,
    Columns,
    Span,
    closed_without_reply,
    in_time,
    in_twenty,
    of_offices,
    overdue,
    sent_in,
    still_open,
    waits,
)
from .dimensions import ALL, BY_OFFICE, OPEN, OTHERWISE, SENT, Dimension
from .figures import NOTHING, Figures, Rate, total
from .source import MATTER, Arm, Source

# What the three counted columns of each kind are: fields of Figures
MEANS = {
    SENT: ("sent", "on_time", "plain"),
    OTHERWISE: ("otherwise", "lapsed", "withdrawn"),
    OPEN: ("open", "waiting", "overdue"),
}


@dataclass(frozen=True)
class Counted:
    """The figures of one line of one dimension."""

    key: str
    name: str
    figures: Figures


Lines = Mapping[str, Sequence[Counted]]  # by the code of the dimension


def rate(office_ids: Iterable[int], span: Span) -> Rate:
    """The on-time figures of a whole span as the record stands now."""
    query = select(func.count(), func.count().filter(in_time()))
    query = query.where(of_offices(office_ids), sent_in(span))
    sent, good = db.session.execute(query).one()
    return Rate(sent, good) if sent else NOTHING


def count(
    office_ids: Iterable[int], span: Span, source: Source, dimensions: Sequence[Dimension] = ALL
) -> Lines:
    """All figures of a span, split by each dimension, in one statement."""
    ids = list(office_ids)
    selects = [
        _select(kind, dimension, of_kind, *counted)
        for place, arm in enumerate(source.arms)
        for kind, of_kind in _kinds(ids, span, arm, place).items()
        for counted in [_counted(kind, source, of_kind)]  # once for all dimensions
        for dimension in dimensions
        if kind == SENT or kind in dimension.beside
    ]
    found: dict[tuple[str, str], Counter[Any]] = defaultdict(Counter)
    names: dict[tuple[str, str], str] = {}
    by_code = {dimension.code: dimension for dimension in dimensions}
    for kind, code, first, second, days, *numbers in db.session.execute(union_all(*selects)):
        for key in by_code[code].keys((first, second) if second is not None else (first,)):
            sums = found[code, key]
            sums.update(dict(zip(MEANS[kind], numbers, strict=True)))
            if days is not None:
                sums[days] += numbers[0]
            names[code, key] = by_code[code].names.get(key) or second or by_code[code].unnamed
    return {d.code: _lines(d, found, names) for d in dimensions}


def whole(lines: Lines) -> Figures:
    """The figures of all cases: every case is some office's, and one office's only."""
    return total(line.figures for line in lines[BY_OFFICE.code])


def _lines(
    dimension: Dimension, found: Mapping[tuple[str, str], Counter[Any]], names: Mapping[tuple[str, str], str]
) -> list[Counted]:
    lines = [
        Counted(key, names[code, key], _figures(sums))
        for (code, key), sums in found.items()
        if code == dimension.code
    ]
    if dimension.worst_first:
        return sorted(lines, key=_worst_first)
    order = {key: place for place, key in enumerate(dimension.names)}
    return sorted(lines, key=lambda line: (order.get(line.key, len(order)), line.key))


def _figures(sums: Mapping[Any, int]) -> Figures:
    counted = {key: n for key, n in sums.items() if isinstance(key, str) and key != OTHERWISE}
    return Figures(**counted, days=Counter({key: n for key, n in sums.items() if isinstance(key, int)}))


def _worst_first(line: Counted) -> tuple[float, int, str]:
    """The lowest rate first; those who sent nothing last, the most overdue before the others."""
    figures = line.figures
    share = figures.on_time / figures.sent if figures.sent else 2.0
    return share, -figures.overdue, line.name


def _kinds(ids: list[int], span: Span, arm: Arm, place: int) -> dict[str, Columns]:
    """The cases of each kind, read once and then split by every dimension."""
    c = arm.columns
    kinds = {SENT: sent_in(span, c), OTHERWISE: closed_without_reply(span, c), OPEN: still_open(c)}
    every = select(*(getattr(c, name).label(name) for name in MATTER)).where(of_offices(ids, c), *arm.stands)
    return {kind: every.where(which).cte(f"{kind}_{place}").c for kind, which in kinds.items()}


def _counted(kind: str, source: Source, c: Columns) -> tuple[tuple[Any, Any], Any]:
    """What is counted of a kind beside all of it, and the working days where they are tallied."""
    clauses: dict[str, tuple[Clause, Clause]] = {
        SENT: (in_time(c), in_twenty(c)),
        OTHERWISE: (c.closed_by != "withdrawn", c.closed_by == "withdrawn"),
        OPEN: (waits(source.day, c), overdue(source.day, c)),
    }
    first, second = clauses[kind]
    return (func.count().filter(first), func.count().filter(second)), c.days_used if kind == SENT else None


def _select(
    kind: str, dimension: Dimension, c: Columns, counted: tuple[Any, Any], days: Any = None
) -> Select[Any]:
    """One group of cases by the columns of a dimension; by working days used as well where they are asked for.

    The days come as a tally rather than as a median, so that lines can be added, and are exact on either
    database by the same statement.
    """
    columns = dimension.columns(c)
    named = [cast(column, String) for column in columns] + [cast(null(), String)] * (2 - len(columns))
    by_days = cast(null(), Integer) if days is None else days
    shown: list[Any] = [literal(kind), literal(dimension.code), *named, by_days, func.count(), *counted]
    return select(*shown).group_by(*columns, *([] if days is None else [days]))
