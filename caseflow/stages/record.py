"""The record: the only writer of events and of the case row, their summary."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, func, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from .. import keys
from ..law import counting, secrecy
from ..law.applicants import certificate, is_masked
from ..law.casefile import CaseFile, Entry
from ..law.replay import replay
from ..law.terms import OWN_LENGTHS, running
from ..law.workdays import Calendar
from ..models import Case, CaseLink, CaseTerm, Event, Identity, Note, Particulars, ProceedingRow, TermRule
from ..search import index
from . import chain, publication, signed
from .chain import as_json

REGISTER_SEQ = 1  # the first event of every case
PARTICULARS = (
    "name", "contact_person", "agent", "co_applicants", "address", "email", "certificate_type",
    "content", "obtain_by", "form", "remark",
)  # fmt: skip
IDENTITY = ("certificate_number", "phone")
BY_HASH = "certificate_hash"


def entry_of(event: Event | Row[Any]) -> Entry:
    """The event, or a row of its columns, as the law sees it."""
    return Entry(
        event.seq, event.act, event.on, event.details, event.actor_id, event.source == "ledger"
    )  # fmt: skip


def entries(session: Session, case_id: int) -> list[Entry]:
    """All events of a case, oldest first."""
    return [entry_of(event) for event in session.scalars(_events(), {"case": case_id})]


@cache
def _events() -> Select[Event]:
    return select(Event).where(Event.case_id == bindparam("case")).order_by(Event.seq)


def append(
    session: Session,
    case: Case,
    act: str,
    on: date,
    details: Mapping[str, Any],
    *,
    actor_id: int | None,
    at: datetime,
    calendar: Calendar,
    source: str = "desk",
    past: Sequence[Entry] | None = None,
) -> CaseFile:
    """Write one event and bring the summary row up to date; the caller holds the row's lock.

    ``past`` are all events of the case so far, where the caller has read them under that lock. Raises
    RuntimeError where they are not those that the row sums up.
    """
    entry = Entry(case.seq + 1, act, on, dict(details), actor_id, source == "ledger")
    if past is None:
        past = entries(session, case.id)
    if counting.decides(act, counting.is_counted(past[0] if past else entry)):
        entry = counting.placed(entry, signed.years(session, case.office_id))
    event = {
        "case_id": case.id, "seq": entry.seq, "act": act, "on": on, "at": at, "actor_id": actor_id,
        "source": source, "calendar_version": calendar.version, "details": dict(entry.details),
    }  # fmt: skip
    if len(past) != case.seq:
        raise RuntimeError(f"{len(past)} events read, the case has {case.seq}")
    chain.chain_events(session, [event], {case.id: case.office_id})
    session.add(Event(**event))
    file = replay([*past, entry])
    summarise(session, case, file, calendar)
    session.flush()
    index.follow(session, case, [*past, entry])
    return file


def summarise(session: Session, case: Case, file: CaseFile, calendar: Calendar) -> None:
    """Set all that is derived from the replay: the one writer of the summary and of the terms."""
    for column, value in summary(file, calendar).items():
        setattr(case, column, value)
    if file.proceedings or file.amended:  # the only one may have been declared void
        session.execute(delete(ProceedingRow).where(ProceedingRow.case_id == case.id))
        session.add_all(ProceedingRow(**row) for row in proceeding_rows(case.id, case.office_id, file))
    if file.links or file.amended:
        session.execute(delete(CaseLink).where(CaseLink.other_id == case.id))
        if links := link_rows(case.id, file):
            session.execute(insert(CaseLink), links)
    if file.publications:
        publication.summarise(session, case.id, file)
    session.execute(delete(CaseTerm).where(CaseTerm.case_id == case.id))
    if terms := term_rows(case.id, file, calendar, term_lengths(session), case.imported):
        session.execute(insert(CaseTerm), terms)


def summary(file: CaseFile, calendar: Calendar) -> dict[str, Any]:
    """The derived columns of the case row as the events alone give them."""
    clock = file.clock(calendar)
    waiting = clock.waiting if clock and file.is_open else ""
    due = clock.due if clock and file.closed_by in {"", "reply"} else file.missed(calendar)
    counted = clock.used(file.replied, calendar) if clock and file.replied else None
    return {
        "seq": file.seq,
        "stage": file.stage,
        "channel": file.channel,
        "applicant_class": file.applicant_class,
        "handler_id": file.handler_id,
        "handler": file.handler,
        "department": file.department,
        "registered_on": file.registered,
        "received_on": file.received,
        "waiting": waiting,
        "hold_until": clock.hold_until if clock and waiting else None,
        "due_on": due,
        "provisional": bool(clock and clock.provisional),
        "calendar_version": calendar.version,
        **course(file),
        "extension_asked": file.extension_asked,
        "draft_result": file.draft.result if file.draft else "",
        "draft_approved": bool(file.draft and file.draft.approved),
        "secrecy_awaited": _secrecy_awaited(file),
        "result": file.result,
        "closed_by": file.closed_by,
        "replied_on": file.replied,
        "closed_on": file.closed,
        "delivered_on": file.delivered,
        "archived_on": file.archived,
        "masked_seq": file.masked_at,
        "on_time": file.sent_by(clock.due if clock else None),
        "plain_on_time": file.sent_by(clock.plain_due if clock else None),
        "days_used": counted,
        "new_year": file.new_year,
        "result_year": file.result_year,
    }


def _secrecy_awaited(file: CaseFile) -> bool:
    draft = file.draft
    return draft is not None and not draft.approved and bool(secrecy.refusal(draft.result, file.secrecy))


def course(file: CaseFile) -> dict[str, Any]:
    """What stopped, restarted or lengthened the term on its way."""
    return {
        "corrected": any(p.kind == "correction" for p in file.pauses),
        "charged": any(p.kind == "fee" for p in file.pauses),
        "consulted": bool(file.consultations),
        "extended": sum(e.days for e in file.extensions),
        "deferred": file.deferred_to is not None,
    }


def term_rows(
    case_id: int,
    file: CaseFile,
    calendar: Calendar,
    lengths: Mapping[str, int],
    imported: bool,
) -> list[dict[str, Any]]:
    """The terms that run on a case, as rows; ``lengths`` in calendar days (``term_lengths``).

    What a ledger tells as closed is taken as it is: nobody is warned to deliver or archive it.
    """
    if imported and not file.is_open:
        return []
    clock = file.clock(calendar)
    return [
        {"case_id": case_id, "term": t.term, "n": t.n, "starts_on": t.starts, "due_on": t.due}
        for t in running(file, clock, calendar, lengths)
    ]


def term_lengths(session: Session) -> dict[str, int]:
    """The lengths that the office set itself, in calendar days, beside those it left as they were."""
    kept = session.execute(select(TermRule.term, TermRule.days).where(TermRule.days.is_not(None)))
    return OWN_LENGTHS | {term: days for term, days in kept if days is not None}


def proceeding_rows(case_id: int, office_id: int, file: CaseFile) -> list[dict[str, Any]]:
    """The summary rows of a case's 复议 and 诉讼."""
    return [
        {
            "case_id": case_id,
            "office_id": office_id,
            "n": p.n,
            "kind": p.kind,
            "after_reconsideration": p.after_reconsideration,
            "opened_on": p.opened,
            "closed_on": p.closed,
            "result": p.result,
            "new_year": p.new_year,
            "result_year": p.result_year,
        }
        for p in file.proceedings
    ]


def link_rows(case_id: int, file: CaseFile) -> list[dict[str, Any]]:
    """The links that this case tells of; ``case_id`` of a link is the other one."""
    return [{"case_id": other, "other_id": case_id, "kind": kind} for other, kind in file.links]


# -- what is personal or free text, kept apart from the events ---------------------------------


def sealed(salt: str, values: Mapping[str, str]) -> str:
    """A salted hash of a row: the event keeps it, so that a changed row is found out."""
    return hashlib.sha256((salt + as_json(dict(values))).encode()).hexdigest()


def particulars_values(row: Particulars, identity: Identity | None) -> dict[str, str]:
    """The values that the seal of a request form covers."""
    values = {name: str(getattr(row, name)) for name in PARTICULARS}
    return values | {name: str(getattr(identity, name, "")) for name in IDENTITY}


def particulars_of(session: Session, case: Case) -> dict[str, str]:
    """The newest version of the request form."""
    row = session.get_one(Particulars, case.particulars_id)
    return particulars_values(row, session.get(Identity, row.id))


def form_values(values: Mapping[str, str]) -> dict[str, str]:
    """All fields of a request form as they are kept, "" where nothing was given."""
    whole = {name: values.get(name, "") for name in (*PARTICULARS, *IDENTITY)}
    return whole | {"certificate_number": certificate(whole["certificate_number"])}


def identity_row(whole: Mapping[str, str]) -> dict[str, str]:
    """What of all fields of a form stands in the table apart."""
    kept = {name: whole[name] for name in IDENTITY}
    return kept | {BY_HASH: hashed(whole["certificate_number"])}


def hashed(number: str) -> str:
    """By what the same applicant is found; "" where there is no number, or only one that is masked."""
    return "" if is_masked(number) else keys.ring().hashed(certificate(number), BY_HASH)


def hashes(number: str) -> list[str]:
    """What to look for to find the applicant of a certificate number: one for each key there is."""
    return [] if is_masked(number) or not number else keys.ring().hashes(certificate(number), BY_HASH)


def keep_particulars(session: Session, case: Case, values: Mapping[str, str]) -> dict[str, Any]:
    """Write a version of the request form; returns the reference that the event keeps."""
    version = _next_version(session, Particulars, case.id) if case.seq else 1
    salt = secrets.token_hex(16)
    whole = form_values(values)
    row = Particulars(case_id=case.id, version=version, salt=salt, **{k: whole[k] for k in PARTICULARS})
    session.add(row)
    session.flush()
    session.add(Identity(particulars_id=row.id, **identity_row(whole)))
    case.particulars_id = row.id
    set_committed_value(case, "particulars", row)  # what is searched is told from it: not to be asked for
    return {"id": row.id, "version": version, "hash": sealed(salt, whole)}


def keep_note(session: Session, case: Case, text: str, party: str = "") -> dict[str, Any]:
    """Write free text of an act; returns the reference that the event keeps."""
    version = _next_version(session, Note, case.id)
    salt = secrets.token_hex(16)
    row = Note(case_id=case.id, version=version, text=text, party=party, salt=salt)
    session.add(row)
    session.flush()
    return {"id": row.id, "version": version, "hash": sealed(salt, {"text": text, "party": party})}


def _next_version(session: Session, table: type[Particulars] | type[Note], case_id: int) -> int:
    newest = session.execute(select(func.max(table.version)).where(table.case_id == case_id)).scalar()
    return (newest or 0) + 1
