"""What is counted, once it is counted: sums of cases, and the percentages and percentiles made of them at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields

from ...law.percent import percent

MEDIAN, P90 = 50, 90


@dataclass(frozen=True)
class Rate:
    """Replies sent, and how many of them in time."""

    sent: int
    on_time: int

    @property
    def late(self) -> int:
        """Sent, but not in time."""
        return self.sent - self.on_time

    @property
    def percent(self) -> str | None:
        """98.41%, None where nothing was sent."""
        return percent(self.on_time, self.sent)

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.sent + other.sent, self.on_time + other.on_time)


NOTHING = Rate(0, 0)


@dataclass(frozen=True)
class Figures:
    """The figures of a group of cases. Two groups are added case by case; no percentage is ever added."""

    sent: int = 0
    on_time: int = 0  # of the sent: on or before the due day
    plain: int = 0  # of the sent: within the first 20 working days after receipt
    lapsed: int = 0  # closed in the span without a reply, the applicant having let a term pass
    withdrawn: int = 0  # closed in the span without a reply, by the applicant
    open: int = 0  # on the day of the figures, and never inside a rate
    waiting: int = 0  # of the open: the clock stands still, or the receipt isn't confirmed
    overdue: int = 0  # of the open: past the due day
    days: Mapping[int, int] = field(default_factory=Counter)  # working days used -> replies

    @property
    def rate(self) -> Rate:
        """By the statutory due day (art. 33)."""
        return Rate(self.sent, self.on_time)

    @property
    def plain_rate(self) -> Rate:
        """By the first 20 working days, whatever stopped, restarted or lengthened the term."""
        return Rate(self.sent, self.plain)

    @property
    def otherwise(self) -> int:
        """Closed in the span without a reply: outside every rate."""
        return self.lapsed + self.withdrawn

    @property
    def median(self) -> int | None:
        """Half the replies took so many working days or fewer; None where nothing was sent."""
        return nearest_rank(self.days, MEDIAN)

    @property
    def p90(self) -> int | None:
        """Nine replies in ten took so many working days or fewer."""
        return nearest_rank(self.days, P90)

    def __add__(self, other: Figures) -> Figures:
        return total((self, other))


NAMES = tuple(f.name for f in fields(Figures) if f.name != "days")


def total(parts: Iterable[Figures]) -> Figures:
    """The figures of all the cases of several groups that share none."""
    sums: Counter[str] = Counter()
    days: Counter[int] = Counter()
    for part in parts:
        sums.update({name: getattr(part, name) for name in NAMES})
        days.update(part.days)
    return Figures(**{name: sums[name] for name in NAMES}, days=days)


def nearest_rank(counts: Mapping[int, int], share: int) -> int | None:
    """The smallest value that ``share`` percent of all values don't exceed (nearest rank); None of nothing.

    ``counts`` tells how often each value occurs. Always a value that occurs, never one in between.
    """
    rank = -(-sum(counts.values()) * share // 100)
    for value in sorted(counts):
        rank -= counts[value]
        if rank <= 0 and counts[value]:
            return value
    return None
