"""Cases as ledger rows: what an export writes, and what a row that comes in is compared with."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..law.applicants import alike, certificate, masked
from ..law.casefile import CaseFile, Entry
from ..law.facts import Pause
from ..law.replay import corrected, replay
from ..models import Case, Event, Identity, Particulars
from ..stages.chain import as_json
from ..stages.record import IDENTITY
from ..stages.record import PARTICULARS as FORM
from .columns import LEDGER, NUMBER, OFFICE, Column, Row
from .events import LAPSES, PARTICULARS
from .parse import clean, whole

# -- the same content ----------------------------------------------------------------------------


NUMBERS = {field: PARTICULARS[field] for field in IDENTITY}  # columns that are masked unless asked for


def content_hash(row: Row) -> str:
    """A hash of all a row says but its number and its organ: rows without a number are told apart by it.

    Certificate and telephone as masked: what they hide can't be tried against it, and a row of an export that
    masks them has the same one.
    """
    told = {name: value for name, value in row.items() if value and name not in (NUMBER, OFFICE)}
    shown = {name: masked(certificate(told[name])) for name in NUMBERS.values() if name in told}
    return hashlib.sha256(as_json(told | shown).encode()).hexdigest()


def differing(old: Row, new: Row) -> list[str]:
    """The columns in which two rows of one number differ, the organ aside."""
    return [c.name for c in LEDGER.columns if c.name != OFFICE and not _same(c, old, new)]


def _same(column: Column, old: Row, new: Row) -> bool:
    one, other = old[column.name], new[column.name]
    return one == other or (column.field in NUMBERS and alike(one, other))


# -- from the record -----------------------------------------------------------------------------


def rows_of(session: Session, case_ids: Sequence[int]) -> dict[int, Row]:
    """The rows of these cases as they stand now, in the order given."""
    entries = entries_of(session, case_ids)
    form = (
        select(Case.id, Case.number, *(getattr(Particulars, name) for name in FORM))
        .add_columns(*(getattr(Identity, name) for name in IDENTITY))
        .join(Particulars, Particulars.id == Case.particulars_id)
        .join(Identity, Identity.particulars_id == Particulars.id)
        .where(Case.id.in_(case_ids))
    )
    forms = {row["id"]: row for row in session.execute(form).mappings()}
    rows: dict[int, Row] = {}
    for case_id in case_ids:
        row = told(entries[case_id]) | {NUMBER: forms[case_id]["number"]}
        rows[case_id] = row | {name: clean(forms[case_id][field]) for field, name in PARTICULARS.items()}
    return rows


def entries_of(session: Session, case_ids: Iterable[int]) -> dict[int, list[Entry]]:
    """The events of several cases, each oldest first."""
    query = select(Event.case_id, Event.seq, Event.act, Event.on, Event.details, Event.actor_id)
    found: dict[int, list[Entry]] = defaultdict(list)
    for case_id, *fields in session.execute(query.where(Event.case_id.in_(case_ids)).order_by(Event.seq)):
        found[case_id].append(Entry(*fields))
    return found


def told(entries: Sequence[Entry]) -> Row:
    """What the events say, by column; number, organ and the form's own words come from elsewhere."""
    file = replay(entries)
    row = {**LEDGER.blank}
    correction, fee = (_last(file, kind) for kind in ("correction", "fee"))
    row |= {
        "受理方式": file.channel,
        "提交日期": _iso(file.submitted),
        "收到日期": _iso(file.received),
        "申请人类型": file.applicant_class,
        "补正告知日期": _iso(correction.asked),
        "补正期限": _iso(correction.until),
        "补正收到日期": _iso(correction.met),
        "征求意见发出日期": ";".join(_iso(c.sent) for c in file.consultations),
        "征求意见收到日期": ";".join(_iso(c.opinion) for c in file.consultations),
        "延期批准日期": _iso(file.extensions[0].approved) if file.extensions else "",
        "延期工作日": str(sum(e.days for e in file.extensions) or ""),
        "延迟答复至": _iso(file.deferred_to or file.ordered_to),  # a re-reply's day has no column of its own
        "收费通知日期": _iso(fee.asked),  # the day it came has no column: what comes in counts from this one
        "缴费日期": _iso(fee.met),
        "经办人": clean(file.handler),
    } | _closing(file, entries)
    whole(row)
    return row


def _closing(file: CaseFile, entries: Sequence[Entry]) -> Row:
    if file.closed is None:
        return {}
    row = {
        "答复日期": _iso(file.closed) if file.received else "",
        "办理结果": file.result,
        "答复文号": clean(file.reply_no or _closed_by(entries).details.get("reply_no", "")),
        "送达日期": _iso(file.delivered),
        "归档日期": _iso(file.archived),
    }
    if file.closed_by in ("withdrawn", "not_received"):
        row["撤回日期"] = _closed_by(entries).details.get("asked") or _iso(file.closed)
    return row


def _closed_by(entries: Sequence[Entry]) -> Entry:
    closing = {"send_reply", "withdraw", *LAPSES.values()}
    return [entry for entry in corrected(entries) if entry.act in closing][-1]


def _last(file: CaseFile, kind: str) -> Pause:
    asked = [pause for pause in file.pauses if pause.kind == kind]
    return asked[-1] if asked else Pause(kind, None)  # type: ignore[arg-type]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def proceedings_of(session: Session, case_ids: Iterable[int]) -> dict[int, list[Row]]:
    """The rows of 复议 and 诉讼 of these cases, in their order."""
    found = entries_of(session, case_ids)
    return {case_id: proceeding_rows(replay(entries)) for case_id, entries in found.items()}


def proceeding_rows(file: CaseFile) -> list[Row]:
    """The rows of the sheet 复议诉讼 of one case, without its number."""
    return [
        {
            "类型": p.kind,
            "是否经过复议": "yes" if p.after_reconsideration else "no",
            "提起日期": _iso(p.opened),
            "审结日期": _iso(p.closed),
            "结果": p.result,
        }
        for p in file.proceedings
    ]
