"""What the calendar's pages say of a change: the days that would become others, or became, and the cases it moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ..calendars.store import EnteredDay, EnteredYear
from ..law.terms import BY_CODE as TERMS
from ..law.words import with_weekday
from ..stages.calendar import Draft
from ..stages.redate import Change, TermChange
from .calendar_pages import OFF, WORKED, known_days, working_days

SHOWN = 200  # cases
RENAMED = "日期不变，名称或依据不同"


@dataclass(frozen=True)
class Line:
    """One day of a draft, and what becomes of it."""

    day: str
    mark: str
    name: str
    change: str
    moves: bool  # whether it counts otherwise than before


@dataclass(frozen=True)
class YearDraft:
    """A year as it would be: its days that change and those that don't, its working days before and after."""

    year: int
    changed: list[Line]
    rest: list[Line]
    before: int
    after: int
    was_official: bool
    official: bool
    documents: tuple[str, str]  # before and after


def drafted_years(draft: Draft, before: Mapping[int, EnteredYear]) -> list[YearDraft]:
    """The years that would become different, ``before`` as they stand."""
    return [_drafted(draft, before[year.year], year) for year in draft.years]


def _drafted(draft: Draft, was: EnteredYear, year: EnteredYear) -> YearDraft:
    found = lines(was, year)
    return YearDraft(
        year.year, [line for line in found if line.moves], [line for line in found if not line.moves],
        working_days(draft.old, year.year), working_days(draft.new, year.year),
        was.official, year.official, (_documents(was), _documents(year)),
    )  # fmt: skip


def _documents(year: EnteredYear) -> str:
    return "、".join(dict.fromkeys(d.document for d in year.days if d.document))


def lines(before: EnteredYear, after: EnteredYear) -> list[Line]:
    """Every day of two states of a year, and what became of it."""
    old = {day.day: day for day in known_days(before)}
    new = {day.day: day for day in known_days(after)}
    return [_line(day, old.get(day), new.get(day)) for day in sorted(old.keys() | new.keys())]


def changed(before: EnteredYear, after: EnteredYear) -> list[Line]:
    """The days that became others, first those that count otherwise."""
    return sorted((line for line in lines(before, after) if line.change), key=lambda line: not line.moves)


def _line(day: date, old: EnteredDay | None, new: EnteredDay | None) -> Line:
    usual = day.weekday() < 5
    was, will = old.works if old else usual, new.works if new else usual
    if new is None:
        back = f"取消，照常{'上班' if usual else '休息'}"
        return Line(with_weekday(day), "", old.name if old else "", back, was != will)
    renamed = old is not None and (old.name, old.document) != (new.name, new.document)
    change = ("新增" if old is None else "改变") if was != will else RENAMED if renamed else ""
    return Line(with_weekday(day), WORKED if new.works else OFF, new.name, change, was != will)


# -- the cases -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moved:
    """Another term than the reply that falls on another day."""

    number: str
    label: str
    old: date | None
    new: date | None


@dataclass(frozen=True)
class Impact:
    """What becomes of the open cases; only the own office's are listed, others are counted."""

    moved: int
    confirmed: int  # no longer provisional, on the same day
    terms: int  # cases another term of which moves
    listed: list[Change]
    listed_terms: list[Moved]
    rest: int
    elsewhere: int
    elsewhere_terms: int


def impact_of(changes: Sequence[Change], office_id: int) -> Impact:
    """Counted and cut to what a page can hold."""
    moving = [c for c in changes if c.moves]
    mine = [c for c in moving if c.office_id == office_id]
    others = [c for c in changes if c.terms]
    own = [c for c in others if c.office_id == office_id]
    told = [Moved(c.number, label(t), t.old, t.new) for c in own for t in c.terms]
    return Impact(
        moved=len(moving),
        confirmed=sum(c.was_provisional and not c.provisional for c in changes if not c.moves),
        terms=len(others), listed=mine[:SHOWN], listed_terms=told[:SHOWN],
        rest=max(len(mine) - SHOWN, 0) + max(len(told) - SHOWN, 0),
        elsewhere=len(moving) - len(mine), elsewhere_terms=len(others) - len(own),
    )  # fmt: skip


def label(term: TermChange) -> str:
    """The name of a term, numbered from the second of its kind on."""
    return TERMS[term.term].label + (f"（第 {term.n} 次）" if term.n > 1 else "")
