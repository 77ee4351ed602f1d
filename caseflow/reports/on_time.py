"""Replies on time: one definition, in one function, wherever a rate stands.

On-time rate = replies sent on or before their due day ÷ replies sent, by the day of sending
(art. 33). Extended and corrected cases are in it with the due day the law gives them. Cases closed
without a reply (lapsed, withdrawn) and overdue open cases are never inside it; they stand beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, false, func, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from ..db import db
from ..law.percent import percent
from ..models import Case
from .pages import Clause
from .worklist import running

LONGEST = 6  # lines of a list: the overview is one printed page, a link leads to the rest
MOST_MONTHS = 24  # a longer span is shown by years


@dataclass(frozen=True)
class Span:
    """Calendar days from ``first`` to ``last``, both inside."""

    first: date
    last: date


def year_span(year: int) -> Span:
    """A whole calendar year."""
    return Span(date(year, 1, 1), date(year, 12, 31))


@dataclass(frozen=True)
class Rate:
    """Replies sent, and how many of them on or before the due day."""

    sent: int
    on_time: int

    @property
    def late(self) -> int:
        """Sent after the due day."""
        return self.sent - self.on_time

    @property
    def percent(self) -> str | None:
        """98.41%, None where nothing was sent."""
        return percent(self.on_time, self.sent)

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.sent + other.sent, self.on_time + other.on_time)


NOTHING = Rate(0, 0)


def of_offices(office_ids: Iterable[int]) -> Clause:
    """Cases of these offices."""
    return Case.office_id.in_(list(office_ids))


def sent_in(span: Span) -> Clause:
    """Replies sent in a span, its last day included: the denominator."""
    return Case.replied_on.between(span.first, span.last)


def in_time() -> Clause:
    """Sent on or before the due day: the numerator. A reply without a due day is not in it."""
    return Case.on_time.is_(True)


def late() -> Clause:
    """Sent, but not on time."""
    return Case.on_time.is_not(True)


def closed_without_reply(span: Span) -> Clause:
    """Lapsed or withdrawn in a span: closed, and outside the rate."""
    return and_(
        Case.closed_on.between(span.first, span.last), Case.replied_on.is_(None), Case.new_year.is_not(None)
    )


def overdue(today: date) -> Clause:
    """Open past the due day while the clock runs, as the light 逾期 says it."""
    return and_(Case.closed_on.is_(None), running(today), Case.due_on < today)


def rates(
    office_ids: Iterable[int], span: Span, *by: InstrumentedAttribute[Any]
) -> dict[tuple[Any, ...], Rate]:
    """The on-time figures of a span, split by columns of the case: the one definition."""
    query = select(*by, func.count(Case.id), func.count(Case.id).filter(in_time()))
    query = query.where(of_offices(office_ids), sent_in(span)).group_by(*by)
    return {tuple(key): Rate(sent, good) for *key, sent, good in db.session.execute(query)}


def rate(office_ids: Iterable[int], span: Span) -> Rate:
    """The on-time figures of a whole span."""
    return rates(office_ids, span).get((), NOTHING)


@dataclass(frozen=True)
class Stretch:
    """A month of the span, or a year of a long one, cut to the span."""

    label: str
    span: Span
    rate: Rate


def by_month(office_ids: Iterable[int], span: Span) -> list[Stretch]:
    """The figures month by month, empty months too; by years beyond MOST_MONTHS months."""
    days = {key[0]: rate for key, rate in rates(office_ids, span, Case.replied_on).items()}
    return [
        Stretch(label, part, sum((r for d, r in days.items() if part.first <= d <= part.last), NOTHING))
        for label, part in _parts(span)
    ]


def is_long(span: Span) -> bool:
    """Whether a span is shown by years, because it has too many months for a line of bars."""
    return _months(span) > MOST_MONTHS


def _months(span: Span) -> int:
    return (span.last.year - span.first.year) * 12 + span.last.month - span.first.month + 1


def _parts(span: Span) -> Iterator[tuple[str, Span]]:
    first, last = span.first, span.last
    one_year = first.year == last.year
    if is_long(span):
        for year in range(first.year, last.year + 1):
            whole = year_span(year)
            yield f"{year}年", Span(max(first, whole.first), min(last, whole.last))
        return
    for n in range(_months(span)):
        year, month = divmod(first.year * 12 + first.month - 1 + n, 12)
        begins = date(year, month + 1, 1)
        ends = date.fromordinal(date(year + (month == 11), (month + 1) % 12 + 1, 1).toordinal() - 1)
        label = f"{month + 1}月" if one_year else f"{year}.{month + 1}"
        yield label, Span(max(first, begins), min(last, ends))


@dataclass(frozen=True)
class Handler:
    """One handler's replies in the span, and what lies open with them today."""

    id: int | None
    name: str  # "" for cases nobody has yet
    rate: Rate
    open: int
    overdue: int


def by_handler(office_ids: Iterable[int], span: Span, today: date) -> list[Handler]:
    """The figures by handler, the lowest rate first; those who only have open cases last."""
    ids = list(office_ids)
    sent: dict[tuple[Any, ...], Rate] = {}
    names: dict[tuple[Any, ...], str] = {}
    for (key, name), found in rates(ids, span, Case.handler_id, Case.handler).items():
        who = (key, "" if key else name)
        sent[who] = sent.get(who, NOTHING) + found
        names[who] = name
    open_ = _open_by_handler(ids, today, names)
    handlers = [Handler(who[0], names[who], sent.get(who, NOTHING), *open_.get(who, (0, 0))) for who in names]
    return sorted(handlers, key=_worst_first)


def _open_by_handler(
    ids: list[int], today: date, names: dict[tuple[Any, ...], str]
) -> dict[tuple[Any, ...], tuple[int, int]]:
    query = (
        select(Case.handler_id, Case.handler, func.count(), func.count().filter(overdue(today)))
        .where(of_offices(ids), Case.closed_on.is_(None))
        .group_by(Case.handler_id, Case.handler)
    )
    found: dict[tuple[Any, ...], tuple[int, int]] = {}
    for key, name, open_, late_ in db.session.execute(query):
        who = (key, "" if key else name)
        before = found.get(who, (0, 0))
        found[who] = before[0] + open_, before[1] + late_
        names[who] = name
    return found


def _worst_first(handler: Handler) -> tuple[float, int, str]:
    rate = handler.rate
    return (rate.on_time / rate.sent if rate.sent else 2.0), -handler.overdue, handler.name


@dataclass(frozen=True)
class Beside:
    """What stands beside the rate: open today, and closed without a reply in the span."""

    open: int
    waiting: int  # of them, those whose clock stands still (light 停计)
    overdue: int
    closed_without_reply: int


def beside(office_ids: Iterable[int], span: Span, today: date) -> Beside:
    """The figures that are never inside the rate."""
    ids = list(office_ids)
    is_open = Case.closed_on.is_(None)
    stopped = ~func.coalesce(running(today), false())
    open_, waiting, late_ = db.session.execute(
        select(func.count(), func.count().filter(stopped), func.count().filter(overdue(today))).where(
            of_offices(ids), is_open
        )
    ).one()
    otherwise = select(func.count()).where(of_offices(ids), closed_without_reply(span))
    return Beside(open_, waiting, late_, db.session.scalar(otherwise) or 0)


def overdue_cases(office_ids: Iterable[int], today: date) -> list[Case]:
    """Overdue open cases, the longest overdue first, LONGEST at most."""
    query = _some(office_ids).where(overdue(today))
    return list(db.session.scalars(query.order_by(Case.due_on, Case.id)))


def late_cases(office_ids: Iterable[int], span: Span) -> list[Case]:
    """Replies sent late in the span, the newest first, LONGEST at most."""
    query = _some(office_ids).where(sent_in(span), late())
    return list(db.session.scalars(query.order_by(Case.replied_on.desc(), Case.id.desc())))


def _some(office_ids: Iterable[int]) -> Any:
    query = select(Case).where(of_offices(office_ids))
    return query.options(joinedload(Case.particulars)).limit(LONGEST)
