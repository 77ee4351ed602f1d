"""Open cases dated anew by another calendar: which would change, and one event for each that does.

What ``record.append`` writes act by act is laid down here in few statements: a year's notice may date
twenty thousand open cases anew at once. A closed case stays as it was decided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, delete, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from ..law.casefile import CaseFile, Entry
from ..law.replay import replay
from ..law.workdays import Calendar
from ..models import Case, CaseTerm, Event
from . import chain
from .record import summary, term_lengths, term_rows

CHUNK = 500  # cases in memory at once
ACT = "redate"
REPLY = "reply"


@dataclass(frozen=True)
class TermChange:
    """Another term of a case than its reply that falls on another day; None where it runs only before or after."""

    term: str  # code in law.terms
    n: int
    old: date | None
    new: date | None


@dataclass(frozen=True)
class Change:
    """An open case that the calendar dates anew; a due day is None while the applicant is awaited."""

    case_id: int
    office_id: int
    number: str
    old: date | None
    new: date | None
    was_provisional: bool
    provisional: bool
    old_hold: date | None = None  # the last day of whom the case waits for
    new_hold: date | None = None
    terms: tuple[TermChange, ...] = ()

    @property
    def moves(self) -> bool:
        """Whether its due day is another one; else only its 暂定, or another of its terms, changes."""
        return self.old != self.new

    @property
    def moves_hold(self) -> bool:
        """Whether the last day to pay, or of a consultation, is another one."""
        return self.old_hold != self.new_hold


@dataclass(frozen=True)
class Dated:
    """A change together with all that is derived from it."""

    change: Change
    seq: int
    summary: dict[str, Any]
    terms: list[dict[str, Any]]


def touched(old: Calendar, new: Calendar) -> tuple[date, date] | None:
    """The first and the last day on which two calendars differ, 暂定 or not included; None where they agree."""
    known = old.exceptions.keys() | new.exceptions.keys()
    days = {day for day in known if old.is_working(day) != new.is_working(day)}
    for year in old.official ^ new.official:
        days |= {date(year, 1, 1), date(year, 12, 31)}
    return (min(days), max(days)) if days else None


def changes(session: Session, old: Calendar, new: Calendar) -> Iterator[Dated]:
    """The open cases whose days ``new`` changes, ``old`` being the calendar until now, in order of their ids.

    Only those are replayed whose terms reach the days on which the calendars differ.
    """
    span = touched(old, new)
    if span is None:
        return
    lengths = term_lengths(session)
    last, query = 0, _reaching(*span)
    while rows := session.execute(query.where(Case.id > last)).all():
        files = _files(session, [row.id for row in rows])
        kept = _terms(session, [row.id for row in rows])
        for row in rows:
            dated = _dated(row, files[row.id], new, lengths, kept[row.id])
            if dated.change.moves or _differs(row, dated, kept[row.id]):
                yield dated
        last = rows[-1].id


def write(
    session: Session, dated: Sequence[Dated], *, calendar: Calendar, document: str,
    withdrawn: bool, actor_id: int | None, on: date, at: datetime,
) -> None:  # fmt: skip
    """One event for each, with its old and new due day, and everything derived brought up to date.

    ``withdrawn``: the document's day counts no more.
    """
    if not dated:
        return
    events = [
        {
            "case_id": d.change.case_id, "seq": d.seq, "act": ACT, "on": on, "at": at, "actor_id": actor_id,
            "source": "desk", "calendar_version": calendar.version, "details": _details(d.change, document, withdrawn),
        }
        for d in dated
    ]  # fmt: skip
    offices = select(Case.id, Case.office_id).where(Case.id.in_([d.change.case_id for d in dated]))
    chain.chain_events(session, events, {key: office for key, office in session.execute(offices)})
    session.execute(insert(Event), events)
    session.execute(update(Case), [{"id": d.change.case_id} | d.summary for d in dated])
    session.execute(delete(CaseTerm).where(CaseTerm.case_id.in_([d.change.case_id for d in dated])))
    if terms := [term for d in dated for term in d.terms]:
        session.execute(insert(CaseTerm), terms)


def _details(change: Change, document: str, withdrawn: bool) -> dict[str, Any]:
    days = {"old": change.old, "new": change.new}
    if change.moves_hold:
        days |= {"old_hold": change.old_hold, "new_hold": change.new_hold}
    told: dict[str, Any] = {name: day.isoformat() for name, day in days.items() if day}
    told |= {"provisional": change.provisional, "document": document}
    return told | ({"withdrawn": True} if withdrawn else {})


# -- reading -------------------------------------------------------------------------------------


def _reaching(first: date, last: date) -> Select[Any]:
    """Open cases, some term of which can lie on a day of [first, last]; without a due day any may."""
    term = exists().where(CaseTerm.case_id == Case.id, CaseTerm.due_on >= first)
    ends = or_(Case.due_on.is_(None), Case.due_on >= first, Case.hold_until >= first, term)
    query = select(Case.__table__).where(Case.closed_on.is_(None), Case.received_on <= last, ends)
    return query.order_by(Case.id).limit(CHUNK)


def _files(session: Session, ids: Sequence[int]) -> dict[int, CaseFile]:
    entries: dict[int, list[Entry]] = defaultdict(list)
    query = select(Event.case_id, Event.seq, Event.act, Event.on, Event.details, Event.actor_id)
    for e in session.execute(query.where(Event.case_id.in_(ids)).order_by(Event.case_id, Event.seq)):
        entries[e.case_id].append(Entry(e.seq, e.act, e.on, e.details, e.actor_id))
    return {case_id: replay(found) for case_id, found in entries.items()}


def _terms(session: Session, ids: Sequence[int]) -> dict[int, set[tuple[Any, ...]]]:
    kept: dict[int, set[tuple[Any, ...]]] = defaultdict(set)
    query = select(CaseTerm.case_id, CaseTerm.term, CaseTerm.n, CaseTerm.due_on)
    for term in session.execute(query.where(CaseTerm.case_id.in_(ids))):
        kept[term.case_id].add((term.term, term.n, term.due_on))
    return kept


def _dated(
    row: Row[Any], file: CaseFile, calendar: Calendar, lengths: Mapping[str, int], kept: set[tuple[Any, ...]]
) -> Dated:
    seq = file.seq + 1
    derived = summary(file, calendar) | {"seq": seq}
    terms = term_rows(row.id, file, calendar, lengths, row.imported)
    change = Change(
        row.id,
        row.office_id,
        row.number,
        row.due_on,
        derived["due_on"],
        row.provisional,
        derived["provisional"],
        row.hold_until,
        derived["hold_until"],
        tuple(_moved(kept, terms)),
    )
    return Dated(change, seq, derived, terms)


def _moved(kept: set[tuple[Any, ...]], terms: Sequence[Mapping[str, Any]]) -> Iterator[TermChange]:
    """The terms beside the reply that fall on other days."""
    old = {(term, n): due for term, n, due in kept}
    new = {(t["term"], t["n"]): t["due_on"] for t in terms}
    for term, n in sorted(old.keys() | new.keys()):
        before, after = old.get((term, n)), new.get((term, n))
        if term != REPLY and before != after:
            yield TermChange(term, n, before, after)


def _differs(row: Row[Any], dated: Dated, kept: set[tuple[Any, ...]]) -> bool:
    """Whether anything derived would change, the version of the calendar aside."""
    anew = {(t["term"], t["n"], t["due_on"]) for t in dated.terms}
    aside = {"seq", "calendar_version"}
    values = dated.summary.items()
    return anew != kept or any(getattr(row, name) != value for name, value in values if name not in aside)
