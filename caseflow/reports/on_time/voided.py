"""Replies that were sent and later voided (撤销答复): said beside the figures, so that no figure changes silently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import aliased

from ...db import db
from ...law.casefile import CaseFile, Entry
from ...law.replay import advance, corrected
from ...models import Case, Event
from ...stages.record import entry_of
from .definition import Span, of_offices
from .past import TOLD

VOID = "void_reply"


@dataclass(frozen=True)
class Voided:
    """A reply that counts no more: when it was sent, from which day it was void, when that was recorded."""

    case_id: int
    number: str
    sent: date
    on: date
    at: datetime


def taken_back(entries: Iterable[Entry]) -> Iterator[tuple[date, Entry]]:
    """Each reply of a history that was voided: the day it was sent, and the entry that voids it."""
    case = CaseFile()
    for entry in corrected(entries):
        if entry.act == VOID and case.replied:
            yield case.replied, entry
        advance(case, entry)


def voided(office_ids: Iterable[int], span: Span) -> list[Voided]:
    """The replies sent in a span that were voided since, in the order of their cases."""
    void = aliased(Event)
    cases = (
        select(void.case_id)
        .join(Case, Case.id == void.case_id)
        .where(void.act == VOID, void.on >= span.first, of_offices(office_ids))
    )
    query = (
        select(Case.number, *TOLD)
        .join(Case, Case.id == Event.case_id)
        .where(Event.case_id.in_(cases))
        .order_by(Event.case_id, Event.seq)
    )
    found = []
    for (case_id, number), rows in groupby(db.session.execute(query), key=lambda r: (r.case_id, r.number)):
        told = [(entry_of(row), row.at) for row in rows]
        moments = {entry.seq: at for entry, at in told}
        found += [
            Voided(case_id, number, sent, entry.on, moments[entry.seq])
            for sent, entry in taken_back(entry for entry, _ in told)
            if span.first <= sent <= span.last
        ]
    return found
