"""What is found of a case: its texts, each with its label and the part of the case that it stands in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ..law.folder import desk_notes
from ..law.letters import BY_CODE as LETTERS
from ..law.retention import MASK
from ..models import Case, Event, Letter, Note, Particulars
from .grams import CONTENT, DESK, HEAD, REST

# Of the request form: label, part
FORM: dict[str, tuple[str, str]] = {
    "name": ("申请人", HEAD),
    "contact_person": ("联系人", HEAD),
    "agent": ("代理人", HEAD),
    "co_applicants": ("共同申请人", HEAD),
    "content": ("申请内容", CONTENT),
    "remark": ("备注", REST),
}
DRAFT = "draft_reply"
# Events that bear a 文号, tell of files for the desk alone, or say what a reply says
TELLING = (DRAFT, "send_reply", "withdraw", "lapse_correction", "lapse_fee", "correct", "add_files")


class Text(NamedTuple):
    """One text of a case."""

    label: str
    part: str
    text: str


@dataclass
class Sources:
    """The rows of one case that its texts come from."""

    case: Any  # a row or an object with number, office_id, registered_on, result, applicant_class
    form: Any = None
    events: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)  # act, details
    notes: list[Any] = field(default_factory=list)
    letters: list[Any] = field(default_factory=list)

    def texts(self) -> list[Text]:
        """Its texts; what was masked is none."""
        return [Text(*told) for told in self._all() if told[2] and told[2] != MASK]

    def _all(self) -> Iterator[tuple[str, str, str]]:
        yield "登记编号", HEAD, self.case.number
        for name, (label, part) in FORM.items() if self.form is not None else ():
            yield label, part, getattr(self.form, name)
        for _, details in self.events:
            yield "答复文号", REST, reply_number(details)
        yield from self._noted()
        for letter in self.letters:
            title = LETTERS[letter.kind].title
            yield "文书", REST, f"{title} {letter.number}"
            yield from ((title, REST, str(said)) for said in letter.typed.values())

    def _noted(self) -> Iterator[tuple[str, str, str]]:
        if not self.notes:
            return
        hidden = desk_notes(details for act, details in self.events if act == "add_files")
        replies = {(d.get("note") or {}).get("id") for act, d in self.events if act == DRAFT}
        for note in self.notes:
            part = DESK if note.id in hidden else REST
            yield "对方", part, note.party
            yield "答复理由" if note.id in replies else "说明", part, note.text


def reply_number(details: Mapping[str, Any]) -> str:
    """The 文号 that an event tells, or to which it corrects one; "" where there is none."""
    return str(details.get("reply_no") or (details.get("changes") or {}).get("reply_no") or "")


Which = Callable[
    [InstrumentedAttribute[int]], ColumnElement[bool]
]  # of the cases, told of a column of their ids


def between(first: int, last: int) -> Which:
    """All cases from one id to another."""
    return lambda column: column.between(first, last)


def among(ids: Collection[int]) -> Which:
    """These cases."""
    return lambda column: column.in_(ids)


def of(session: Session, which: Which) -> dict[int, Sources]:
    """The sources of cases in the order of their ids; four queries."""
    columns = Case.id, Case.office_id, Case.number, Case.registered_on, Case.result, Case.applicant_class
    forms = (getattr(Particulars, name) for name in FORM)
    cases = select(*columns, *forms).outerjoin(Particulars, Particulars.id == Case.particulars_id)
    rows = session.execute(cases.where(which(Case.id)).order_by(Case.id))
    return _filled(
        session, which, {row.id: Sources(row, row if row.name is not None else None) for row in rows}
    )  # fmt: skip


def beside(session: Session, cases: Iterable[Case]) -> dict[int, list[Text]]:
    """The texts of cases that are loaded already, with their particulars; three queries."""
    found = {case.id: Sources(case, case.particulars) for case in cases}
    return {key: sources.texts() for key, sources in _filled(session, among(found), found).items()}


def _filled(session: Session, which: Which, found: dict[int, Sources]) -> dict[int, Sources]:
    events = select(Event.case_id, Event.act, Event.details).where(
        Event.act.in_(TELLING), which(Event.case_id)
    )
    for case_id, act, details in session.execute(events.order_by(Event.case_id, Event.seq)):
        found[case_id].events.append((act, details))
    for note in session.execute(noted(which)):
        found[note.case_id].notes.append(note)
    for letter in session.execute(issued(which)):
        found[letter.case_id].letters.append(letter)
    return found


def noted(which: Which) -> Any:
    """The notes of cases, in order."""
    query = select(Note.case_id, Note.id, Note.party, Note.text)
    return query.where(which(Note.case_id)).order_by(Note.case_id, Note.id)


def issued(which: Which) -> Any:
    """The letters of cases, in order."""
    query = select(Letter.case_id, Letter.id, Letter.kind, Letter.number, Letter.typed)
    return query.where(which(Letter.case_id)).order_by(Letter.case_id, Letter.id)
