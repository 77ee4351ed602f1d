"""以前办过类似的吗: earlier requests like one, the same applicant's first, with their replies, letters and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ..db import db
from ..law.letters import BY_CODE as LETTERS
from ..law.outcomes import BY_CODE
from ..law.workflow import POSITIONS
from ..models import Case, Event, Identity, Letter, Particulars
from ..search import highlight, similar, texts
from ..search.grams import Word, words
from ..search.highlight import Piece
from . import applicants
from .applicants import Record, Request

SHOWN = 4  # of the same applicant, and as many of others
SHORTEST = 4  # characters of what is asked for before anything is looked up


@dataclass(frozen=True)
class Asked:
    """The request at hand: typed just now, or a case."""

    office_id: int
    name: str
    certificate_number: str
    content: str
    day: date
    case_id: int | None = None


@dataclass(frozen=True)
class Paper:
    """A letter of an earlier request that decided it; its content may be masked."""

    id: int
    title: str
    number: str
    gone: bool


@dataclass
class Earlier:
    """One earlier request, and why it is shown."""

    case: Case
    content: list[Piece]
    state: str  # its result, or where it stands
    why: list[str]
    reply_no: str = ""
    letters: list[Paper] = field(default_factory=list)


@dataclass(frozen=True)
class Before:
    """All that is told of what was there before a request."""

    own: list[Earlier]
    others: list[Earlier]
    record: Record | None  # None: this applicant has asked for nothing yet


@dataclass(frozen=True)
class _Weighed:
    case_id: int
    likeness: float
    content: str
    number: str  # that both name


def of_case(case: Case) -> Before:
    """What was there before a case; its particulars are loaded."""
    form, identity = case.particulars, db.session.get(Identity, case.particulars_id)
    if form is None or case.masked_seq:
        return Before([], [], None)
    certificate = identity.certificate_number if identity else ""
    day = case.received_on or case.registered_on
    return before(Asked(case.office_id, form.name, certificate, form.content, day, case.id))


def before(asked: Asked) -> Before:
    """Requests like one, the likest first; those registered before it where it is a case."""
    requests = applicants.requests_of(asked.office_id, asked.name, asked.certificate_number)
    own = {request.case_id: request for request in requests if _is_before(request.case_id, asked)}
    weighed = _weighed(asked, own) if len(asked.content.strip()) >= SHORTEST else []
    mine = [one for one in weighed if one.case_id in own][:SHOWN]
    theirs = [one for one in weighed if one.case_id not in own][:SHOWN]
    told = _told([*mine, *theirs], asked, own)
    return Before(
        [told[one.case_id] for one in mine if one.case_id in told],
        [told[one.case_id] for one in theirs if one.case_id in told],
        applicants.record_of(requests, asked.day, asked.case_id),
    )


def _is_before(case_id: int, asked: Asked) -> bool:
    return asked.case_id is None or case_id < asked.case_id


def _weighed(asked: Asked, own: dict[int, Request]) -> list[_Weighed]:
    scale = similar.weights(db.session())
    found = similar.candidates(db.session(), asked.content, asked.office_id, scale)
    others = [key for key in found if key not in own and _is_before(key, asked)]
    query = select(Case.id, Particulars.content).join(Particulars, Particulars.id == Case.particulars_id)
    contents = {key: request.content for key, request in own.items()}
    contents |= {key: content for key, content in db.session.execute(query.where(Case.id.in_(others)))}
    mine, weighed = similar.terms(asked.content), []
    for key, content in contents.items():
        likeness, number = (
            scale.likeness(mine, similar.terms(content)),
            similar.same_number(asked.content, content),
        )
        if likeness >= similar.SIMILAR or number:
            weighed.append(_Weighed(key, likeness, content, number))
    return sorted(weighed, key=lambda one: (-round(one.likeness, 2), -one.case_id))


def _told(weighed: Sequence[_Weighed], asked: Asked, own: dict[int, Request]) -> dict[int, Earlier]:
    ids = [one.case_id for one in weighed]
    if not ids:
        return {}
    query = select(Case).where(Case.id.in_(ids)).options(joinedload(Case.particulars))
    cases = {case.id: case for case in db.session.scalars(query)}
    found = {
        one.case_id: _earlier(cases[one.case_id], one, asked, own.get(one.case_id))
        for one in weighed
        if one.case_id in cases
    }
    _replies(found)
    return found


def _earlier(case: Case, one: _Weighed, asked: Asked, request: Request | None) -> Earlier:
    pieces = similar.shared(asked.content, one.content)
    said: list[Word] = [word for piece in pieces for word in words(f'"{piece}"')]
    state = BY_CODE[case.result].label if case.result else POSITIONS[case.stage]
    return Earlier(case, highlight.marked(one.content, said), state, list(_why(one, pieces, request)))


def _why(one: _Weighed, pieces: Sequence[str], request: Request | None) -> Iterable[str]:
    if request:
        yield "证件号码相同" if request.same_certificate else "申请人同名"
    if one.number:
        yield f"都提到 {one.number}"
    if one.likeness > 0.995:
        yield "内容相同"
    elif pieces:
        yield f"内容都有“{'”“'.join(pieces[:3])}”"


def _replies(found: dict[int, Earlier]) -> None:
    """Their replies' numbers and the letters that decided them."""
    acts = select(Event.case_id, Event.details).where(Event.case_id.in_(found), Event.act.in_(texts.TELLING))
    for case_id, details in db.session.execute(acts.order_by(Event.case_id, Event.seq)):
        found[case_id].reply_no = texts.reply_number(details) or found[case_id].reply_no
    issued = select(Letter).where(Letter.case_id.in_(found)).order_by(Letter.id)
    held = {(letter.case_id, letter.kind, letter.about): letter for letter in db.session.scalars(issued)}
    for letter in held.values():
        if LETTERS[letter.kind].decides:
            paper = Paper(letter.id, LETTERS[letter.kind].title, letter.number, letter.sha256 is None)
            found[letter.case_id].letters.append(paper)
