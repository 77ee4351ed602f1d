"""What the auditor reads: the second log (安全审计), and the acts of the record by who did them and when.

Both newest first, by keyset; neither names an applicant.
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from ..db import db
from ..law.workflow import BY_CODE, ROLES
from ..models import AuditEntry, Case, Event, Person
from ..stages.audit import DETAILS, WHAT
from .history import SOURCES

PAGE = 50
# Details that are kept as codes, and their words
CODED = ("role", "before", "after", "field", "why")
CODES = ROLES | {
    "email": "电子邮箱", "department": "科室", "away": "不在岗和代理", "password": "没有这个人，或者密码不对",
    "disabled": "账号已经停用", "code": "动态口令不对", "own": "现在的密码不对", "ticket": "查询号、查询码不对",
}  # fmt: skip
# What the record tells beside the acts of the table
OF_RECORD = {"redate": "日历调整", "mask_personal": "隐去个人信息", "open_letter": "网上打开文书"}
COMMAND = "命令行"
NOBODY = "未登录"
APPLICANT = "申请人"


@dataclass(frozen=True)
class Ask:
    """Which entries; None and "" where all are asked for. ``since`` is inside, ``until`` no longer."""

    office_ids: Collection[int]
    strangers: bool = False  # also what no organ is known of: tries of unknown names, commands
    actor_id: int | None = None
    case_id: int | None = None
    what: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Told:
    """One line of either log."""

    id: int
    at: datetime
    who: str
    what: str
    case: str  # its number, "" for none
    on: date | None  # of an act: the day that it tells of
    address: str
    details: str


@dataclass(frozen=True)
class Page:
    """One page, and the id from which the older ones go on."""

    lines: list[Told]
    older: int | None


def page(log: str, ask: Ask, before: int = 0) -> Page:
    """The newest entries of a log, or those before an id."""
    lines = list(_told(log, _query(log, ask, before).limit(PAGE + 1)))
    return Page(lines[:PAGE], lines[PAGE - 1].id if len(lines) > PAGE else None)


def whole(log: str, ask: Ask) -> Iterator[Told]:
    """All of them, for a file; nothing is kept."""
    return _told(log, _query(log, ask, 0).execution_options(yield_per=1000))


def _query(log: str, ask: Ask, before: int) -> Select[*tuple[Any, ...]]:
    return _acts(ask, before) if log == "acts" else _entries(ask, before)


def _told(log: str, query: Select[*tuple[Any, ...]]) -> Iterator[Told]:
    if log == "acts":
        yield from map(_act, db.session.execute(query))
        return
    people = select(Person.id, Person.name, Person.username)
    names = {key: f"{name}（{username}）" for key, name, username in db.session.execute(people)}
    for row in db.session.execute(query):
        yield _entry(row, names)


def _entries(ask: Ask, before: int) -> Select[*tuple[Any, ...]]:
    whose: ColumnElement[bool] = AuditEntry.office_id.in_(ask.office_ids)
    if ask.strangers:
        whose = or_(whose, AuditEntry.office_id.is_(None))
    query = select(AuditEntry, Person.name, Person.username, Case.number).where(whose)
    query = query.outerjoin(Person, Person.id == AuditEntry.actor_id)
    query = query.outerjoin(Case, Case.id == AuditEntry.case_id)
    return _narrowed(query, AuditEntry, ask, before, AuditEntry.what)


def _acts(ask: Ask, before: int) -> Select[*tuple[Any, ...]]:
    columns = (
        Event.id,
        Event.at,
        Event.act,
        Event.on,
        Event.source,
        Case.number,
        Person.name,
        Person.username,
    )
    query = select(*columns).join_from(Event, Case, Case.id == Event.case_id)
    query = query.outerjoin(Person, Person.id == Event.actor_id).where(Case.office_id.in_(ask.office_ids))
    return _narrowed(query, Event, ask, before, Event.act)


def _narrowed(
    query: Select[*tuple[Any, ...]], table: type[AuditEntry] | type[Event], ask: Ask, before: int, what: Any
) -> Select[*tuple[Any, ...]]:
    wanted: list[ColumnElement[bool]] = []
    for value, column, holds in (
        (ask.actor_id, table.actor_id, operator.eq), (ask.case_id, table.case_id, operator.eq), (ask.what, what, operator.eq),
        (ask.since, table.at, operator.ge), (ask.until, table.at, operator.lt), (before, table.id, operator.lt),
    ):  # fmt: skip
        if value:
            wanted.append(holds(column, value))
    return query.where(*wanted).order_by(table.id.desc())


def _entry(row: Any, names: Mapping[int, str]) -> Told:
    entry: AuditEntry = row.AuditEntry
    nobody = NOBODY if entry.address else COMMAND
    told = ((DETAILS[name], _said(name, value, names)) for name, value in entry.details.items())
    details = "；".join(f"{label}：{said}" for label, said in told if said)
    return Told(
        entry.id, entry.at, _name(row, nobody), WHAT[entry.what], row.number or "", None, entry.address, details
    )  # fmt: skip


def _said(name: str, value: Any, names: Mapping[int, str]) -> str:
    """A detail in the words of the page."""
    if name == "person":
        return names.get(value, "")
    if value is None or isinstance(value, bool):
        return "是" if value else ""
    return CODES.get(str(value), str(value)) if name in CODED else str(value)


def _act(row: Any) -> Told:
    nobody = APPLICANT if row.source == "counter" else COMMAND
    source = SOURCES.get(row.source, "")
    return Told(
        row.id,
        row.at,
        _name(row, nobody),
        OF_RECORD.get(row.act) or BY_CODE[row.act].label,
        row.number,
        row.on,
        "",
        source,
    )


def _name(row: Any, nobody: str) -> str:
    return f"{row.name}（{row.username}）" if row.username else nobody
