"""The clock written the plain way: day after day through the calendar, slow and easy to read.

What ``caseflow.law`` computes is held against this; nothing here calls it for a count.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache, lru_cache

from caseflow.law.facts import Consultation, Facts, Pause
from tests.law.days import CALENDAR

ONE_DAY = timedelta(days=1)


@cache
def nth_working_day_after(start: date, count: int) -> date:
    current = start
    while count:
        current += ONE_DAY
        if CALENDAR.is_working(current):
            count -= 1
    return current


@lru_cache(maxsize=1000)
def last_day_out(c: Consultation) -> date:
    """The opinion or the end of the 15 working days, whichever is first."""
    fifteenth = nth_working_day_after(c.delivered or c.sent, 15)
    if c.opinion is None:
        return fifteenth
    if c.delivered is None:
        return c.opinion
    return c.opinion if c.opinion < fifteenth else fifteenth


def is_consulting(facts: Facts, current: date) -> bool:
    """Whether this day lies after a sending and not after its opinion or the end of the 15 days."""
    return any(c.sent < current <= last_day_out(c) for c in facts.consultations)


def pending(facts: Facts) -> Pause | None:
    """The last thing asked of the applicant and not yet met, while the case is open."""
    found = None
    for pause in facts.pauses:
        if pause.met is None and facts.closed is None:
            found = pause
    return found


def day_0(facts: Facts) -> date | None:
    """The receipt or the last restart; None while the applicant is awaited."""
    if pending(facts):
        return None
    start = facts.received
    for pause in facts.pauses:
        if pause.met and pause.met > start:
            start = pause.met
    return start


def counted_days(facts: Facts, start: date) -> list[date]:
    """The days 1, 2, … of the whole term, one by one."""
    count = 20 + sum(extension.days for extension in facts.extensions)
    found: list[date] = []
    current = start
    while len(found) < count:
        current += ONE_DAY
        if CALENDAR.is_working(current) and not is_consulting(facts, current):
            found.append(current)
    return found


def is_deferred(facts: Facts, counted: date) -> bool:
    """Whether the day set holds: always, but a term that started anew may last longer."""
    if facts.deferred_to is None:
        return False
    started_anew = any(pause.met for pause in facts.pauses)
    return not (started_anew and counted > facts.deferred_to)


def due_day(facts: Facts) -> date | None:
    """The last counted day, or the day set in its place; None while the applicant is awaited."""
    start = day_0(facts)
    if start is None:
        return None
    counted = counted_days(facts, start)[-1]
    return facts.deferred_to if is_deferred(facts, counted) else counted


def last_day_to_meet(pause: Pause) -> date | None:
    """The day told to the applicant; without one a fee has 20 working days, a correction none."""
    if pause.until:
        return pause.until
    if pause.kind == "fee" and (start := pause.told or pause.asked):
        return nth_working_day_after(start, 20)
    return None
