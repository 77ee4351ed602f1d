"""The clock of a request: from its facts to the due day, and the steps that explain it.

All counts are working days; day 0 never counts; day 20 is still on time (art. 33). The clock knows
restart (补正, 缴费), exclusion (征求意见), extension (延期) and deferral (延迟答复) as four different
things. It takes facts as they happened: whether an act was allowed is the business of ``guards``, not of the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from .facts import REPLY_DAYS, Facts, Party, Pause
from .workdays import Calendar
from .working import Step, counting, history, ordered

Waiting = Literal["", "correction", "fee", "consultation"]


@dataclass(frozen=True)
class Clock:
    """The answer: ``due`` is None only while the applicant is awaited (art. 30, 42)."""

    anchor: date  # day 0 of the running term
    due: date | None
    allowed: int  # 20 + extension, working days; of a day that was ordered, those up to it
    excluded: int  # working days taken out by consultations
    waiting: Waiting
    hold_until: date | None  # the applicant's or the third party's last day
    awaited: tuple[tuple[date, Party], ...]  # opinions that stop it: the other's last day, whose
    deferred: bool  # due is the day set under art. 35, not the counted one
    provisional: bool
    plain_due: date  # what 20 working days from receipt alone would give
    gaps: tuple[tuple[date, date], ...]  # (after, through]: consultations, each day once
    tell: Callable[[], list[Step]] = field(compare=False, repr=False)
    ordered: bool = False  # due is the day that a decision or judgment set (art. 51)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The working, told only to whoever asks: a register is dated without."""
        return tuple(self.tell())

    def used(self, day: date, calendar: Calendar) -> int:
        """Working days of the term used through ``day``, consultations left out."""
        out = sum(calendar.count(start, min(end, day)) for start, end in self.gaps)
        return calendar.count(self.anchor, day) - out

    def waits_on(self, today: date) -> str:
        """What the clock waits for on ``today``: a consultation stops it only until its last day."""
        if self.waiting == "consultation" and not self.asked_on(today):
            return ""
        return self.waiting

    def asked_on(self, today: date) -> list[tuple[date, Party]]:
        """The opinions that may still come on ``today``: the other's last day, whose; the latest last."""
        return [(last, party) for last, party in self.awaited if last >= today]


def clock(facts: Facts, calendar: Calendar) -> Clock:
    """Compute due day and working. Raises OutsideCalendar for dates beyond the calendar."""
    if facts.ordered_to:
        return _ordered(facts, facts.ordered_to, calendar)
    restarts, pending = _pauses(facts)
    anchor = (restarts[-1].met if restarts else None) or facts.received
    allowed = REPLY_DAYS + sum(e.days for e in facts.extensions)
    gaps = _excluded_stretches(facts, anchor, calendar)
    counted_due, used_gaps = _due(anchor, allowed, gaps, calendar)
    stopped = pending is not None
    deferred = None if stopped else _deferred(facts, restarts, counted_due)
    due = deferred or counted_due
    used_gaps = [(start, min(end, due)) for start, end in used_gaps if start < due]
    awaited = () if deferred else _awaited(facts, None if stopped else due, calendar)
    waiting, hold_until = _waiting(pending, awaited, calendar)

    def tell() -> list[Step]:
        steps = history(facts, restarts, pending, calendar)
        if not stopped:
            steps += counting(anchor, allowed, used_gaps, counted_due, facts, calendar, deferred)
        return steps

    # a day that was set and told moves with no calendar; the count that a restart holds against it does
    counts = not stopped and (deferred is None or bool(restarts))
    return Clock(
        anchor=anchor,
        due=None if stopped else due,
        allowed=allowed,
        excluded=sum(calendar.count(start, end) for start, end in used_gaps),
        waiting=waiting,
        hold_until=hold_until,
        awaited=awaited,
        deferred=deferred is not None,
        provisional=counts and calendar.is_provisional(anchor, counted_due),
        plain_due=calendar.add(facts.received, REPLY_DAYS),
        gaps=tuple(gaps),
        tell=tell,
    )


def _ordered(facts: Facts, last: date, calendar: Calendar) -> Clock:
    """The term that a decision or judgment set: nothing of the office's own stops, restarts or lengthens it."""
    return Clock(
        anchor=facts.received,
        due=last,
        allowed=calendar.count(facts.received, last),
        excluded=0,
        waiting="",
        hold_until=None,
        awaited=(),
        deferred=False,
        provisional=False,  # it moves with no calendar
        plain_due=calendar.add(facts.received, REPLY_DAYS),
        gaps=(),
        tell=lambda: ordered(facts, last, calendar),
        ordered=True,
    )


def _deferred(facts: Facts, restarts: list[Pause], counted: date) -> date | None:
    """The day set and told under art. 35; a term that started anew runs at least its full length."""
    if facts.deferred_to is None or (restarts and counted > facts.deferred_to):
        return None
    return facts.deferred_to


def _pauses(facts: Facts) -> tuple[list[Pause], Pause | None]:
    """The pauses met, by day, and the one still awaited (none once the case is closed).

    A reply sent although the applicant never answered is measured from the receipt: only what was
    received starts the term anew (art. 30).
    """
    met = sorted((p for p in facts.pauses if p.met), key=lambda p: p.met or date.min)
    awaited = [p for p in facts.pauses if not p.met]
    return met, (awaited[-1] if awaited and facts.closed is None else None)


def _excluded_stretches(facts: Facts, anchor: date, calendar: Calendar) -> list[tuple[date, date]]:
    """Consultations after the anchor as (sent, last day] stretches; overlaps count once (art. 33)."""
    merged: list[tuple[date, date]] = []
    for start, end in sorted((c.sent, c.end(calendar)) for c in facts.consultations):
        start = max(start, anchor)
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _due(
    anchor: date, allowed: int, gaps: Iterable[tuple[date, date]], calendar: Calendar
) -> tuple[date, list[tuple[date, date]]]:
    """Walk the gaps until the allowed days are used; a gap after the due day changes nothing."""
    position, remaining, used = anchor, allowed, []
    for start, end in gaps:
        run = calendar.count(position, start)
        if run >= remaining:
            break
        remaining -= run
        position = end
        used.append((start, end))
    return calendar.add(position, remaining), used


def _awaited(facts: Facts, due: date | None, calendar: Calendar) -> tuple[tuple[date, Party], ...]:
    """The opinions still awaited; a consultation begun on or after the due day stops nothing."""
    if facts.closed is not None:
        return ()
    asked = (c for c in facts.consultations if c.opinion is None and (due is None or c.sent < due))
    return tuple(sorted((c.limit(calendar), c.party) for c in asked))


def _waiting(
    pending: Pause | None, awaited: tuple[tuple[date, Party], ...], calendar: Calendar
) -> tuple[Waiting, date | None]:
    """What is awaited, until when: the applicant before anybody else."""
    if pending:
        return pending.kind, pending.last_day(calendar)
    return ("consultation", awaited[-1][0]) if awaited else ("", None)
