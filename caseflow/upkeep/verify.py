"""Whether the record holds: every case replayed from its events and compared with all that was derived.

Each difference is one line: the case, what differs, what stands there, what the record says.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from ..calendars import store
from ..closing import sign
from ..law.casefile import NOT_OURS, REDO, SPLIT, CaseFile, Entry
from ..law.replay import replay
from ..law.terms import BY_CODE as TERMS
from ..law.workdays import Calendar
from ..models import (
    Case,
    CaseCounter,
    CaseLink,
    CaseTerm,
    Document,
    Event,
    Identity,
    Letter,
    LetterCounter,
    Note,
    Office,
    Particulars,
    ProceedingRow,
    Publication,
)
from ..reports.year import year_report, years_with_data
from ..stages import masking, record
from . import documents, publications
from .numbering import LetterNumbering, Numbering
from .snapshot import snapshot

CHUNK = 500  # cases read at a time

# All that an event says of a file, and its name, which is to be the mask once it was masked
FILED: tuple[InstrumentedAttribute[Any], ...] = (
    Document.case_id, Document.n, Document.kind, Document.sha256, Document.desk_only, Document.released,
    Document.name,
)  # fmt: skip

# All that an event says of a letter, its number in parts, and what was typed into it
ISSUED: tuple[InstrumentedAttribute[Any], ...] = (
    Letter.id, Letter.case_id, Letter.office_id, Letter.typed, Letter.series, Letter.year, Letter.n,
    *(getattr(Letter, column) for column in documents.OF_EVENT), *(getattr(Letter, column) for column in documents.LETTER),
)  # fmt: skip

# What a damaged event can bring the replay to
UNREADABLE = (LookupError, TypeError, ValueError, AttributeError)


@dataclass
class Folder:
    """One case with all rows that belong to it."""

    name: str
    case: Row[Any]
    events: list[Row[Any]] = field(default_factory=list)
    forms: list[tuple[Particulars, Identity | None]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    proceedings: list[Row[Any]] = field(default_factory=list)
    terms: list[Row[Any]] = field(default_factory=list)
    documents: list[Row[Any]] = field(default_factory=list)
    letters: list[Row[Any]] = field(default_factory=list)
    links: list[Row[Any]] = field(default_factory=list)  # that it tells of
    published: list[publications.Version] = field(default_factory=list)


def count() -> int:
    """How many cases there are to replay."""
    return snapshot().scalar(select(func.count(Case.id))) or 0


def differences(done: Callable[[int], object] = lambda cases: None) -> Iterator[str]:
    """Every difference, one line each; ``done`` is told how many more cases have been read."""
    session = snapshot()
    offices = {key: code for key, code in session.execute(select(Office.id, Office.code))}
    numbering = Numbering(offices)
    letters = LetterNumbering(offices)
    lengths = record.term_lengths(session)
    for folders in _chunks(session, offices):
        for folder in folders:
            numbering.see(folder.case.office_id, folder.case.number, folder.case.imported)
            letters.see(folder.letters)
            yield from _case(folder, lengths)
        done(len(folders))
    counters = select(CaseCounter.office_id, CaseCounter.year, CaseCounter.last)
    yield from numbering.differences({(o, year): last for o, year, last in session.execute(counters)})
    series = select(LetterCounter.office_id, LetterCounter.series, LetterCounter.year, LetterCounter.last)
    yield from letters.differences({(o, s, year): last for o, s, year, last in session.execute(series)})
    yield from _orphans(session)
    yield from _tables(offices)
    yield from sign.differences(session)


def _orphans(session: Session) -> Iterator[str]:
    """Rows that refer to nothing: SQLite lets them arise where somebody deletes with another program."""
    if session.get_bind().dialect.name == "sqlite":
        for table, key, other, _ in session.execute(text("PRAGMA foreign_key_check")):
            yield f"数据库：{table} 第 {key} 行指向的 {other} 已不存在"


def _tables(offices: Mapping[int, str]) -> Iterator[str]:
    """The identities of tables 3 and 4, for each office and year."""
    for office_id, code in offices.items():
        for year in years_with_data([office_id]):
            try:
                found = year_report([office_id], year).table.differences
            except UNREADABLE as error:
                yield f"{code} {year} 年报表：数不出来，{error!r}"
                continue
            for difference in found:
                yield f"{code} {year} 年报表：{difference.sentence}"


# -- reading -------------------------------------------------------------------------------------


def _chunks(session: Session, offices: Mapping[int, str]) -> Iterator[list[Folder]]:
    last = 0
    query = select(Case.__table__).order_by(Case.id).limit(CHUNK)
    while cases := session.execute(query.where(Case.id > last)).all():
        folders = {case.id: Folder(f"{offices[case.office_id]} {case.number}", case) for case in cases}
        _fill(session, folders, last + 1, cases[-1].id)
        yield list(folders.values())
        session.expunge_all()
        last = cases[-1].id


def _fill(session: Session, folders: dict[int, Folder], first: int, last: int) -> None:
    def within(column: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        return column.between(first, last)

    events = select(
        Event.case_id, Event.seq, Event.act, Event.on, Event.details, Event.actor_id, Event.calendar_version
    )
    for event in session.execute(events.where(within(Event.case_id)).order_by(Event.case_id, Event.seq)):
        folders[event.case_id].events.append(event)
    forms = select(Particulars, Identity).outerjoin(Identity, Identity.particulars_id == Particulars.id)
    for form, identity in session.execute(forms.where(within(Particulars.case_id))):
        folders[form.case_id].forms.append((form, identity))
    for note in session.scalars(select(Note).where(within(Note.case_id))):
        folders[note.case_id].notes.append(note)
    rows = select(ProceedingRow.__table__).where(within(ProceedingRow.case_id)).order_by(ProceedingRow.n)
    for row in session.execute(rows):
        folders[row.case_id].proceedings.append(row)
    for row in session.execute(select(CaseTerm.__table__).where(within(CaseTerm.case_id))):
        folders[row.case_id].terms.append(row)
    for filed in session.execute(select(*FILED).where(within(Document.case_id))):
        folders[filed.case_id].documents.append(filed)
    for issued in session.execute(select(*ISSUED).where(within(Letter.case_id))):
        folders[issued.case_id].letters.append(issued)
    links = select(CaseLink.__table__).where(within(CaseLink.other_id)).order_by(CaseLink.case_id)
    for link in session.execute(links):
        folders[link.other_id].links.append(link)
    publications.fill(session, within(Publication.case_id), folders)


# -- comparing -----------------------------------------------------------------------------------


def _case(folder: Folder, lengths: Mapping[str, int]) -> Iterator[str]:
    filed = documents.differences(folder.events, folder.documents)
    issued = documents.letters(folder.events, folder.letters)
    published = publications.differences(folder.events, folder.published)
    for line in (*_events(folder, lengths), *_seals(folder), *filed, *issued, *published):
        yield f"{folder.name} {line}"


def _events(folder: Folder, lengths: Mapping[str, int]) -> Iterator[str]:
    numbers = [event.seq for event in folder.events]
    if not numbers:
        yield "没有任何事件"
        return
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"事件序号不连续：{numbers}"
    try:
        file = replay(Entry(e.seq, e.act, e.on, e.details, e.actor_id) for e in folder.events)
        # the last event names the calendar it was dated by; what is closed stays as it was decided
        calendar = store.edition(folder.events[-1].calendar_version)
        derived = record.summary(file, calendar)
    except UNREADABLE as error:
        yield f"事件无法回放：{error!r}"
        return
    for column, value in derived.items():
        yield from _differs(column, getattr(folder.case, column), value)
    yield from _proceedings(folder, file)
    yield from _terms(folder, file, calendar, lengths)
    yield from _links(folder, file)
    yield from publications.states(folder.published, file)


def _terms(folder: Folder, file: CaseFile, calendar: Calendar, lengths: Mapping[str, int]) -> Iterator[str]:
    rows = record.term_rows(folder.case.id, file, calendar, lengths, folder.case.imported)
    derived = {(row["term"], row["n"]): row["due_on"] for row in rows}
    kept = {(row.term, row.n): row.due_on for row in folder.terms}
    for key in sorted(derived.keys() | kept.keys()):
        yield from _differs(
            f"期限 {TERMS[key[0]].label if key[0] in TERMS else key[0]}", kept.get(key), derived.get(key)
        )


def _proceedings(folder: Folder, file: CaseFile) -> Iterator[str]:
    derived = {row["n"]: row for row in record.proceeding_rows(folder.case.id, folder.case.office_id, file)}
    kept = {row.n: dict(row._mapping) for row in folder.proceedings}
    for n in sorted(derived.keys() | kept.keys()):
        if n not in derived or n not in kept:
            yield f"复议诉讼 {n}：{'行内没有' if n in derived else '事件里没有'}"
            continue
        for column, value in derived[n].items():
            yield from _differs(f"复议诉讼 {n} {column}", kept[n][column], value)


LINKS = {SPLIT: "一事一申请", REDO: "重新答复", NOT_OURS: "外机关登记"}


def _links(folder: Folder, file: CaseFile) -> Iterator[str]:
    """Of what this case tells that it belongs together with: its event says so, a link leads there."""
    told = {(other, kind) for other, kind in file.links}
    kept = {(link.case_id, link.kind) for link in folder.links}
    for other, kind in sorted(told - kept):
        yield f"{LINKS[kind]}：事件说与 /cases/{other} 关联，没有这条关联"
    for other, kind in sorted(kept - told):
        yield f"{LINKS.get(kind, kind)}：与 /cases/{other} 的关联，事件里没有"


def _differs(what: str, kept: object, derived: object) -> Iterator[str]:
    if kept != derived:
        yield f"{what}：行内 {_words(kept)}，回放 {_words(derived)}"


def _words(value: object) -> str:
    return "空" if value in (None, "") else str(value)


# -- seals: what is personal or free text is as it was when its event was written ----------------


def _seals(folder: Folder) -> Iterator[str]:
    named = [r for e in folder.events for r in _references(e.details)]
    forms = {form.id: (form, record.particulars_values(form, identity)) for form, identity in folder.forms}
    notes = {note.id: (note, {"text": note.text, "party": note.party}) for note in folder.notes}
    last = None
    kinds = (("particulars", "申请信息", forms, "forms"), ("note", "说明", notes, "notes"))
    for kind, label, rows, what in kinds:
        references, gone = [r for name, r in named if name == kind], documents.masked(folder.events, what)
        for reference in references:
            yield from _seal(label, reference, rows, gone)
        for key in rows.keys() - {reference["id"] for reference in references}:
            yield f"{label} {key}：没有事件提到它"
        if kind == "particulars" and references:
            last = references[-1]["id"]
    yield from _differs("particulars_id", folder.case.particulars_id, last)
    for _, identity in folder.forms:
        if identity and not _findable(identity):
            yield f"申请信息 {identity.particulars_id}：按证件号码找不到本人，检索值与号码不符"


def _findable(identity: Identity) -> bool:
    """Whether the keyed hash is that of the number, by one of the keys there are."""
    found = record.hashes(identity.certificate_number)
    return identity.certificate_hash in (found or [""])


def _references(details: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The rows that an event names, also those by which it corrects an earlier one."""
    for part in (details, details.get("changes") or {}):
        for kind in ("particulars", "note"):
            if kind in part:
                yield kind, part[kind]


def _seal(
    label: str, reference: Mapping[str, Any], rows: Mapping[int, tuple[Any, Any]], gone: Container[int]
) -> Iterator[str]:
    if reference["id"] not in rows:
        yield f"{label} {reference['id']}：已不存在"
        return
    row, values = rows[reference["id"]]
    yield from _differs(f"{label} {row.id} version", row.version, reference["version"])
    if row.id in gone:
        if why := documents.unmasked(values | {"salt": row.salt}, masking.SEALED):
            yield f"{label} {row.id}：{why}"
    elif record.sealed(row.salt, values) != reference["hash"]:
        yield f"{label} {row.id}：内容与事件里的校验值不符"
