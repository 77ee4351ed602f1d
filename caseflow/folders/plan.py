"""What goes into the folder of a case, read at one moment; packing it needs the database no more."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from ..calendars import store
from ..db import db
from ..law.letters import BY_CODE as LETTERS
from ..models import Document, Letter, Office
from ..moment import local
from ..reports import casefolder
from ..reports.casefolder import Folder
from ..stages import papers as filed
from ..stages.papers import KINDS
from ..upkeep.snapshot import snapshot
from . import listing, names, told
from .listing import Paper
from .order import PLACES

GONE = "内容已随个人信息隐去"


@dataclass(frozen=True)
class Member:
    """One file of the zip: made already, or to be read from the store."""

    name: str
    sha256: str
    made: bytes | None = None


@dataclass(frozen=True)
class Plan:
    """The files of a folder in their order."""

    office: str  # its code: numbers run office by office
    number: str  # of the case
    members: tuple[Member, ...]  # in the order of their names
    masked: bool = False  # what was personal is gone from the record for good

    @property
    def manifest(self) -> Member:
        """The hash of every other file, as ``sha256sum -c`` reads it."""
        lines = "".join(f"{m.sha256}  {m.name}\n" for m in self.members)
        return made(names.MANIFEST, lines.encode())

    @property
    def files(self) -> list[Member]:
        """All that the zip holds, in the order of the names."""
        return sorted((*self.members, self.manifest), key=lambda member: member.name)


def made(name: str, content: bytes) -> Member:
    """A file of the zip that is made already."""
    return Member(name, hashlib.sha256(content).hexdigest(), content)


def plan(case_id: int) -> Plan:
    """The folder of a case as its record stands. Raises NoResultFound for a case that isn't there."""
    session = snapshot()
    try:
        if (case := casefolder.found(session, case_id)) is None:
            raise NoResultFound(case_id)
        folder = casefolder.open_folder(case, store.current())
        return _planned(folder, case.office, list(_papers(folder, case.office.name)))
    finally:
        session.rollback()  # contents are read without it


def _planned(folder: Folder, office: Office, papers: Iterable[Paper]) -> Plan:
    named = [(paper, _name(n, paper)) for n, paper in enumerate(papers, 1)]
    found = [
        made(f"{names.LIST}.csv", listing.to_csv(named)),
        made(f"{names.LIST}.docx", listing.to_docx(told.facts(folder, office.name), named)),
    ]
    for paper, name in named:
        if paper.made is not None:
            found.append(made(name, paper.made))
        elif paper.sha256:
            found.append(Member(name, paper.sha256))
    return Plan(office.code, folder.case.number, tuple(found), folder.file.masked is not None)


def _name(n: int, paper: Paper) -> str:
    kept = paper.made is not None or paper.sha256
    return names.member(n, paper.label, paper.ending) if kept else ""


def _papers(folder: Folder, office: str) -> list[Paper]:
    """All papers in the order of the folder; what the record says of the course comes last."""
    placed = [*_files(folder, office), *_letters(folder, office)]
    placed.append(((PLACES["file", "request"], 1, 0), _register(folder, office)))
    closed = folder.case.closed_on or told.last_day(folder)
    last = [
        Paper("期限计算说明", "期限计算说明", author=office, day=closed, made=told.working(folder, office)),
        Paper(
            "办理经过", "办理经过", author=office, day=told.last_day(folder), made=told.course(folder, office)
        ),
    ]
    return [*(paper for _, paper in sorted(placed, key=lambda found: found[0])), *last]


Placed = tuple[tuple[int, int, int], Paper]


def _register(folder: Folder, office: str) -> Paper:
    return Paper(
        "政府信息公开申请登记表", "申请登记表", author=office, day=folder.case.registered_on,
        made=told.request(folder, office),
    )  # fmt: skip


def _files(folder: Folder, office: str) -> list[Placed]:
    authors, void = {"request": folder.applicant, "working": office}, folder.void_files
    return [
        ((PLACES["file", row.kind], 0, row.n), _file(row, authors.get(row.kind, ""), row.n in void))
        for row in filed.of_case(db.session(), folder.case)
    ]


def _file(row: Document, author: str, void: bool) -> Paper:
    stem, ending = names.split(row.name)
    notes = (
        ("作废", void), ("已提供给申请人", row.released), ("只供经办人、负责人", row.desk_only),
        (GONE, row.sha256 is None),
    )  # fmt: skip
    return Paper(
        f"{KINDS[row.kind]}：{row.name}", f"{KINDS[row.kind]}{'（作废）' if void else ''} {stem}", ending,
        author=author, day=local(row.added_at).date(), notes=tuple(note for note, so in notes if so),
        sha256=row.sha256,
    )  # fmt: skip


def _letters(folder: Folder, office: str) -> list[Placed]:
    query = select(Letter).where(Letter.case_id == folder.case.id).order_by(Letter.id)
    rows = db.session.scalars(query)
    return [
        ((PLACES["letter", row.kind], row.about, row.version), _letter(row, office, folder.holds(row)))
        for row in rows
    ]


def _letter(row: Letter, office: str, holds: bool) -> Paper:
    title = LETTERS[row.kind].title
    void = "" if holds else "（作废）"
    notes = (
        ("" if holds else "作废"), (f"第 {row.version} 版" if row.version > 1 or not holds else ""),
        ("" if row.sha256 else GONE),
    )  # fmt: skip
    version = f" 第{row.version}版" if row.version > 1 or not holds else ""
    return Paper(
        title, f"{title}{void} {row.number}{version}", number=row.number, author=office,
        day=row.issued_on, notes=tuple(filter(None, notes)), sha256=row.sha256,
    )  # fmt: skip
