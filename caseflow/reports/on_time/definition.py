"""On time, in one place: which cases a rate divides, by which, and which stand beside it.

On-time rate = replies sent on or before their due day ÷ replies sent, by the day of sending (art. 33).
Extended and corrected cases are in it with the due day the law gives them. Cases closed without a reply
(lapsed, withdrawn) and open cases, overdue or not, are never inside it. A re-reply (重新答复, art. 51) that the
office doesn't count stands nowhere here, open or answered; 责任追究 registers it like any other late case.

Every condition takes the columns it speaks of: those of the case table, or of the cases as they once stood.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_

from ...models import Case
from ..worklist import running

Columns = Any  # whatever has the columns of a case as attributes
Clause = ColumnElement[bool]


@dataclass(frozen=True)
class Span:
    """Calendar days from ``first`` to ``last``, both inside."""

    first: date
    last: date


def of_offices(office_ids: Iterable[int], c: Columns = Case) -> Clause:
    """Cases of these offices."""
    found: Clause = c.office_id.in_(list(office_ids))
    return found


def counted(c: Columns = Case) -> Clause:
    """Not a re-reply (重新答复) that the office doesn't count: received, and yet of no report year."""
    year = c.new_year + 0  # "+ 0": cases are found by the days beside this, never by the year
    return or_(year.is_not(None), c.received_on.is_(None))


def sent_in(span: Span, c: Columns = Case) -> Clause:
    """Replies sent in a span, its last day included: the denominator."""
    return and_(c.replied_on.between(span.first, span.last), counted(c))


def counted_in(year: int, c: Columns = Case) -> Clause:
    """Replies that a year's report counts: those sent in it, or recorded after an earlier one was signed."""
    return and_(c.result_year == year, c.replied_on.is_not(None))


def in_time(c: Columns = Case) -> Clause:
    """Sent on or before the due day: the numerator. A reply without a due day is not in it."""
    found: Clause = c.on_time.is_(True)
    return found


def late(c: Columns = Case) -> Clause:
    """Sent, but not on time."""
    found: Clause = c.on_time.is_not(True)
    return found


def in_twenty(c: Columns = Case) -> Clause:
    """Sent within the first 20 working days after the legal receipt, whatever the clock did meanwhile."""
    found: Clause = c.plain_on_time.is_(True)
    return found


def not_in_twenty(c: Columns = Case) -> Clause:
    """Sent later than that, lawfully or not."""
    found: Clause = c.plain_on_time.is_not(True)
    return found


def closed_without_reply(span: Span, c: Columns = Case) -> Clause:
    """Lapsed or withdrawn in a span: closed, and outside the rate. What was never received is no request."""
    return and_(c.closed_on.between(span.first, span.last), c.replied_on.is_(None), c.new_year.is_not(None))


def still_open(c: Columns = Case) -> Clause:
    """Neither answered nor closed otherwise, and counted: what no rate will ever hold doesn't stand beside it."""
    return and_(c.closed_on.is_(None), counted(c))


def waits(today: date, c: Columns = Case) -> Clause:
    """Open, and no clock runs today: somebody is awaited, or the receipt isn't confirmed."""
    return and_(still_open(c), ~func.coalesce(running(today, c), false()))


def overdue(today: date, c: Columns = Case) -> Clause:
    """Open past the due day while the clock runs, as the light 逾期 says it."""
    return and_(still_open(c), running(today, c), c.due_on < today)
