"""Everything one case page shows, in a bounded number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import Session, joinedload

from ..calendars import store
from ..db import db
from ..law.applicants import CLASSES, masked
from ..law.casefile import SPLIT, CaseFile
from ..law.clock import Clock
from ..law.receipt import CHANNELS
from ..law.replay import replay, voided
from ..law.workdays import Calendar
from ..models import Case, Event, Letter, Note, Particulars, Person
from ..stages import record
from .related import Related, related


@dataclass(frozen=True)
class Folder:
    """A case opened for reading."""

    case: Case
    file: CaseFile
    events: list[Event]
    notes: dict[int, Note]
    names: dict[int, str]
    linked: list[Related]  # split from the same form
    related: list[Related]  # by a re-reply, or another organ's
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


def found(session: Session, case_id: int) -> Case | None:
    """A case with the rows that are its own, to be opened; None where there is none."""
    return session.scalars(_whole(), {"case": case_id}).unique().one_or_none()


# What every page and act asks is made once: that takes longer than to ask it
@cache
def _whole() -> Select[Case]:
    form = joinedload(Case.particulars)
    options = form, form.joinedload(Particulars.identity)
    of_case = (
        joinedload(Case.office),
        joinedload(Case.ticket),
        joinedload(Case.proceedings),
        joinedload(Case.terms),
    )
    return select(Case).where(Case.id == bindparam("case")).options(*options, *of_case)


def open_folder(case: Case, newest: Calendar) -> Folder:
    """Read the history of a ``whole`` case; the caller has checked that it may be seen."""
    rows = db.session.execute(_recorded(), {"case": case.id}).all()
    events = [event for event, _, _ in rows]
    calendar = newest if case.closed_on is None else store.edition(case.calendar_version)
    others = related(db.session(), case.id)
    return Folder(
        case=case,
        file=replay(record.entry_of(e) for e in events),
        events=events,
        notes={note.id: note for _, note, _ in rows if note},
        names={event.actor_id: name for event, _, name in rows if event.actor_id},
        linked=[other for other in others if other.kind == SPLIT],
        related=[other for other in others if other.kind != SPLIT],
        calendar=calendar,
    )


def recorded(case_ids: Sequence[int]) -> Select[Event, Note, str]:
    """Each event of these cases with its free text and the name of who did it, case after case."""
    return _told().where(Event.case_id.in_(case_ids))


@cache
def _recorded() -> Select[Event, Note, str]:
    return _told().where(Event.case_id == bindparam("case"))


def _told() -> Select[Event, Note, str]:
    said = Event.details["note", "id"].as_integer()
    return (
        select(Event, Note, Person.name)
        .outerjoin(Note, and_(Note.id == said, Note.case_id == Event.case_id))
        .outerjoin(Person, Person.id == Event.actor_id)
        .order_by(Event.case_id, Event.seq)
    )


def _followed(case: Case) -> str:
    """Whether the applicant follows the request online, and what they wished."""
    ticket = case.ticket
    if ticket is None:
        return ""
    wishes = ("同意电子送达" if ticket.electronic else "", "有进展发电子邮件" if ticket.notify else "")
    return " · ".join([ticket.query_number, *filter(None, wishes)])


def particulars(folder: Folder) -> list[tuple[str, str]]:
    """What the form says, under its labels; certificate and telephone are masked."""
    case, form = folder.case, folder.case.particulars
    if form is None:
        return []
    identity = form.identity
    number, phone = (masked(identity.certificate_number), masked(identity.phone)) if identity else ("", "")
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
        ("查询号", _followed(case)),
    )
    return [(name, value) for name, value in pairs if value]
