"""The cases behind every figure: the same conditions as the count, so that a list is as long as its number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, literal, select, union_all
from sqlalchemy.orm import joinedload

from ...db import db
from ...models import Case
from ..pages import CasePage, case_page
from .definition import (
    Clause,
    Columns,
    Span,
    closed_without_reply,
    in_time,
    in_twenty,
    late,
    not_in_twenty,
    of_offices,
    overdue,
    sent_in,
    still_open,
    waits,
)
from .dimensions import BY_CODE
from .source import Source

LONGEST = 6  # lines of a list on the overview: a link leads to the rest

Conditions = Callable[[Columns, Span, Source], Sequence[Clause]]

# What can be counted: its name, and which cases those are
COUNTS: Mapping[str, tuple[str, Conditions]] = {
    "sent": ("发出答复", lambda c, span, source: [sent_in(span, c)]),
    "on_time": ("按时办结", lambda c, span, source: [sent_in(span, c), in_time(c)]),
    "late": ("逾期办结", lambda c, span, source: [sent_in(span, c), late(c)]),
    "plain": ("前 20 个工作日内答复", lambda c, span, source: [sent_in(span, c), in_twenty(c)]),
    "beyond": ("超过 20 个工作日答复", lambda c, span, source: [sent_in(span, c), not_in_twenty(c)]),
    "otherwise": ("未作答复办结", lambda c, span, source: [closed_without_reply(span, c)]),
    "open": ("在办", lambda c, span, source: [still_open(c)]),
    "waiting": ("停计、待确认", lambda c, span, source: [waits(source.day, c)]),
    "overdue": ("逾期未答复", lambda c, span, source: [overdue(source.day, c)]),
}


@dataclass(frozen=True)
class Figure:
    """One number: of what, and of which line of which dimension, if of one."""

    what: str
    by: str = ""
    key: str = ""

    def clauses(self, c: Columns, span: Span, source: Source) -> list[Clause]:
        """Raises ValueError or KeyError for what is no figure."""
        line = [BY_CODE[self.by].where(c, self.key)] if self.by else []
        return [*COUNTS[self.what][1](c, span, source), *line]


def cases_behind(
    office_ids: Iterable[int], span: Span, source: Source, figure: Figure, after: int = 0, before: int = 0
) -> CasePage:
    """The cases that a figure counts, a page of them, as they stood. Raises ValueError or KeyError."""
    ids = list(office_ids)
    of_arms = [
        [of_offices(ids, arm.columns), *arm.stands, *figure.clauses(arm.columns, span, source)]
        for arm in source.arms
    ]
    if len(of_arms) == 1:
        found = case_page(of_arms[0], after, before)
    else:
        each = [select(arm.columns.id).where(*where) for arm, where in zip(source.arms, of_arms, strict=True)]
        found = case_page([Case.id.in_(union_all(*each))], after, before)
    as_they_stood(found.cases, source)
    return found


def cases_of(case_ids: Iterable[int], after: int = 0, before: int = 0) -> CasePage:
    """Cases that a list names, a page of them, as they stand."""
    return case_page([Case.id.in_(list(case_ids))], after, before)


def as_they_stood(cases: Iterable[Case], source: Source) -> None:
    """Let cases read from the table say what they were on the day of the source; they are written nowhere."""
    for case in cases:
        if case.id in source.then:
            db.session.expunge(case)
            for column, value in source.then[case.id].items():
                setattr(case, column, value)


def worst(office_ids: Iterable[int], span: Span, source: Source) -> tuple[list[Case], list[Case]]:
    """The longest overdue open cases, and the newest late replies: LONGEST of each at most."""
    ids = list(office_ids)
    wanted = (("overdue", lambda c: c.due_on.asc()), ("late", lambda c: c.replied_on.desc()))
    each = [_first(ids, span, source, what, order) for what, order in wanted]
    found = db.session.execute(union_all(*each)).all()
    query = select(Case).where(Case.id.in_([row.id for row in found])).options(joinedload(Case.particulars))
    cases = {case.id: case for case in db.session.scalars(query)}
    as_they_stood(cases.values(), source)
    overdue_, late_ = ([cases[row.id] for row in found if row.what == what] for what, _ in wanted)
    return (
        sorted(overdue_, key=lambda c: (c.due_on, c.id)),
        sorted(late_, key=lambda c: (c.replied_on, c.id), reverse=True),
    )


def _first(
    ids: list[int], span: Span, source: Source, what: str, order: Callable[[Columns], Any]
) -> Select[Any]:
    """The ids of the first LONGEST cases in an order: of each arm, then of all."""
    each = []
    for arm in source.arms:
        c = arm.columns
        where = [of_offices(ids, c), *arm.stands, *Figure(what).clauses(c, span, source)]
        each.append(select(c.id, c.due_on, c.replied_on).where(*where))
    every = union_all(*each).subquery() if len(each) > 1 else each[0].subquery()
    way = order(every.c)
    by_id = every.c.id.desc() if what == "late" else every.c.id.asc()
    first = select(every.c.id).order_by(way, by_id).limit(LONGEST).subquery()
    return select(literal(what).label("what"), first.c.id)
