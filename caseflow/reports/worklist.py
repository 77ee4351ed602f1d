"""The worklist: filters as values, one query, keyset pages, capped counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import joinedload

from ..db import db
from ..law.terms import TERMS
from ..law.workdays import Calendar
from ..models import Case, CaseTerm, Particulars

PAGE = 50
COUNT_LIMIT = 1000  # a count stops here: "1000+"
LOOKED_THROUGH = 5000  # cases, for the names of handlers and for words among the closed ones
# a partial index is taken where its very words stand in the statement
STAGE_IN_INDEX: dict[str, Any] = {"archive": literal_column("'archive'")}
FAR = date(9999, 12, 31)  # where a case without a due day sorts

LONGEST_ID = 18  # digits that fit any column
MINE = "~"  # before a person's id: theirs, and those nobody has yet
NOBODY = "0"  # as a handler: nobody has the case yet

LIGHTS = ("late", "urgent", "soon", "ok", "hold", "unconfirmed")  # each open case has one of them
ACROSS = ("running", "lapsed")  # asked for like a light, but across them


@dataclass(frozen=True)
class Filters:
    """What a worklist shows; the names are those of the URL."""

    office_id: int
    status: str = "open"  # open | closed | all
    light: str = ""
    stage: str = ""
    handler: str = ""  # a person's id, NOBODY, or the name of one whom only a ledger knows
    channel: str = ""
    applicant_class: str = ""
    year: int | None = None  # of registration
    result: str = ""
    q: str = ""  # part of the number, the name or what is asked
    on_time: bool | None = None
    replied_from: date | None = None
    replied_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    sort: str = "due"


@dataclass(frozen=True)
class Sort:
    """An order of lists: by a day, or by another where a case has none; each found by an index."""

    day: Any
    ascending: bool
    instead: Any = None
    by: tuple[Any, ...] = ()  # the words of a partial index that is kept for this order

    @property
    def key(self) -> Any:
        """What a case is sorted by."""
        return self.day if self.instead is None else func.coalesce(self.day, self.instead)

    def stretches(self, few: bool) -> list[tuple[Any, list[ColumnElement[bool]]]]:
        """The column by which to sort some cases, and which these are: together all.

        ``few``: an index finds them, and they are sorted then, rather than looked for along the order.
        """
        if few:
            return [(func.coalesce(self.key, literal(FAR, self.day.type)), [])]
        if self.instead is None:
            return [(self.day, [*self.by])]
        return [(self.day, [self.day.is_not(None), *self.by]), (self.key, [self.day.is_(None), *self.by])]


SORTS: dict[str, Sort] = {
    "due": Sort(Case.due_on, True, literal(FAR, Case.due_on.type)),
    "closed": Sort(Case.closed_on, False),
    "received": Sort(Case.received_on, False, Case.registered_on, (literal_column("seq > 0"),)),
    "number": Sort(Case.registered_on, False),
}


def order_of(f: Filters) -> str:
    """By what a list is in order: what runs by its due day, what is closed by its day, unless asked otherwise."""
    by_status = {"open": "due", "closed": "number" if f.year else "closed", "all": "number"}
    return by_status[f.status] if f.sort == "due" else f.sort


def running(today: date | BindParameter[date], c: Any = Case) -> ColumnElement[bool]:
    """The clock runs today: nothing is awaited, or the third party's 15 days are over.

    ``c`` has the columns of a case, those of the table unless given.
    """
    over = and_(c.waiting == "consultation", c.hold_until < today)
    return and_(c.due_on.is_not(None), or_(c.waiting == "", over))


def lapsed(today: date | BindParameter[date]) -> ColumnElement[bool]:
    """Somebody outside has let a term lapse, and the office may act (art. 30, 32, 34, 35, 42)."""
    theirs = CaseTerm.term.in_([term.code for term in TERMS if term.offers and term.days is None])
    return Case.id.in_(select(CaseTerm.case_id).where(theirs, CaseTerm.due_on < today))


def light_is(code: str, today: date, calendar: Calendar) -> ColumnElement[bool]:
    """The light as a condition on the due day; bounds are working days from ``today``."""
    urgent, soon = calendar.add(today, 3), calendar.add(today, 6)  # first days beyond 2 and 5 left
    runs = running(today)
    conditions: dict[str, Callable[[], ColumnElement[bool]]] = {
        "late": lambda: and_(runs, Case.due_on < today),
        "urgent": lambda: and_(runs, Case.due_on >= today, Case.due_on < urgent),
        "soon": lambda: and_(runs, Case.due_on >= urgent, Case.due_on < soon),
        "ok": lambda: and_(runs, Case.due_on >= soon),
        "running": lambda: runs,
        "hold": lambda: and_(Case.received_on.is_not(None), ~func.coalesce(runs, false())),
        "lapsed": lambda: lapsed(today),
        "unconfirmed": lambda: Case.received_on.is_(None),
    }
    return and_(Case.closed_on.is_(None), conditions[code]())


def conditions(f: Filters, today: date, calendar: Calendar) -> list[ColumnElement[bool]]:
    """The filters as conditions."""
    found: list[ColumnElement[bool]] = [Case.office_id == f.office_id]
    # what waits for its folder is closed: said once more, it would be looked for among all that is
    if f.status != "all" and not (f.status == "closed" and f.stage == "archive"):
        found.append(Case.closed_on.is_(None) if f.status == "open" else Case.closed_on.is_not(None))
    if f.light:
        found.append(light_is(f.light, today, calendar))
    equal: tuple[tuple[Any, Any], ...] = (
        (Case.stage, STAGE_IN_INDEX.get(f.stage, f.stage or None)),
        (Case.channel, f.channel or None),
        (Case.applicant_class, f.applicant_class or None),
        (Case.result, f.result or None),
        (Case.on_time, f.on_time),
    )
    found += [column == value for column, value in equal if value is not None]
    found += [_handled_by(f.handler)] if f.handler else []
    spans: tuple[tuple[Any, date | None, date | None], ...] = (
        (Case.replied_on, f.replied_from, f.replied_to),
        (Case.due_on, f.due_from, f.due_to),
        (Case.registered_on, *_year(f.year)),
    )
    for column, first, last in spans:
        found += [column >= first] if first else []
        found += [column <= last] if last else []
    return found + (_contains(f) if f.q else [])


def _handled_by(handler: str) -> ColumnElement[bool]:
    if handler.startswith(MINE) and handler[1:].isdecimal():
        return or_(Case.handler_id == int(handler[1:]), Case.handler_id.is_(None))
    if handler != NOBODY and handler.isdecimal():
        return Case.handler_id == int(handler)
    name = "" if handler == NOBODY else handler
    return and_(Case.handler_id.is_(None), Case.handler == name)


def ledger_handlers(office_id: int) -> list[str]:
    """The names of handlers whom only a ledger knows, among the newest LOOKED_THROUGH of their cases.

    All the names of an office with more such cases would cost each page a fifth of a second.
    """
    brought = select(Case.handler).where(
        Case.office_id == office_id, Case.handler_id.is_(None), Case.handler != ""
    )
    newest = brought.order_by(Case.id.desc()).limit(LOOKED_THROUGH).subquery()
    return sorted(db.session.scalars(select(newest.c.handler).distinct()))


def _year(year: int | None) -> tuple[date | None, date | None]:
    return (date(year, 1, 1), date(year, 12, 31)) if year else (None, None)


def _contains(f: Filters) -> list[ColumnElement[bool]]:
    """Read through every open case; of closed ones, of which there are always more, through the newest alone."""
    newest = select(Case.id).where(Case.office_id == f.office_id)
    newest = newest.order_by(Case.registered_on.desc(), Case.id.desc()).limit(LOOKED_THROUGH)
    return [_says(f.q), *([] if f.status == "open" else [Case.id.in_(newest)])]


def _says(q: str) -> ColumnElement[bool]:
    form = select(Particulars.id).where(
        Particulars.id == Case.particulars_id,
        or_(
            Particulars.name.contains(q, autoescape=True),
            Particulars.content.contains(q, autoescape=True),
        ),
    )
    return or_(Case.number.contains(q, autoescape=True), form.exists())


@dataclass(frozen=True)
class Page:
    """One page of a worklist, and the keys that lead to its neighbours."""

    cases: list[Case]
    before: str  # key of the previous page, "" if there is none
    after: str


def page(f: Filters, today: date, calendar: Calendar, after: str = "", before: str = "") -> Page:
    """Cases after (or before) a key, PAGE at most; keys are made by this function only."""
    sort = SORTS[order_of(f)]
    key = _parse(after or before)
    backwards = bool(before) and key is not None
    up = sort.ascending != backwards
    # which ones is found first: what stands in them isn't carried through a sort of thousands
    asked = conditions(f, today, calendar)
    parts = (
        _stretch([*asked, *which], column, key, up)
        for column, which in sort.stretches(f.stage in STAGE_IN_INDEX)
    )
    chosen = union_all(*parts).subquery()
    query = select(Case, sort.key).join(chosen, chosen.c.id == Case.id).options(joinedload(Case.particulars))
    query = query.order_by(*_order(sort.key, up)).limit(PAGE + 1)
    found = db.session.execute(query).all()
    more, found = len(found) > PAGE, found[:PAGE]
    if backwards:
        found = found[::-1]
    first, last = (_key(found[0]), _key(found[-1])) if found else ("", "")
    has_before = more if backwards else key is not None
    has_after = bool(key) if backwards else more
    return Page([r[0] for r in found], first if has_before else "", last if has_after else "")


def _stretch(asked: list[ColumnElement[bool]], column: Any, key: tuple[date, int] | None, up: bool) -> Any:
    """The ids of the first PAGE + 1 cases from a key on, by a column; up: the smallest first."""
    ids = select(Case.id).where(*asked)
    if key:
        here = tuple_(column, Case.id)
        there = tuple_(literal(key[0], column.type), literal(key[1], Case.id.type))
        ids = ids.where(here > there if up else here < there)
    return select(ids.order_by(*_order(column, up)).limit(PAGE + 1).subquery())


def _order(column: Any, up: bool) -> tuple[Any, Any]:
    return (column.asc(), Case.id.asc()) if up else (column.desc(), Case.id.desc())


def _key(found: Any) -> str:
    case, value = found
    return f"{value.isoformat()}_{case.id}"


def _parse(key: str) -> tuple[date, int] | None:
    """A key as we made it; anything else begins at the first page."""
    value, _, last = key.partition("_")
    if not last.isdecimal() or max(len(value), len(last)) > LONGEST_ID:
        return None
    try:
        return date.fromisoformat(value), int(last)
    except ValueError:
        return None


def counts(lists: Iterable[Filters], today: date, calendar: Calendar) -> dict[Filters, int]:
    """How many there are of each, counted to COUNT_LIMIT + 1 at most; all in one statement."""
    asked = tuple(dict.fromkeys(lists))
    found = db.session.execute(_counts(asked, today, calendar)).one()
    return dict(zip(asked, found, strict=True))


@lru_cache(maxsize=64)
def _counts(asked: tuple[Filters, ...], today: date, calendar: Calendar) -> Select[*tuple[Any, ...]]:
    """The statement of ``counts``: it takes longer to make than to run, and an office asks it all day."""
    return select(*(_count(f, today, calendar) for f in asked))


def _count(f: Filters, today: date, calendar: Calendar) -> ScalarSelect[int]:
    some: Select[Any] = select(Case.id).where(*conditions(f, today, calendar)).limit(COUNT_LIMIT + 1)
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


def shown(number: int) -> str:
    """A capped count as a page shows it."""
    return f"{COUNT_LIMIT}+" if number > COUNT_LIMIT else str(number)
