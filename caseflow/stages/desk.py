"""Opening a case for one act: lock, right, stage, two hands on one case, the day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from ..calendars import store
from ..db import transaction
from ..law import given, guards
from ..law.casefile import CaseFile, Entry
from ..law.clock import Clock
from ..law.replay import replay
from ..law.workdays import Calendar
from ..law.workflow import APPLICANT, BY_CODE
from ..models import Case, Particulars, Person
from . import offices, record
from .checks import LIMITS, fault
from .errors import Changed, Forbidden, NotFound, Refused

# Acts that nobody may do without saying why, or what is asked
REASONED: dict[str, str] = {
    "request_correction": "写明需要补正的事项",
    "ask_reasons": "写明要求说明什么",
    "defer": "写明延迟答复的理由",
    "ask_extension": "写明延期的理由",
    "refuse_extension": "写明不批准的理由",
    "send_back": "写明退回的理由",
    "return_reply": "写明退回的原因",
    "watch": "写明督办的事项",
    "answer_watch": "写明办理情况",
    "hold_accountable": "写明逾期的经过和处理",
    "refuse_publication": "写明退回的理由",
    "withdraw_publication": "写明撤下的理由",
    "void_reply": "写明撤销的理由",
    "correct": "写明更正的理由",
}


@dataclass(frozen=True)
class Work:
    """Who acts, on which day, by which calendar: all that an act takes from the outside."""

    actor_id: int | None  # None for the applicant, at the public's counter
    role: str
    office_id: int
    today: date
    now: datetime
    calendar: Calendar

    @property
    def source(self) -> str:
        """Where its events come from."""
        return "counter" if self.role == APPLICANT else "desk"


def work_of(person: Person, now: datetime, today: date, calendar: Calendar) -> Work:
    """The work of a signed-in person at a moment."""
    return Work(person.id, person.role, person.office_id, today, now, calendar)


@dataclass
class OpenCase:
    """A case locked for one act."""

    session: Session
    work: Work
    row: Case
    past: list[Entry]  # its events, read under the lock
    file: CaseFile
    calendar: Calendar
    act: str
    on: date
    written: bool = field(default=False)

    @property
    def clock(self) -> Clock | None:
        """The clock before the act."""
        return self.file.clock(self.calendar)

    def check(self, details: Mapping[str, Any]) -> None:
        """Raises Refused at the first of the details that can't stand."""
        desk = guards.Desk(
            self.file, self.clock, self.calendar, self.work.today, self.work.actor_id, self.work.role
        )
        if wrong := given.fault(desk, Entry(self.file.seq + 1, self.act, self.on, details)):
            raise Refused(wrong[1], wrong[0])

    def write(self, details: Mapping[str, Any] | None = None, note: str = "", party: str = "") -> CaseFile:
        """Write the act's one event; free text goes to a note of its own. Raises Refused."""
        kept = {k: _plain(v) for k, v in (details or {}).items() if v not in (None, "")}
        self.check(kept)
        if self.act in REASONED and not note.strip():
            raise Refused(REASONED[self.act], "note")
        typed("note", note)
        typed("party", party)
        if note or party:
            kept["note"] = record.keep_note(self.session, self.row, note, party)
        self.written = True
        return record.append(
            self.session, self.row, self.act, self.on, kept,
            actor_id=self.work.actor_id, at=self.work.now, calendar=self.calendar, past=self.past,
            source=self.work.source,
        )  # fmt: skip


def typed(name: str, text: str, field: str = "") -> str:
    """The text typed into a field, if it can stand; ``name`` is that of its limit. Raises Refused."""
    if why := fault(text, LIMITS[name]):
        raise Refused(why, field or name)
    return text


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@contextmanager
def acting(work: Work, case_id: int, seen: int, act: str, on: date | None = None) -> Iterator[OpenCase]:
    """Open a case for ``act`` in one transaction.

    ``seen`` is the number of the last event this person saw; of the applicant it isn't asked. Raises NotFound, Forbidden, Changed or
    Refused before anything is written.
    """
    with transaction() as session:
        row = lock(session, case_id, work.office_id, work.role)
        if work.role not in BY_CODE[act].doers:
            raise Forbidden(act)
        if (
            row.seq != seen and work.role != APPLICANT
        ):  # who asked rests on nothing that the office does unseen
            raise Changed(seen, row.seq)
        past = record.entries(session, case_id)
        file = replay(past)
        # an edition entered since this person's page was asked for holds already
        calendar = calendar_for(row, act, store.current())
        desk = guards.Desk(file, file.clock(calendar), calendar, work.today, work.actor_id, work.role)
        if why := guards.refusal(desk, act):
            raise Refused(why)
        on = on or work.today
        if why := guards.refuse_day(desk, act, on):
            raise Refused(why, "on")
        opened = OpenCase(session, work, row, past, file, calendar, act, on)
        yield opened
        if not opened.written:
            raise RuntimeError(f"{act} wrote no event")


def calendar_for(row: Case, act: str, newest: Calendar) -> Calendar:
    """A closed case stays as it was decided, also when it is corrected; a voided reply runs on anew."""
    if row.closed_on is None or act == "void_reply":
        return newest
    return store.edition(row.calendar_version)


@cache
def _locked() -> Select[Case]:
    # with its form, of which the index of what is searched is told after the act; whole, for the page of a refusal
    form = joinedload(Case.particulars).joinedload(Particulars.identity)
    query = select(Case).options(form).where(Case.id == bindparam("case"))
    return query.with_for_update(of=Case).execution_options(populate_existing=True)


def lock(session: Session, case_id: int, office_id: int, role: str = "") -> Case:
    """The row of a case that ``role`` in this office reaches, held until the transaction ends. Raises NotFound."""
    row = session.scalars(_locked(), {"case": case_id}).one_or_none()
    if row is None or not offices.reaches(session, role, office_id, row.office_id):
        raise NotFound(case_id)
    return row
