"""Everything one case page shows, in a bounded number of queries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import or_, select

from ..calendars import store
from ..db import db
from ..law.applicants import CLASSES
from ..law.casefile import SPLIT, CaseFile
from ..law.clock import Clock
from ..law.receipt import CHANNELS
from ..law.replay import replay, voided
from ..law.workdays import Calendar
from ..models import Case, CaseLink, CaseTerm, Event, Identity, Letter, Note, Person
from ..stages import record
from .applicants import masked
from .related import Related, related


@dataclass(frozen=True)
class Folder:
    """A case opened for reading."""

    case: Case
    file: CaseFile
    events: list[Event]
    notes: dict[int, Note]
    names: dict[int, str]
    identity: Identity | None
    linked: list[Case]  # split from the same form
    related: list[Related]  # by a re-reply, or another organ's
    terms: list[CaseTerm]  # that run now
    calendar: Calendar

    @property
    def clock(self) -> Clock | None:
        """The clock, by the calendar the case is decided with once it is closed."""
        return self.file.clock(self.calendar)

    @property
    def applicant(self) -> str:
        """The applicant's name."""
        return self.case.particulars.name if self.case.particulars else "申请人"

    @property
    def void_files(self) -> set[int]:
        """The numbers of the files whose entry was declared void (作废)."""
        void = voided(record.entry_of(event) for event in self.events)
        filed = [e for e in self.events if e.act == "add_files" and e.seq in void]
        return {document["n"] for event in filed for document in event.details["documents"]}

    def holds(self, letter: Letter) -> bool:
        """Whether this version of a letter is the one that holds; the others are void (作废)."""
        issued = self.file.letters.get((letter.kind, letter.about))
        return issued is not None and issued.version == letter.version


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
        related=related(session(), case.id),
        terms=list(session.scalars(_terms.where(CaseTerm.case_id == case.id))),
        calendar=calendar,
    )


def _linked(case: Case) -> list[Case]:
    """Cases split from the same form: the first one links to all others."""
    split = CaseLink.kind == SPLIT
    mine = select(CaseLink.case_id).where(
        split, or_(CaseLink.case_id == case.id, CaseLink.other_id == case.id)
    )
    others = select(CaseLink.other_id).where(split, CaseLink.case_id.in_(mine))
    query = select(Case).where(or_(Case.id.in_(mine), Case.id.in_(others)), Case.id != case.id)
    return list(db.session.scalars(query.order_by(Case.id)))


def particulars(folder: Folder, shown: Callable[[str], str] = masked) -> list[tuple[str, str]]:
    """What the form says, under its labels; certificate and telephone as ``shown``."""
    case, form, identity = folder.case, folder.case.particulars, folder.identity
    if form is None:
        return []
    number, phone = (shown(identity.certificate_number), shown(identity.phone)) if identity else ("", "")
    pairs = (
        ("申请人", f"{form.name}（{CLASSES[case.applicant_class]}）"),
        ("证件", " ".join(w for w in (form.certificate_type, number) if w)),
        ("联系", " · ".join(w for w in (form.contact_person, phone, form.email) if w)),
        ("通信地址", form.address),
        ("代理人", form.agent),
        ("共同申请人", form.co_applicants),
        ("受理方式", CHANNELS[case.channel]),
        ("原文", form.content),
        ("获取方式", " · ".join(w for w in (form.obtain_by, form.form) if w)),
        ("备注", form.remark),
    )
    return [(name, value) for name, value in pairs if value]
