"""以前办过类似的吗: earlier requests like one, the same applicant's first, with their replies, letters and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from ..db import db
from ..law.letters import BY_CODE as LETTERS
from ..models import Case, Event, Identity, Letter
from ..search import highlight, similar, texts
from ..search.grams import Word, words
from ..search.highlight import Piece
from . import applicants
from .applicants import Record, Request

SHOWN = 4  # of the same applicant, and as many of others
CANDIDATES = 100  # of each kind, that are weighed
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

    request: Request
    content: list[Piece]
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
    request: Request
    likeness: float
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
    who = asked.office_id, asked.name, asked.certificate_number
    alike = similar.candidates(asked.content, asked.office_id, similar.weights(db.session()))
    mine = applicants.looked_up(*who, beside=[(query, CANDIDATES) for query in alike])
    similar.noticed(max(mine.ids | mine.beside | {asked.case_id or 0}))
    found = applicants.requests(*who, mine.ids | mine.beside)
    own = [request for request in found if request.own and request.case_id in mine.ids]
    earlier = [request for request in found if asked.case_id is None or request.case_id < asked.case_id]
    weighed = _weighed(asked, earlier) if len(asked.content.strip()) >= SHORTEST else []
    same = [_told(one, asked) for one in [one for one in weighed if one.request.own][:SHOWN]]
    theirs = [_told(one, asked) for one in [one for one in weighed if not one.request.own][:SHOWN]]
    _replies({one.request.case_id: one for one in (*same, *theirs)})
    return Before(same, theirs, applicants.record_of(own, mine.more, asked.day, asked.case_id))


def _weighed(asked: Asked, requests: Sequence[Request]) -> list[_Weighed]:
    scale, weighed = similar.weights(db.session()), []
    mine, named = similar.terms(asked.content), similar.numbers(asked.content)
    for request in requests:
        likeness = scale.likeness(mine, similar.terms(request.content))
        number = similar.same_number(named, similar.numbers(request.content)) if named else ""
        if likeness >= similar.SIMILAR or number:
            weighed.append(_Weighed(request, likeness, number))
    return sorted(weighed, key=lambda one: (-round(one.likeness, 2), -one.request.case_id))


def _told(one: _Weighed, asked: Asked) -> Earlier:
    pieces = similar.shared(asked.content, one.request.content)
    said: list[Word] = [word for piece in pieces for word in words(f'"{piece}"')]
    return Earlier(one.request, highlight.marked(one.request.content, said), list(_why(one, pieces)))


def _why(one: _Weighed, pieces: Sequence[str]) -> Iterable[str]:
    if one.request.own:
        yield "证件号码相同" if one.request.same_certificate else "申请人同名"
    if one.number:
        yield f"都提到 {one.number}"
    if one.likeness > 0.995:
        yield "内容相同"
    elif pieces:
        yield f"内容都有“{'”“'.join(pieces[:3])}”"


def _replies(found: dict[int, Earlier]) -> None:
    """Their replies' numbers and the letters that decided them."""
    if not found:
        return
    acts = select(Event.case_id, Event.details).where(Event.case_id.in_(found), Event.act.in_(texts.TELLING))
    for case_id, details in db.session.execute(acts.order_by(Event.case_id, Event.seq)):
        found[case_id].reply_no = texts.reply_number(details) or found[case_id].reply_no
    issued = select(Letter).where(Letter.case_id.in_(found)).order_by(Letter.id)
    held = {(letter.case_id, letter.kind, letter.about): letter for letter in db.session.scalars(issued)}
    for letter in held.values():
        if LETTERS[letter.kind].decides:
            paper = Paper(letter.id, LETTERS[letter.kind].title, letter.number, letter.sha256 is None)
            found[letter.case_id].letters.append(paper)
