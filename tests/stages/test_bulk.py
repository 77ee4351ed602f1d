"""Many cases at once: exactly what the desk would have written, all of them or none."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from caseflow.law.casefile import Entry
from tests.support.office import DeskOffice, row

DAY = date(2026, 9, 21)
NOW = datetime(2026, 9, 21, 2, 0, tzinfo=UTC)
FORM = {
    "name": "林国栋",
    "content": "某路改造工程结算报告",
    "certificate_number": "000000199001011234",
    "phone": "1",
}


def prepared(office: DeskOffice, number: str, *more: Entry, ledger_hash: str | None = None) -> Any:
    """A case handed in at the counter, with more events after it."""
    from caseflow.stages.bulk import Prepared
    from caseflow.stages.register import Arrival, arrival_details

    details = arrival_details(Arrival("in_person", submitted=DAY, arrived=DAY, confirmed=DAY)) | {
        "applicant_class": "natural_person"
    }
    return Prepared(
        office.id,
        number,
        FORM,
        [Entry(1, "register", DAY, details, office.people["clerk"]), *more],
        ledger_hash,
    )


def write(*cases: Any, source: str = "desk") -> int:
    from caseflow.calendars import store
    from caseflow.db import transaction
    from caseflow.stages import bulk

    with transaction() as session:
        return bulk.write(session, iter(cases), store.current(), lambda entry: NOW, source)


def columns(found: Any, *apart: str) -> dict[str, Any]:
    """All columns of a row but the keys and what is random."""
    apart = ("id", "case_id", "salt", "number", "particulars_id", *apart)
    return {c.key: getattr(found, c.key) for c in found.__table__.columns if c.key not in apart}


def everything(case_id: int) -> list[dict[str, Any]]:
    """All rows of a case in a comparable form."""
    from caseflow.db import db
    from caseflow.models import Event, Identity, Particulars

    case = row(case_id)
    form = db.session.scalars(select(Particulars).where(Particulars.case_id == case_id)).one()
    identity = db.session.get_one(Identity, form.id)
    events = db.session.scalars(select(Event).where(Event.case_id == case_id).order_by(Event.seq)).all()
    told = [columns(event, "at", "details", "hash") | {"details": shape(event.details)} for event in events]
    return [columns(case), columns(form), columns(identity, "particulars_id"), *told]


def shape(details: dict[str, Any]) -> dict[str, Any]:
    """Details with the seal of the form as its keys only: it is salted."""
    return details | {"particulars": sorted(details["particulars"])} if "particulars" in details else details


def test_a_case_written_in_bulk_is_the_one_the_desk_would_have_written(office):
    from caseflow.db import db
    from caseflow.search import index
    from caseflow.stages import review
    from tests.support.office import seq

    at_the_desk = office.register(DAY, certificate_number=FORM["certificate_number"], phone=FORM["phone"])
    review.accept(office.work("clerk", DAY), at_the_desk, seq(at_the_desk), DAY, office.people["clerk"])
    handler = {"handler_id": office.people["clerk"], "handler": "王敏"}
    write(prepared(office, "2026-9", Entry(2, "accept", DAY, handler, office.people["clerk"])))
    assert everything(at_the_desk + 1) == everything(at_the_desk)
    assert list(index.differences(db.session(), 1, at_the_desk + 1)) == []


def test_its_seals_hold(office):
    from caseflow.upkeep import verify

    write(*(prepared(office, f"旧 {n}") for n in range(3)), source="ledger")
    assert list(verify.differences()) == []


def test_what_comes_from_a_ledger_says_so(office):
    write(prepared(office, "旧 1", ledger_hash="a" * 64), source="ledger")
    from caseflow.db import db
    from caseflow.models import Case, Event

    assert db.session.execute(select(Case.imported, Case.ledger_hash)).one() == (True, "a" * 64)
    assert db.session.scalars(select(Event.source)).all() == ["ledger"]


def test_the_desk_goes_on_after_it(office):
    first = office.register(DAY)
    write(*(prepared(office, f"旧 {n}") for n in range(2)))
    assert office.register(DAY) == first + 3


def test_more_than_one_chunk_is_written_in_order(office):
    from caseflow.db import db
    from caseflow.models import Case
    from caseflow.stages.bulk import CHUNK

    numbers = [f"旧 {n}" for n in range(CHUNK + 1)]
    assert write(*(prepared(office, number) for number in numbers)) == CHUNK + 1
    assert db.session.scalars(select(Case.number).order_by(Case.id)).all() == numbers


def test_a_fault_in_the_last_case_leaves_none_of_them(office):
    from sqlalchemy.exc import IntegrityError

    from tests.ledger.tables import counts

    before = counts()
    with pytest.raises(IntegrityError):
        write(*(prepared(office, f"旧 {n}") for n in range(1100)), prepared(office, "旧 0"))
    assert counts() == before


def test_proceedings_stand_in_their_own_table_too(office):
    from caseflow.db import db
    from caseflow.models import ProceedingRow

    brought = Entry(2, "open_proceeding", DAY, {"n": 1, "kind": "suit", "after_reconsideration": False}, None)
    write(prepared(office, "旧 1", brought))
    assert db.session.execute(select(ProceedingRow.n, ProceedingRow.kind)).one() == (1, "suit")
