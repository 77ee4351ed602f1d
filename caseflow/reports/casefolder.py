"""Everything one case page shows, in a bounded number of queries."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select

from ..calendars import store
from ..db import db
from ..law.casefile import CaseFile
from ..law.clock import Clock
from ..law.replay import replay
from ..law.workdays import Calendar
from ..models import Case, CaseLink, CaseTerm, Event, Identity, Note, Person
from ..stages import record


@dataclass(frozen=True)
class Folder:
    """A case opened for reading."""

    case: Case
    file: CaseFile
    events: list[Event]
    notes: dict[int, Note]
    names: dict[int, str]
    identity: Identity | None
    linked: list[Case]
    terms: list[CaseTerm]  # that run now
    calendar: Calendar

    @property
    def clock(self) -> Clock | None:
        """The clock, by the calendar the case is decided with once it is closed."""
        return self.file.clock(self.calendar)


_terms = select(CaseTerm).order_by(CaseTerm.due_on, CaseTerm.term, CaseTerm.n)


def open_folder(case: Case, newest: Calendar) -> Folder:
    """Read a case with its history; the caller has checked that it may be seen."""
    session = db.session
    events = list(session.scalars(select(Event).where(Event.case_id == case.id).order_by(Event.seq)))
    actors = {e.actor_id for e in events if e.actor_id}
    people = session.execute(select(Person.id, Person.name).where(Person.id.in_(actors)))
    calendar = newest if case.closed_on is None else store.edition(case.calendar_version)
    return Folder(
        case=case,
        file=replay(record.entry_of(e) for e in events),
        events=events,
        notes={n.id: n for n in session.scalars(select(Note).where(Note.case_id == case.id))},
        names={key: name for key, name in people},
        identity=session.get(Identity, case.particulars_id) if case.particulars_id else None,
        linked=_linked(case),
        terms=list(session.scalars(_terms.where(CaseTerm.case_id == case.id))),
        calendar=calendar,
    )


def _linked(case: Case) -> list[Case]:
    """Cases split from the same form: the first one links to all others."""
    mine = select(CaseLink.case_id).where(or_(CaseLink.case_id == case.id, CaseLink.other_id == case.id))
    others = select(CaseLink.other_id).where(CaseLink.case_id.in_(mine))
    query = select(Case).where(or_(Case.id.in_(mine), Case.id.in_(others)), Case.id != case.id)
    return list(db.session.scalars(query.order_by(Case.id)))
