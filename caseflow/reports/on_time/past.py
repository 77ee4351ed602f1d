"""The cases as of a past day, by the one replay: as recorded by then, or by date with what was recorded since.

- ``recorded``: the events recorded until the end of that day in China. Nothing that is recorded later can
  change what they give.
- ``dated``: the events that happened until that day, whenever they were recorded, as corrections (更正) have
  left them. What changes it is recorded later, of an earlier day or a correction, and named (``since``).

Only cases that can have stood otherwise are replayed: those that were open then, and for ``recorded`` those
of which something earlier was recorded later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, exists, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from ...calendars import store
from ...db import db
from ...law.casefile import Entry
from ...law.replay import CONSULTS, corrected, replay
from ...models import Case, Event
from ...moment import ZONE
from ...stages.record import REGISTER_SEQ, entry_of, summary
from .definition import of_offices
from .source import MATTER, TABLE, Row, Source, table, with_others

RECORDED, DATED = "recorded", "dated"
VIEWS = {RECORDED: "按当时的登记", DATED: "按发生的日期"}

# Acts that leave every column that matters as it is; whatever is not named here is taken to move one
SILENT = frozenset({
    "ask_extension", "refuse_extension", "ask_reasons", "receive_reasons", "draft_reply", "approve_reply",
    "send_back", "deliver_reply", "return_reply", "resend_reply", "archive", "open_proceeding",
    "appeal_proceeding", "close_proceeding", "add_files", "issue_letter", "review_secrecy", "mask_personal", "watch", "answer_watch",
    "end_watch", "hold_accountable", "redo_reply", "link_case",
    "propose_publication", "approve_publication", "refuse_publication", "withdraw_publication", "change_contact", "open_letter",
})  # fmt: skip
ABOUT_ONE = frozenset({"deliver_consultation", "record_opinion"})  # of the consultation they name
CORRECT, REDATE = "correct", "redate"
LATER, BEFORE = "later", "before"  # why a case is looked at


# What is read of an event, as few columns as will do
TOLD = (
    Event.case_id, Event.at, Event.calendar_version, Event.seq, Event.act, Event.on, Event.details, Event.actor_id,
    Event.source,
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One event as a past day needs it."""

    entry: Entry
    at: datetime
    version: int  # of the calendar it was dated by


@dataclass(frozen=True)
class Since:
    """A case whose figures by date aren't those recorded by then, and the events that make the difference."""

    case_id: int
    number: str
    office_id: int
    events: tuple[Told, ...]


@dataclass(frozen=True)
class Past:
    """What the figures of a past day are counted from, and what is to be said of it."""

    source: Source
    imported: int  # cases that a ledger brought only later
    since: tuple[Since, ...] = ()  # of the view by date


@dataclass(frozen=True)
class _Known:
    """A case that may have stood otherwise."""

    id: int
    number: str
    office_id: int
    imported: bool
    recorded: bool  # whether it was registered by then
    why: frozenset[str]

    @property
    def brought_since(self) -> bool:
        """Whether a ledger brought it later, as a whole."""
        return self.imported and not self.recorded


def end_of(day: date) -> datetime:
    """The moment at which a day in China is over."""
    after = day + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=ZONE)


def as_of(office_ids: Iterable[int], day: date, view: str) -> Past:
    """The cases of these offices as of the end of ``day``."""
    known = _known(list(office_ids), day)
    by_record = view == RECORDED
    gone = {k.id for k in known if by_record or LATER in k.why}
    replayed = [k for k in known if (k.recorded if by_record else not k.brought_since or LATER in k.why)]
    told = _told([k.id for k in replayed])
    row = _recorded if by_record else _dated
    rows = ((k, row(told[k.id], day)) for k in replayed if k.id in gone)
    then = {k.id: {**found, "office_id": k.office_id} for k, found in rows if found}
    stood = TABLE.c.registered_on <= day
    source = with_others(day, stood, gone, then)
    since = () if by_record else tuple(_since(replayed, told, day))
    return Past(source, sum(k.brought_since for k in known), since)


# -- which cases ----------------------------------------------------------------------------------


def _known(ids: list[int], day: date) -> list[_Known]:
    """The cases in which something moved since: ``LATER`` happened later, ``BEFORE`` was recorded of before."""
    cut = end_of(day)
    moves = Event.act.not_in(SILENT)
    moved = exists().where(Event.case_id == Case.id, moves, or_(Event.at >= cut, Event.on > day))
    later = select(Case.id, literal(LATER).label("why")).where(
        of_offices(ids),
        or_(Case.closed_on.is_(None), Case.closed_on > day, Case.registered_on > day),
        or_(Case.registered_on <= day, Case.received_on <= day),
        moved,
    )
    before = select(Event.case_id, literal(BEFORE)).distinct().where(
        Event.at >= cut, moves, or_(Event.on <= day, Event.act == CORRECT)
    )  # fmt: skip
    either = union_all(later, before).subquery()
    first = aliased(Event)
    query = (
        select(Case.id, Case.number, Case.office_id, Case.imported, first.at, either.c.why)
        .join(either, either.c.id == Case.id)
        .join(first, and_(first.case_id == Case.id, first.seq == REGISTER_SEQ))
        .where(of_offices(ids))
    )
    why: dict[tuple[int, str, int, bool, bool], set[str]] = defaultdict(set)
    for case_id, number, office_id, imported, at, reason in db.session.execute(query):
        why[case_id, number, office_id, imported, at < cut].add(reason)
    return [_Known(*case, frozenset(reasons)) for case, reasons in why.items()]


def _told(ids: Sequence[int]) -> dict[int, list[Told]]:
    """All events of these cases, each case's by ``seq``."""
    found: dict[int, list[Told]] = defaultdict(list)
    if not ids:
        return found
    wanted = table("wanted", [TABLE.c.id], [{"id": case_id} for case_id in ids])
    query = select(*TOLD).where(Event.case_id.in_(select(wanted.c.id))).order_by(Event.case_id, Event.seq)
    for row in db.session.execute(query):
        found[row.case_id].append(Told(entry_of(row), row.at, row.calendar_version))
    return found


# -- how they stood -------------------------------------------------------------------------------


def _recorded(told: Sequence[Told], day: date) -> Row | None:
    """The case as its events until the end of the day give it; None where there was none."""
    return _row(_by_then(told, day))


def _by_then(told: Sequence[Told], day: date) -> list[Told]:
    cut = end_of(day)
    later = next((place for place, one in enumerate(told) if one.at >= cut), len(told))
    return list(told[:later])


def _dated(told: Sequence[Told], day: date) -> Row | None:
    """The case as what happened until the day gives it; None where nothing had.

    What moves nothing stays: a draft of a later day still says what the reply of an earlier one decided.
    """
    versions = {one.entry.seq: one.version for one in told}
    entries = [
        entry
        for entry in corrected(one.entry for one in told)
        if entry.on <= day or entry.act in SILENT | {CORRECT} or entry.seq == REGISTER_SEQ
    ]
    asked = {entry.details.get("n") for entry in entries if entry.act in CONSULTS}
    entries = [e for e in entries if e.act not in ABOUT_ONE or e.details["n"] in asked]
    if not any(e.on <= day and e.act not in SILENT | {CORRECT, REDATE} for e in entries):
        return None
    moving = [entry for entry in entries if entry.act not in SILENT]
    return _summary(entries, versions[moving[-1].seq])


def _row(told: Sequence[Told]) -> Row | None:
    return _summary([one.entry for one in told], told[-1].version) if told else None


def _summary(entries: Iterable[Entry], version: int) -> Row:
    return summary(replay(entries), store.edition(version))


# -- what the view by date owes to later records --------------------------------------------------


def _since(known: Iterable[_Known], told: Mapping[int, Sequence[Told]], day: date) -> Iterable[Since]:
    cut = end_of(day)
    for case in known:
        if BEFORE not in case.why or case.brought_since or not _differs(told[case.id], day):
            continue
        late = (one for one in told[case.id] if one.at >= cut and one.entry.act not in SILENT)
        named = tuple(one for one in late if one.entry.on <= day or one.entry.act == CORRECT)
        yield Since(case.id, case.number, case.office_id, named)


def _differs(told: Sequence[Told], day: date) -> bool:
    """Whether any column that matters is another one by date than as recorded by then."""
    by_record, by_date = _recorded(told, day), _dated(told, day)
    if by_record is None or by_date is None:
        return by_record is not by_date
    return any(by_record[name] != by_date[name] for name in MATTER if name != "office_id")
