"""What the holiday notices set: the days that differ from Monday-to-Friday, and one notice laid over another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from .words import month_day
from .workdays import FIXED_DAYS_OFF, FIXED_SINCE, days_between, weekday

# The festivals of every notice since 2008, as they are named in the calendar
FESTIVALS = ("元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆")
NEW_YEAR = FESTIVALS[0]


@dataclass(frozen=True)
class Fault:
    """One reason why the notice can't be taken, with the sentence it lies in."""

    sentence: str
    why: str

    def __str__(self) -> str:
        return f"“{self.sentence}”：{self.why}" if self.sentence else self.why


class Unreadable(ValueError):
    """The notice can't be taken; every fault is named."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True)
class Day:
    """A day of a festival: off, weekends within it too, or a weekend worked for it."""

    day: date
    works: bool
    name: str

    @property
    def counts(self) -> bool:
        """Whether it differs from Monday-to-Friday."""
        return self.works == (self.day.weekday() >= 5)


@dataclass(frozen=True)
class Notice:
    """What a notice sets for ``year``; of 元旦 perhaps also days of the December before."""

    year: int
    days: tuple[Day, ...]
    festivals: frozenset[str]  # those it arranges anew, each as a whole
    prolonged: tuple[tuple[str, date], ...] = ()  # those it only lengthens, and their last day
    passed: tuple[str, ...] = ()  # sentences that set no day

    @property
    def missing(self) -> tuple[str, ...]:
        """The festivals it says nothing of, in the order of the year."""
        told = self.festivals | {name for name, _ in self.prolonged}
        return tuple(name for name in FESTIVALS if name not in told)


def clash(day: Day, stands: Day | None) -> str:
    """Why a day can't be arranged so beside what ``stands`` on it, "" if it can. Names both festivals."""
    if stands is None:
        return ""
    told = f"{month_day(day.day)}（{weekday(day.day)}）"
    if day.works == stands.works:
        both = "、".join(dict.fromkeys((stands.name, day.name)))
        return f"{told}写了两次（{both}）"
    off, worked = (stands, day) if day.works else (day, stands)
    return f"{told}又放假（{off.name}）又上班（{worked.name}）"


def lacking(year: int, days: Iterable[Day]) -> tuple[str, ...]:
    """The festivals of ``year`` of which no day off stands, in the order of the year: a year without them is 暂定."""
    covered = {name for d in days if _of_year(d) == year and not d.works for name in d.name.split("、")}
    return tuple(name for name in FESTIVALS if name not in covered)


def merged(notice: Notice, known: Iterable[Day], local: Iterable[Day] = ()) -> tuple[Day, ...]:
    """All the State's days of the notice's years, where ``known`` are those that hold until now.

    What a notice arranges takes the place of the festival's earlier days; festivals it is silent about
    stay (劳动节 2019 was arranged anew alone), and so does a 元旦 that the next year's notice began in
    December. Raises Unreadable with each day that contradicts what stays, a ``local`` day or a statutory
    day off, and where it prolongs a festival that isn't known.
    """
    known = tuple(known)
    stay = {d.day: d for d in known if not _replaced(d, notice)}
    faults = [*_torn(notice, known), *(clash(d, stay.get(d.day)) for d in notice.days)]
    found = stay | {d.day: d for d in notice.days}
    for name, until in notice.prolonged:
        faults += _prolong(found, name, until)
    anew = [d for d in found.values() if stay.get(d.day) != d]
    faults += [*_locally_contrary(anew, {d.day: d for d in local}), *_unstatutory(notice, found)]
    if faults := [why for why in faults if why]:
        raise Unreadable(dict.fromkeys(Fault("", why) for why in faults))
    return tuple(sorted(found.values(), key=lambda d: d.day))


def _replaced(known: Day, notice: Notice) -> bool:
    return _of_year(known) == notice.year and bool(set(known.name.split("、")) & notice.festivals)


def _of_year(day: Day) -> int:
    """The year whose notice sets a day: a 元旦 in December belongs to the year after it."""
    return day.day.year + (day.day.month == 12 and NEW_YEAR in day.name.split("、"))


def _torn(notice: Notice, known: Iterable[Day]) -> Iterator[str]:
    """Festivals that were arranged as one are arranged anew as one: the other's days would be lost."""
    for name in dict.fromkeys(d.name for d in known if _replaced(d, notice)):
        if left := [part for part in name.split("、") if part not in notice.festivals]:
            yield f"{name}原来是一起安排的，更正时也要写明{'、'.join(left)}"


def _locally_contrary(days: Iterable[Day], local: Mapping[date, Day]) -> Iterator[str]:
    """A day that the State and a local rule arrange alike is no contradiction."""
    for day in days:
        if (beside := local.get(day.day)) and beside.works != day.works:
            yield clash(day, beside)


def _unstatutory(notice: Notice, found: Mapping[date, Day]) -> Iterator[str]:
    """No day off by law is worked, and no festival is arranged without its own."""
    for (month, day), name in FIXED_DAYS_OFF.items():
        fixed = date(notice.year, month, day)
        stands = found.get(fixed)
        forgotten = stands is None and fixed.weekday() < 5 and name in notice.festivals
        if notice.year >= FIXED_SINCE and (forgotten or (stands and stands.works)):
            yield f"{month_day(fixed)}是法定节日（{name}），不能{'不放假' if forgotten else '上班'}"


def _prolong(found: dict[date, Day], name: str, until: date) -> list[str]:
    """Lengthen a festival in place; its own make-up days within are swallowed."""
    began = [d.day for d in found.values() if not d.works and name in d.name.split("、")]
    if not began or max(began) > until:
        return [f"没有录入过早于 {month_day(until)} 的{name}假期，不能延长"]
    faults = []
    for day in days_between(max(began) + timedelta(days=1), until):
        longer, stands = Day(day, False, name), found.get(day)
        if stands and not (stands.works and name in stands.name.split("、")):
            faults.append(clash(longer, stands))
        found[day] = longer
    return faults
