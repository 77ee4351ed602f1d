"""An applicant seen before: the same certificate number, or the same name, with earlier requests."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, or_, select

from ..db import db
from ..law.applicants import alike, masked
from ..law.outcomes import BY_CODE
from ..law.workflow import POSITIONS
from ..models import Case, Identity, Particulars
from ..search import find
from ..search.query import Query
from ..stages.record import hashes

EARLIER = 4  # how many earlier requests are shown
SHORTEST = 2  # characters of a name before anyone is looked up
MOST = 300  # requests of one applicant that are looked through, by name and by certificate number


@dataclass(frozen=True)
class Known:
    """One earlier request of what may be the same applicant."""

    case_id: int
    number: str
    name: str
    certificate: str  # masked
    same_certificate: bool
    content: str
    received: date | None
    state: str
    contact: dict[str, str]  # by field of the form, "" where it was not given


CONTACT = ("contact_person", "email", "address")


def seen_before(office_id: int, name: str, certificate_number: str) -> list[Known]:
    """Earlier requests by this certificate number or exactly this name: the same number first,
    then the newest."""
    newest = looked_up(office_id, name, certificate_number).ids
    own = [request for request in requests(office_id, name, certificate_number, newest) if request.own]
    ids = [request.case_id for request in own[:EARLIER]]
    query = (
        select(Case, Particulars, Identity)
        .join(Particulars, Particulars.id == Case.particulars_id)
        .join(Identity, Identity.particulars_id == Particulars.id)
        .where(Case.id.in_(ids))
        .order_by(Case.id.desc())
    )
    if not ids:
        return []
    found = [
        _known(case, form, identity, certificate_number) for case, form, identity in db.session.execute(query)
    ]
    return sorted(found, key=lambda known: not known.same_certificate)


@dataclass(frozen=True)
class Request:
    """One request of an office."""

    case_id: int
    number: str
    name: str
    content: str
    came: date  # its legal receipt, else its registration
    received: bool  # its receipt is certain
    counts: bool  # not withdrawn before its legal receipt
    replied: date | None
    state: str  # its result, or where it stands
    same_certificate: bool  # as the applicant who is looked up
    same_name: bool

    @property
    def own(self) -> bool:
        """Whether it may be the same applicant's."""
        return self.same_certificate or self.same_name


@dataclass(frozen=True)
class LookedUp:
    """The newest cases that may be an applicant's, MOST by each way; ``more`` where there are others.

    ``beside``: what further questions found, asked in the same statement.
    """

    ids: frozenset[int]
    more: bool
    beside: frozenset[int]


def looked_up(
    office_id: int, name: str, certificate_number: str, beside: Sequence[tuple[Query, int]] = ()
) -> LookedUp:
    """The cases of an office that bear a name or a certificate number.

    The name is looked up in the search index, which holds the office too: an organisation with tens of thousands
    of requests costs no more than a person with three.
    """
    query = by_name(office_id, name)
    asked = [(query, MOST + 1)] if query else []
    found = find.newest(db.session(), [*asked, *beside]) if asked or beside else []
    named, others = (found[0], found[1:]) if asked else ([], found)
    numbered = _by_number(office_id, certificate_number) if certificate_number else []
    more = max(len(named), len(numbered)) > MOST
    ids = frozenset((*named[:MOST], *numbered[:MOST]))
    return LookedUp(ids, more, frozenset(case_id for each in others for case_id in each))


def _by_number(office_id: int, certificate_number: str) -> Sequence[int]:
    # + 0: found by the certificate number; asked for plainly, SQLite would go through all cases of the office
    query = (
        select(Case.id)
        .join(Particulars, Particulars.id == Case.particulars_id)
        .join(Identity, Identity.particulars_id == Particulars.id)
        .where(Identity.certificate_hash.in_(hashes(certificate_number)), Case.office_id + 0 == office_id)
    )
    return db.session.scalars(query.order_by((Case.id + 0).desc()).limit(MOST + 1)).all()


def by_name(office_id: int, name: str) -> Query | None:
    """What finds an applicant's name; None where it is too short to look for."""
    return find.named(name, office_id) if len(name) >= SHORTEST else None


def requests(office_id: int, name: str, certificate_number: str, ids: Collection[int]) -> list[Request]:
    """Those of these cases that are an office's, the newest first; one query."""
    if not ids:
        return []
    columns = (
        Case.id, Case.number, Case.received_on, Case.registered_on, Case.closed_by, Case.replied_on, Case.result,
        Case.stage, Case.office_id, Particulars.name, Particulars.content, Identity.certificate_hash,
    )  # fmt: skip
    of_number = frozenset(hashes(certificate_number))
    # the office is looked at afterwards: asked for here, SQLite would go through all of its cases
    query = (
        select(*columns)
        .join(Particulars, Particulars.id == Case.particulars_id)
        .join(Identity, Identity.particulars_id == Particulars.id)
        .where(Case.id.in_(ids))
    )
    return [
        Request(
            row.id, row.number, row.name, row.content, row.received_on or row.registered_on,
            row.received_on is not None, row.closed_by != "not_received", row.replied_on,
            BY_CODE[row.result].label if row.result else POSITIONS[row.stage],
            row.certificate_hash in of_number,
            len(name) >= SHORTEST and row.name == name,
        )
        for row in db.session.execute(query.order_by(Case.id.desc()))
        if row.office_id == office_id
    ]  # fmt: skip


@dataclass(frozen=True)
class Record:
    """How many requests an applicant made in an office, since when, and which of its month one is (art. 35, 42)."""

    count: int
    more: bool  # than are counted
    first: date
    last: date
    in_month: int  # at least, where there are more


def record_of(requests: Sequence[Request], more: bool, day: date, before: int | None = None) -> Record | None:
    """Of the requests of one applicant; ``day`` is that of the receipt of the one at hand, ``before`` its id if it has one.

    The place in the month counts as ``place_in_month`` does. None where there was none before.
    """
    others = [request for request in requests if request.case_id != before]
    if not others:
        return None
    month = [r for r in others if r.counts and (r.came.year, r.came.month) == (day.year, day.month)]
    earlier = [r for r in month if before is None or (r.came, r.case_id) < (day, before)]
    came = [request.came for request in others]
    return Record(len(others), more, min(came), max(came), len(earlier) + 1)


def _known(case: Case, form: Particulars, identity: Identity, typed: str) -> Known:
    state = BY_CODE[case.result].label if case.result else POSITIONS[case.stage]
    number = identity.certificate_number
    return Known(
        case.id, case.number, form.name, masked(number), bool(typed) and alike(number, typed),
        form.content, case.received_on, state,
        {"phone": identity.phone} | {name: getattr(form, name) for name in CONTACT},
    )  # fmt: skip


def place_in_month(case: Case) -> tuple[int, date]:
    """Which request of its applicant a case is in the calendar month of its receipt, in its office; that month's first day.

    The same applicant is the same certificate number or, where none is known, the same name. Requests
    withdrawn before their legal receipt don't count.
    """
    came = case.received_on or case.registered_on
    first = came.replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    day = func.coalesce(Case.received_on, Case.registered_on)
    query = (
        select(func.count())
        .select_from(Case)
        .join(Particulars, Particulars.id == Case.particulars_id)
        .join(Identity, Identity.particulars_id == Particulars.id)
        .where(Case.office_id == case.office_id, _same(case), Case.closed_by != "not_received")
        .where(day >= first, day < after, or_(day < came, (day == came) & (Case.id < case.id)))
    )
    return db.session.scalars(query).one() + 1, first


def _same(case: Case) -> ColumnElement[bool]:
    identity = db.session.get(Identity, case.particulars_id) if case.particulars_id else None
    if identity and identity.certificate_hash:
        return Identity.certificate_hash.in_(hashes(identity.certificate_number))
    return Particulars.name == (case.particulars.name if case.particulars else "")
