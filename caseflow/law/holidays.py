"""What the holiday notices set: the days that differ from Monday-to-Friday, and one notice laid over another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from .words import month_day
from .workdays import days_between

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
    """A day that differs from Monday-to-Friday: off although a weekday, or worked although a weekend."""

    day: date
    works: bool
    name: str


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


def merged(notice: Notice, known: Iterable[Day]) -> tuple[Day, ...]:
    """All days of the notice's years, where ``known`` are those that hold until now.

    What a notice arranges takes the place of the festival's earlier days; festivals it is silent about
    stay (劳动节 2019 was arranged anew alone), and so does a 元旦 that the next year's notice began in
    December. Raises Unreadable where it prolongs a festival that isn't known.
    """
    stay = {d.day: d for d in known if not _replaced(d, notice)}
    found = stay | {d.day: d for d in notice.days}
    for name, until in notice.prolonged:
        began = [d.day for d in found.values() if not d.works and name in d.name.split("、")]
        if not began or max(began) >= until:
            why = f"没有录入过早于 {month_day(until)} 的{name}假期，不能延长"
            raise Unreadable([Fault("", why)])
        for day in days_between(max(began) + timedelta(days=1), until):
            found.pop(day, None)  # a make-up day that the longer holiday swallows
            if day.weekday() < 5:
                found[day] = Day(day, False, name)
    return tuple(sorted(found.values(), key=lambda d: d.day))


def _replaced(known: Day, notice: Notice) -> bool:
    names = set(known.name.split("、"))
    begun = NEW_YEAR in names and known.day.month == 12  # by the notice of the year after it
    return known.day.year == notice.year - begun and bool(names & notice.festivals)
