"""As many invented cases as one likes, over years and offices, the same for the same seed and day."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

from sqlalchemy.orm import Session

from ..calendars import store
from ..db import roomy, transaction
from ..law.casefile import Entry
from ..law.workdays import Calendar, days_between
from ..models import Office
from ..stages import bulk, numbers, offices
from . import people, words
from .history import OPEN, History, Open, Weighted, close
from .people import URL, Accounts, Cast
from .play import days_ago

CLASSES = Weighted((
    ("natural_person", 82), ("enterprise", 9), ("legal_service", 4), ("social", 2), ("research", 1), ("other", 2),
))  # fmt: skip
CHANNELS = Weighted((("online", 50), ("letter", 30), ("in_person", 16), ("fax", 2), ("other", 2)))
BRANCHES = 8  # offices directly beneath one


@dataclass(frozen=True)
class Size:
    """How much: ``open`` of the ``cases`` are still open; years of receipt of the others, both included."""

    cases: int
    open: int
    offices: int
    first_year: int
    last_year: int
    seed: int


@dataclass(frozen=True)
class Desk:
    """One office with the two clerks and the lead who work its cases."""

    office_id: int
    clerks: Sequence[tuple[int, str]]
    lead: int


def fill(
    instance: str, size: Size, today: date, now: datetime, url: str = URL,
    progress: Callable[[int], None] | None = None,
) -> Accounts:  # fmt: skip
    """Fill an empty instance; returns the accounts, which also stand in its folder. All or nothing."""
    calendar = store.current()
    with transaction() as session, roomy(session):
        cast, desks = _desks(session, size.offices, now)
        source = Source(size, desks, today, calendar)
        stream = _watched(source.cases(), progress)
        bulk.write(session, stream, calendar, lambda entry: _moment(entry, now), source="desk")
        for (office_id, year), last in source.last.items():
            numbers.raise_to(session, office_id, [f"{year}-{last}"])
        return people.publish(Path(instance), cast.accounts, url)


def _watched(
    cases: Iterator[bulk.Prepared], progress: Callable[[int], None] | None
) -> Iterator[bulk.Prepared]:
    for count, case in enumerate(cases, 1):
        if progress and count % bulk.CHUNK == 0:
            progress(bulk.CHUNK)
        yield case


def _moment(entry: Entry, now: datetime) -> datetime:
    on = entry.on
    return min(datetime(on.year, on.month, on.day, 1, entry.seq % 60, tzinfo=UTC), now)


# -- offices -------------------------------------------------------------------------------------


def _desks(session: Session, count: int, now: datetime) -> tuple[Cast, list[Desk]]:
    """The first office with all its people, the others beneath it as a tree."""
    first, cast, ids = people.found(session, now)
    named = {key: name for key, _, name, _ in words.PEOPLE}
    clerks = [(ids[key], named[key]) for key in ("clerk", "colleague")]
    known, desks = [first], [Desk(first.id, clerks, ids["lead"])]
    for index in range(1, count):
        parent = known[(index - 1) // BRANCHES]
        office = offices.create(session, f"{words.OFFICE[0]}-{index:03d}", _name(index), parent.id)
        people.furnish(office, words.LETTERHEAD | {"letter_word": f"狮{office.name[3:5]}公开"})
        known.append(office)
        desks.append(_staffed(cast, office, index))
    return cast, desks


def _name(index: int) -> str:
    if index <= len(words.ORGANS):
        return f"石狮市{words.ORGANS[index - 1]}"
    nth, kind = divmod(index - 1 - len(words.ORGANS), len(words.BODIES))
    again, town = divmod(nth, len(words.TOWNS))
    more = f"第{again + 1}分理处" if again else ""
    return f"石狮市{words.TOWNS[town]}{words.BODIES[kind]}{more}"


def _staffed(cast: Cast, office: Office, index: int) -> Desk:
    clerks = [(f"jingban{index}-{n}", words.person(index * 31 + n)) for n in (1, 2)]
    ids = [(cast.join(office, username, name, "clerk"), name) for username, name in clerks]
    return Desk(office.id, ids, cast.join(office, f"fuze{index}", words.person(index * 31 + 3), "lead"))


# -- cases ---------------------------------------------------------------------------------------


class Source:
    """The cases in the order of their receipt, one by one: nothing is kept but the last numbers."""

    def __init__(self, size: Size, desks: Sequence[Desk], today: date, calendar: Calendar) -> None:
        self.size, self.today, self.calendar = size, today, calendar
        self.rng = Random(size.seed)  # noqa: S311  (variety, not a secret)
        self.desks = Weighted(
            [(desk, 1 if index else 1 + len(desks) // 4) for index, desk in enumerate(desks)]
        )
        self.first = desks[0]
        self.last: dict[tuple[int, int], int] = {}  # by office and year

    def cases(self) -> Iterator[bulk.Prepared]:
        """All of them."""
        streams = heapq.merge(self._closed(), self._open(), key=lambda one: one[0])
        for received, plan in streams:
            yield self._closed_case(received) if plan is None else self._open_case(received, *plan)

    def _closed(self) -> Iterator[tuple[date, None]]:
        """Days of receipt, evenly over the years, the last of them before today."""
        last = min(date(self.size.last_year, 12, 31), days_ago(self.calendar, self.today, 2))
        span = days_between(date(self.size.first_year, 1, 1), last)
        days = [day for day in span if self.calendar.is_working(day)]
        count = self.size.cases - self.size.open
        for index in range(count):
            yield days[index * len(days) // count], None

    def _open(self) -> Iterator[tuple[date, tuple[Open, int, Desk]]]:
        """The open ones by day; the first office always has some."""
        rng = Random(self.size.seed + 1)  # noqa: S311
        found = []
        for index in range(self.size.open):
            kind = OPEN.draw(rng)
            since = rng.randint(kind[1], kind[2])
            desk = self.first if index % 5 == 0 else self.desks.draw(rng)
            found.append((days_ago(self.calendar, self.today, since), (kind, since, desk)))
        yield from sorted(found, key=lambda one: one[0])

    def _closed_case(self, received: date) -> bulk.Prepared:
        desk = self.desks.draw(self.rng)
        history = self._history(desk, received)
        applicant_class = CLASSES.draw(self.rng)
        history.register(CHANNELS.draw(self.rng), applicant_class)
        close(history, self.today)
        return self._prepared(desk, history, applicant_class)

    def _open_case(self, received: date, kind: Open, since: int, desk: Desk) -> bulk.Prepared:
        history = self._history(desk, received)
        applicant_class = CLASSES.draw(self.rng)
        play, _, _, confirmed = kind
        channel = CHANNELS.draw(self.rng) if confirmed else "online"
        history.register(channel, applicant_class, unconfirmed=not confirmed)
        play(history, since)
        return self._prepared(desk, history, applicant_class)

    def _history(self, desk: Desk, received: date) -> History:
        clerk, name = desk.clerks[int(self.rng.random() * len(desk.clerks))]
        return History(self.rng, self.calendar, received, clerk, name, desk.lead)

    def _prepared(self, desk: Desk, history: History, applicant_class: str) -> bulk.Prepared:
        rng, year = self.rng, history.received.year
        key = (desk.office_id, year)
        self.last[key] = number = self.last.get(key, 0) + 1
        if applicant_class == "natural_person":
            name = words.person(int(rng.random() * words.PERSONS))
        else:
            name = rng.choice(words.BODIES_BY_CLASS[applicant_class])
        what = rng.choice(words.PLACES) + rng.choice(words.SUBJECTS)
        content = f"{what} {year - int(rng.random() * 4)} 年度{rng.choice(words.PAPERS)}"
        form = words.form(applicant_class, name, content, int(rng.random() * 50))
        return bulk.Prepared(desk.office_id, f"{year}-{number}", form, history.entries)
