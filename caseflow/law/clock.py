"""The clock of a request: from its facts to the due day, and the steps that explain it.

All counts are working days; day 0 never counts; day 20 is still on time (art. 33). The clock knows
restart (补正), exclusion (征求意见) and extension (延期) as three different things. It takes facts as
they happened: whether an act was allowed is the business of ``guards``, not of the clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from .workdays import Calendar

REPLY_DAYS = 20  # art. 33: working days to reply
EXTENSION_DAYS = 20  # art. 33: at most so many more
CORRECTION_NOTICE_DAYS = 7  # art. 30: working days for the one notice
CONSULTATION_DAYS = 15  # art. 32: working days a third party has from its receipt of the letter

Kind = Literal["receipt", "void", "waiting", "restart", "counted", "excluded", "extended", "due"]
Waiting = Literal["", "correction", "fee", "consultation"]

# art. 30 and 42: what is awaited, the article, what its coming does
_PAUSES = {
    "correction": ("补正", "第三十条", "告知补正"),
    "fee": ("缴费", "第四十二条", "通知缴费"),
}


@dataclass(frozen=True)
class Pause:
    """A wait for the applicant: asked on ``asked``, to be met by ``until``; ``met`` restarts the term.

    补正 (art. 30) and 缴费 (art. 42) work alike: no due day while waiting, then the full term anew.
    """

    kind: Literal["correction", "fee"]
    asked: date | None
    until: date | None = None
    met: date | None = None


@dataclass(frozen=True)
class Consultation:
    """征求意见: ``sent`` to ``opinion`` is not counted (art. 33), at most 15 working days from ``delivered``.

    Without ``delivered`` a recorded opinion is taken as given, and an open consultation is reckoned
    as delivered on the day it was sent: never a later due day than can be proved.
    """

    sent: date
    delivered: date | None = None
    opinion: date | None = None

    def limit(self, calendar: Calendar) -> date:
        """The last of the third party's 15 working days (art. 32)."""
        return calendar.add(self.delivered or self.sent, CONSULTATION_DAYS)

    def end(self, calendar: Calendar) -> date:
        """The last day not counted: the opinion, or the end of the 15 days, whichever is first."""
        if self.opinion is None:
            return self.limit(calendar)
        return min(self.opinion, self.limit(calendar)) if self.delivered else self.opinion


@dataclass(frozen=True)
class Extension:
    """延期 by ``days`` working days, approved on ``approved`` (unknown in a what-if)."""

    days: int
    approved: date | None = None


@dataclass(frozen=True)
class Facts:
    """What the clock needs to know of a case, and nothing else."""

    received: date
    pauses: tuple[Pause, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    extensions: tuple[Extension, ...] = ()
    deferred_to: date | None = None  # art. 35: a later day set and told to the applicant
    closed: date | None = None
    receipt_why: str = "收到申请"
    receipt_article: str = "第三十一条"


@dataclass(frozen=True)
class Step:
    """One stretch of the working: ``counted`` working days in [start, end], ``total`` after it."""

    kind: Kind
    start: date
    end: date
    counted: int
    total: int
    what: str
    article: str


@dataclass(frozen=True)
class Clock:
    """The answer: ``due`` is None only while the applicant is awaited (art. 30, 42)."""

    anchor: date  # day 0 of the running term
    due: date | None
    allowed: int  # 20 + extension, working days
    excluded: int  # working days taken out by consultations
    waiting: Waiting
    hold_until: date | None  # the applicant's or the third party's last day
    provisional: bool
    plain_due: date  # what 20 working days from receipt alone would give
    gaps: tuple[tuple[date, date], ...]  # (after, through]: consultations, each day once
    steps: tuple[Step, ...]

    def used(self, day: date, calendar: Calendar) -> int:
        """Working days of the term used through ``day``, consultations left out."""
        out = sum(calendar.count(start, min(end, day)) for start, end in self.gaps)
        return calendar.count(self.anchor, day) - out

    def waits_on(self, today: date) -> str:
        """What the clock waits for on ``today``: a consultation stops it only until its last day."""
        if self.waiting == "consultation" and self.hold_until and today > self.hold_until:
            return ""
        return self.waiting


def clock(facts: Facts, calendar: Calendar) -> Clock:
    """Compute due day and working. Raises OutsideCalendar for dates beyond the calendar."""
    restarts, pending = _pauses(facts)
    anchor = (restarts[-1].met if restarts else None) or facts.received
    allowed = REPLY_DAYS + sum(e.days for e in facts.extensions)
    gaps = _excluded_stretches(facts, anchor, calendar)
    counted_due, used_gaps = _due(anchor, allowed, gaps, calendar)
    due = facts.deferred_to or counted_due
    waiting, hold_until = _waiting(facts, pending, counted_due, calendar)
    stopped = pending is not None
    steps = _history(facts, restarts, pending, calendar)
    if not stopped:
        steps += _counting(anchor, allowed, used_gaps, counted_due, facts, calendar)
    return Clock(
        anchor=anchor,
        due=None if stopped else due,
        allowed=allowed,
        excluded=sum(calendar.count(start, end) for start, end in used_gaps),
        waiting=waiting,
        hold_until=hold_until,
        provisional=not stopped and calendar.is_provisional(anchor, due),
        plain_due=calendar.add(facts.received, REPLY_DAYS),
        gaps=tuple(gaps),
        steps=tuple(steps),
    )


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


def _waiting(
    facts: Facts, pending: Pause | None, due: date, calendar: Calendar
) -> tuple[Waiting, date | None]:
    """What is awaited, until when; a consultation begun on or after the due day stops nothing."""
    if facts.closed is not None:
        return "", None
    if pending:
        return pending.kind, pending.until
    awaited = [c.limit(calendar) for c in facts.consultations if c.opinion is None and c.sent < due]
    return ("consultation", max(awaited)) if awaited else ("", None)


def _history(facts: Facts, restarts: list[Pause], pending: Pause | None, calendar: Calendar) -> list[Step]:
    """Receipt, and for each pause the days voided, the wait and the restart (art. 30, 31, 42)."""
    day0 = facts.received
    steps = [Step("receipt", day0, day0, 0, 0, f"{facts.receipt_why}；当日不计", facts.receipt_article)]
    for p in [*restarts, *([pending] if pending else [])]:
        asked = max(p.asked or p.met or day0, day0)
        steps += _voided(p, day0, asked, calendar)
        name, article, _ = _PAUSES[p.kind]
        end = p.met or max(p.until or asked, asked)
        first = min(calendar.add(asked, 1), end)
        if p.met is None:
            what = f"等申请人{name}，没有到期日；收到{name}之日起重新计算"
            return [*steps, Step("waiting", first, end, 0, 0, what, article)]
        what = f"等申请人{name}；收到{name}：此前计日作废，期限重新起算，当日不计"
        steps.append(Step("restart", first, end, 0, 0, what, article))
        day0 = end
    return steps


def _voided(pause: Pause, day0: date, asked: date, calendar: Calendar) -> list[Step]:
    days = calendar.count(day0, asked)
    if not days:
        return []
    _, article, act = _PAUSES[pause.kind]
    over = pause.kind == "correction" and days > CORRECTION_NOTICE_DAYS
    what = f"计 {days} 日；第 {days} 日{act}" + ("，超过 7 个工作日" if over else "")
    return [Step("void", calendar.add(day0, 1), asked, days, days, what, article)]


@dataclass
class _Telling:
    """The running term as it is told: ``total`` working days counted through ``position``."""

    facts: Facts
    calendar: Calendar
    position: date
    total: int = 0
    steps: list[Step] = field(default_factory=list)

    def count_to(self, end: date) -> None:
        """Count to ``end``, cut at day 20 so that the days of the extension stand alone."""
        days = self.calendar.count(self.position, end)
        statutory = min(days, max(REPLY_DAYS - self.total, 0))
        if statutory:
            full = "，满 20 日" if self.total + statutory == REPLY_DAYS else ""
            last = end if statutory == days else self.calendar.add(self.position, statutory)
            self._add("counted", last, statutory, f"计 {statutory} 日{full}", "第三十三条")
        if extended := days - statutory:
            words = _extension_words(self.facts.extensions, extended)
            self._add("extended", end, extended, words, "第三十三条")
        self.position = end

    def leave_out(self, end: date) -> None:
        """Pass over the working days of a consultation."""
        days = self.calendar.count(self.position, end)
        what = f"征求第三方意见，所需 {days} 个工作日不计算在内"
        self._add("excluded", end, 0, what, "第三十二、三十三条")

    def _add(self, kind: Kind, end: date, counted: int, what: str, article: str) -> None:
        self.total += counted
        first = min(self.calendar.add(self.position, 1), end)
        self.steps.append(Step(kind, first, end, counted, self.total, what, article))
        self.position = end


def _counting(
    anchor: date,
    allowed: int,
    gaps: list[tuple[date, date]],
    due: date,
    facts: Facts,
    calendar: Calendar,
) -> list[Step]:
    """The running term from the anchor: counted stretches, excluded stretches, extension, due day."""
    telling = _Telling(facts, calendar, anchor)
    for start, end in gaps:
        telling.count_to(start)
        telling.leave_out(end)
    telling.count_to(due)
    what, article = f"第 {allowed} 日，到期；当日发出仍为按时", "第三十三条"
    if facts.deferred_to:
        due, article = facts.deferred_to, "第三十五条"
        what = "合理但不能按期答复，确定延迟答复的日期并告知申请人；当日发出仍为按时"
    return [*telling.steps, Step("due", due, due, 0, telling.total, what, article)]


def _extension_words(extensions: tuple[Extension, ...], days: int) -> str:
    granted = sum(e.days for e in extensions)
    on = [e.approved for e in extensions if e.approved]
    when = f" {on[0].month}月{on[0].day}日 " if on else ""
    part = "" if granted == days else f"，此段计 {days} 日"
    return f"负责人{when}批准延期 {granted} 个工作日（上限 {EXTENSION_DAYS}）{part}"
