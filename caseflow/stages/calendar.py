"""The working-day calendar entered: a year's notice, and local days that count too.

What would be written is drafted first, so that a page can show it with what it does to the open cases.
A correction is a new edition; the old one stays, and closed cases stay as they were decided by it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from ..calendars import store
from ..calendars.store import EnteredDay, EnteredYear
from ..db import db, transaction
from ..law import notice as notices
from ..law.holidays import Day, Fault, Notice, Unreadable, lacking, merged
from ..law.words import month_day
from ..law.workdays import FIRST, FIXED_DAYS_OFF, LAST, Calendar, days_between, weekday
from ..models import CalendarDay, CalendarYear
from . import audit, redate
from .checks import LIMITS, fault
from .errors import Changed, Refused
from .redate import CHUNK, Change

STRETCH = 31  # days, the longest local holiday

# 国办发明电〔2026〕7号; of local rules also 自治区人民政府令第94号
NUMBER = re.compile(r"[〔\[［(（]\d{4}[〕\]］)）]\s*\d{1,5}\s*号")
LOCAL_NUMBER = re.compile(NUMBER.pattern + r"|第\s*\d{1,5}\s*号")


@dataclass(frozen=True)
class Draft:
    """What would be entered: the years that become different, and the calendar there would be."""

    old: Calendar
    new: Calendar
    document: str
    years: tuple[EnteredYear, ...]
    notice: Notice | None = None
    lacking: tuple[str, ...] = ()  # festivals without which the notice's year stays 暂定
    withdrawn: bool = False  # a local day that counts no more

    @property
    def same(self) -> bool:
        """Whether it stands like this already."""
        return not self.years

    @property
    def counts_the_same(self) -> bool:
        """Whether every day counts as it does now: only names or documents would be others."""
        return redate.touched(self.old, self.new) is None


@dataclass(frozen=True)
class Entered:
    """What was written: the edition (None where it stood already), and the cases dated anew."""

    version: int | None
    changes: tuple[Change, ...]


def _numbered(document: str, number: re.Pattern[str], example: str) -> None:
    """Whatever lengthens a term has a document with a number."""
    if not number.search(document):
        raise Refused(f"写明文号，例如{example}", "document")


def needed(value: str, missing: str, limit: int, field: str) -> None:
    """A text that must be there and can stand. Raises Refused at its field."""
    if not value.strip():
        raise Refused(missing, field)
    if why := fault(value, limit):
        raise Refused(why, field)


# -- the State's notice --------------------------------------------------------------------------


def draft(words: str, year: int, document: str) -> Draft:
    """What the notice's sentences would change. Raises Unreadable with every fault, Refused at the document.

    A notice that arranges only some festivals of a year already entered amends it: the others stay. Until
    all seven stand the year is 暂定 and its fixed days are off: no statutory day is cancelled by silence.
    """
    needed(document, "写明文件名称和文号", LIMITS["document"], "document")
    told = notices.year_of(words)
    if told not in (None, year):
        raise Unreadable([Fault("", f"通知写的是 {told} 年，这里录入的是 {year} 年")])
    notice = notices.parse(words, year)
    before, known = store.year(year - 1), store.year(year)
    if any(day.day.year < year and day.counts for day in notice.days) and not before.official:
        raise Unreadable([Fault("", f"{year - 1} 年还没有录入，先录入 {year - 1} 年的通知")])
    days = merged(notice, _days([before, known], local=False), _days([before, known], local=True))
    if document != known.document:  # the shipped ones have no number
        _numbered(document, NUMBER, f"国办发明电〔{year - 1}〕7号")
    absent = () if known.official else lacking(year, days)
    title = known.document if known.official and notice.missing else document
    anew = [
        replace(before, days=_laid_over(before, days, notice, document)),
        EnteredYear(year, not absent, title, _laid_over(known, days, notice, document)),
    ]
    return replace(_drafted([before, known], anew, document), notice=notice, lacking=absent)


def _days(years: Iterable[EnteredYear], *, local: bool) -> list[Day]:
    """The State's days of some years, or the local ones."""
    return [Day(d.day, d.works, d.name) for year in years for d in year.days if d.local == local]


def _laid_over(
    known: EnteredYear, days: Iterable[Day], notice: Notice, document: str
) -> tuple[EnteredDay, ...]:
    """The State's days of a year, each with its document, and the local ones that it doesn't set itself."""
    kept = {day.day: day for day in known.days}
    found = {}
    for day in (day for day in days if day.day.year == known.year):
        old = kept.get(day.day)
        stays = old and not old.local and day not in notice.days and old.works == day.works
        origin = old.document if old and stays else document
        found[day.day] = EnteredDay(day.day, day.works, day.name, False, origin)
    local = {day.day: day for day in known.days if day.local}
    return tuple(sorted((local | found).values()))


# -- local days ----------------------------------------------------------------------------------


def draft_local(first: date, last: date, works: bool, name: str, document: str) -> Draft:
    """Days off (or weekends worked) by a local rule or a government's notice: they count.

    Of [first, last] the days that are off (or worked) anyway are passed over. Raises Refused.
    """
    needed(document, "写明文件名称和文号", LIMITS["document"], "document")
    _numbered(document, LOCAL_NUMBER, f"市政发〔{first.year}〕8号、人民政府令第8号")
    needed(name, "写明名称", LIMITS["holiday"], "name")
    if last < first:
        raise Refused("最后一天不能早于第一天", "last")
    if first.year != last.year or (last - first).days >= STRETCH:
        raise Refused(f"最多 {STRETCH} 天，而且在同一年内", "last")
    if not FIRST <= first <= last <= LAST:
        raise Refused(f"年度应在 {FIRST.year} 至 {LAST.year} 之间", "first")
    now, known = store.current(), store.year(first.year)
    days = [day for day in days_between(first, last) if now.is_working(day) != works]
    _refuse_contrary(days, first, works, {day.day: day for day in known.days})
    added = [EnteredDay(day, works, name, True, document) for day in days]
    return _drafted([known], [replace(known, days=tuple(sorted([*known.days, *added])))], document)


def _refuse_contrary(days: list[date], first: date, works: bool, known: dict[date, EnteredDay]) -> None:
    if not days:
        raise Refused(f"{month_day(first)}本来就{'上班' if works else '不上班'}", "first")
    for day in days:
        if day in known:
            raise Refused(f"{month_day(day)}已有安排：{known[day].name}（{known[day].document}）", "first")
        if works and day.weekday() < 5:
            raise Refused(f"{month_day(day)}是{weekday(day)}，不是周末，不用调休上班", "first")
        if works and (festival := FIXED_DAYS_OFF.get((day.month, day.day))):
            raise Refused(f"{month_day(day)}是法定节日（{festival}），不能上班", "first")


def draft_without(day: date) -> Draft:
    """A local day was entered by mistake, or has been revoked. Raises Refused where there is none."""
    known = store.year(day.year)
    found = [one for one in known.days if one.day == day and one.local]
    if not found:
        raise Refused(f"{month_day(day)}没有录入过地方的安排")
    rest = tuple(one for one in known.days if one.day != day)
    return replace(_drafted([known], [replace(known, days=rest)], found[0].document), withdrawn=True)


# -- what it does, and writing it ----------------------------------------------------------------


def _drafted(known: list[EnteredYear], anew: list[EnteredYear], document: str) -> Draft:
    old = store.current()
    years = tuple(new for was, new in zip(known, anew, strict=True) if not was.as_entered(new))
    numbers = {year.year for year in years}
    exceptions = {day: works for day, works in old.exceptions.items() if day.year not in numbers}
    exceptions |= {day.day: day.works for year in years for day in year.days}
    official = old.official | {year.year for year in years if year.official}
    return Draft(old, Calendar(exceptions, official, old.version + 1), document, years)


def impact(drafted: Draft) -> list[Change]:
    """The open cases of all offices that would be dated anew."""
    return [dated.change for dated in redate.changes(db.session(), drafted.old, drafted.new)]


def enter(
    propose: Callable[[], Draft], *, actor_id: int | None, today: date, now: datetime, seen: int | None = None
) -> Entered:
    """Write the edition that ``propose`` drafts and date the open cases anew, all or nothing.

    It is drafted afresh inside the transaction. ``seen`` is the edition that was shown: raises Changed
    where there is a newer one, and whatever ``propose`` raises.
    """
    with transaction() as session:
        _hold(session)
        if seen is not None and seen != store.newest():
            raise Changed(seen, store.newest())
        found = propose()
        if found.same:
            return Entered(None, ())
        for year in found.years:
            _keep(session, year, found.new.version, actor_id, now)
        audit.note(session, "calendar_changed", document=found.document, now=f"第 {found.new.version} 版")
        dated = list(redate.changes(session, found.old, found.new))
        for start in range(0, len(dated), CHUNK):
            redate.write(
                session, dated[start : start + CHUNK], calendar=found.new, document=found.document,
                withdrawn=found.withdrawn, actor_id=actor_id, on=today, at=now,
            )  # fmt: skip
    return Entered(found.new.version, tuple(d.change for d in dated))


def _hold(session: Session) -> None:
    """Nobody else enters a calendar or acts on a case meanwhile; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text('LOCK TABLE calendar_year, "case" IN EXCLUSIVE MODE'))


def _keep(session: Session, year: EnteredYear, version: int, actor_id: int | None, now: datetime) -> None:
    row = CalendarYear(
        year=year.year, version=version, document=year.document, official=year.official,
        entered_by=actor_id, entered_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add_all(
        CalendarDay(
            year_id=row.id, day=day.day, works=day.works, name=day.name, local=day.local,
            document="" if day.document == year.document else day.document,
        )
        for day in year.days
    )  # fmt: skip
    session.flush()


def missing_year(today: date, calendar: Calendar) -> int | None:
    """The year whose notice is still to be entered: this one, and from October on the next."""
    years = [today.year, *([today.year + 1] if today.month >= 10 else [])]
    return next((year for year in years if year not in calendar.official), None)
