"""The clock of a case day by day: what each day is, what happened on it, which stretch it lies in.

The clock's own steps say what a day counts for; nothing is counted anew here. No geometry: the pictures
of ``clock_timeline`` and ``clock_weeks`` both draw these days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from ..law.casefile import CaseFile
from ..law.clock import Clock, clock
from ..law.facts import Consultation, Facts, Party
from ..law.words import month_day, with_weekday
from ..law.workdays import Calendar, days_between
from ..law.working import Step

Kind = Literal["", "void", "wait", "counted", "excluded", "deferred", "late"]

# The step of the working -> what its days are
KINDS: dict[str, Kind] = {
    "void": "void",
    "waiting": "wait",
    "restart": "wait",
    "counted": "counted",
    "extended": "counted",
    "excluded": "excluded",
    "deferred": "deferred",
}
ASKED = {"correction": ("告知补正", "收到补正", "补正期限"), "fee": ("收费通知", "缴费", "缴费期限")}
PARTIES: dict[Party, str] = {"third_party": "第三方", "joint_organ": "共同制作机关"}
CLOSINGS = {"reply": "发出答复", "lapsed": "不再处理", "withdrawn": "申请人撤回"}
ONE_DAY = timedelta(days=1)
TOGETHER = 2  # acts of one day that are named; of more, their number is told


@dataclass(frozen=True)
class Day:
    """One calendar day. ``number`` is its place in the term, 0 where it has none."""

    day: date
    working: bool
    kind: Kind = ""
    number: int = 0
    passed: bool = True  # False: a day still left
    extended: bool = False


@dataclass(frozen=True)
class Happening:
    """What happened, or will be due, on a day."""

    day: date
    what: str
    due: bool = False


@dataclass(frozen=True)
class Stretch:
    """Days of one kind, first and last; what they are, what they do to the term, their article."""

    kind: Kind
    first: date
    last: date
    name: str
    effect: str


@dataclass(frozen=True)
class ClockDays:
    """All that the pictures draw. ``today`` is None once the case is closed."""

    days: tuple[Day, ...]
    happenings: tuple[Happening, ...]  # one a day, the due day apart
    stretches: tuple[Stretch, ...]
    starts: frozenset[date]  # each day 0
    due: date | None
    today: date | None
    provisional: bool

    def due_words(self, day: date) -> str:
        """The due day with its weekday, and whether it is provisional."""
        return with_weekday(day, self.today) + ("（暂定）" if self.provisional else "")

    def told(self) -> str:
        """The picture in one sentence, for those who can't see it."""
        parts = [f"{month_day(h.day, self.today)}{h.what}" for h in self.happenings]
        for s in self.stretches:
            span = f"{month_day(s.first, self.today)}至{month_day(s.last, self.today)}"
            parts.append(f"{span}{s.name}，{s.effect}")
        return "；".join(parts) + "。"


def clock_days(
    facts: Facts,
    ticking: Clock,
    calendar: Calendar,
    today: date,
    closed_by: str = "",
    aside: Iterable[tuple[date, str]] = (),
) -> ClockDays:
    """Lay the clock out by days. A case closed without a reply ends where it was closed, with no due day.

    ``aside`` is what happened on which day without being a fact of the clock.
    """
    if facts.closed and closed_by != "reply":
        ticking = clock(replace(facts, closed=None), calendar)
    answered = not facts.closed or closed_by == "reply"
    due = ticking.due if answered else None
    every = [*_all_happenings(facts, calendar, closed_by), *aside]
    happenings = _happenings(every, ticking, due)
    now = facts.closed or today
    last = _last(ticking, now, due, happenings) if answered else max(now, facts.received)
    days = _days(facts, ticking, calendar, now, due, last)
    return ClockDays(
        days=tuple(days),
        happenings=tuple(h for h in happenings if facts.received <= h.day <= last),
        stretches=tuple(_stretches(ticking, calendar, now, due, last)),
        starts=frozenset({facts.received, *(p.met for p in facts.pauses if p.met)}),
        due=due,
        today=None if facts.closed else today,
        provisional=ticking.provisional,
    )


def _last(ticking: Clock, now: date, due: date | None, happenings: list[Happening]) -> date:
    """The last day drawn: what is due, what happened, and today where it lies beyond."""
    beyond = now if due is None or now > due else due
    return max(beyond, *(s.end for s in ticking.steps), *(h.day for h in happenings))


def _days(
    facts: Facts, ticking: Clock, calendar: Calendar, now: date, due: date | None, last: date
) -> Iterator[Day]:
    marks = _marks(ticking, calendar)
    over = due if due and now > due else None
    awaited = ticking.steps[-1].end if due is None and ticking.waiting in ASKED else None
    for day in days_between(facts.received, last):
        working = calendar.is_working(day)
        kind, number, extended = marks.get(day, ("", 0, False))
        if awaited and awaited < day <= now:
            kind = "wait"  # the applicant's last day has passed, and still nothing came
        if over and over < day <= now:
            kind, number, extended = "late", 0, False
        if not working and kind != "wait":
            kind = ""
        yield Day(day, working, kind, number if working else 0, day <= now, extended)


def _marks(ticking: Clock, calendar: Calendar) -> dict[date, tuple[Kind, int, bool]]:
    """What the steps say of each day; the later step has the word."""
    marks: dict[date, tuple[Kind, int, bool]] = {}
    for step in ticking.steps:
        if step.kind not in KINDS:
            continue
        number = step.total - step.counted
        for day in days_between(step.start, step.end):
            number += step.counted > 0 and calendar.is_working(day)
            marks[day] = KINDS[step.kind], number if step.counted else 0, step.kind == "extended"
    return marks


def _stretches(
    ticking: Clock, calendar: Calendar, now: date, due: date | None, last: date
) -> Iterator[Stretch]:
    for step in ticking.steps:
        if step.kind not in KINDS or step.start > last:
            continue
        end = max(step.end, now) if step.kind == "waiting" and due is None else step.end
        end = min(end, last)
        name, effect = _told(step, calendar.count(step.start - ONE_DAY, end))
        effect = " · ".join(filter(None, (effect, step.article)))
        yield Stretch(KINDS[step.kind], step.start, end, name, effect)
    if due and now > due:
        yield Stretch("late", due + ONE_DAY, now, "逾期", f"{calendar.count(due, now)} 个工作日")


def _told(step: Step, days: int) -> tuple[str, str]:
    """What a stretch is and what it does to the term; ``days`` are its working days."""
    said = re.split("[，；]", step.what)[0]  # the law's own name of it
    first = step.total - step.counted + 1
    through = f"第 {first}–{first + days - 1} 日" if days > 1 else f"第 {first} 日"
    return {
        "void": (f"前 {days} 日", "作废"),
        "waiting": (said, "没有到期日"),
        "restart": (said, "重新起算"),
        "counted": (through, f"计 {days} 日"),
        "extended": (f"延期 {days} 日", ""),
        "excluded": (said, f"扣 {days} 日"),
        "deferred": (said, "至确定的日期"),
    }[step.kind]


def reasons(file: CaseFile) -> Iterator[tuple[date, str]]:
    """要求说明理由, 说明理由, 确定延迟 (art. 35): the clock runs on meanwhile."""
    if asked := file.reasons:
        yield asked.asked, "要求说明理由"
        yield (asked.given, "说明理由") if asked.given else (asked.until, "说明期限")
    if file.deferred_on:
        yield file.deferred_on, "确定延迟"


def _happenings(every: Iterable[tuple[date, str]], ticking: Clock, due: date | None) -> list[Happening]:
    """One for each day on which anything happened, in order; the due day has one of its own, at the end."""
    by_day: dict[date, list[str]] = {}
    for day, what in every:
        names = by_day.setdefault(day, [])
        if what not in names:
            names.append(what)
    found = [Happening(day, _together(names)) for day, names in sorted(by_day.items())]
    if due:
        found.append(Happening(due, _name_of(ticking), due=True))
    return found


def _name_of(ticking: Clock) -> str:
    """What its due day is called: by the count, or as it was set (art. 35, 51)."""
    if ticking.ordered:
        return "决定、判决确定的期限"
    return "延迟答复日期" if ticking.deferred else "到期"


def _together(names: list[str]) -> str:
    if len(names) <= TOGETHER:
        return "、".join(names)
    return f"{names[0]}等 {len(names)} 项"


def _all_happenings(facts: Facts, calendar: Calendar, closed_by: str) -> Iterator[tuple[date, str]]:
    yield facts.received, "确认收到" if "确认" in facts.receipt_why else facts.began_by
    for pause in facts.pauses:
        asked, met, limit = ASKED[pause.kind]
        last = pause.last_day(calendar)
        if pause.asked:
            yield pause.asked, asked
        if pause.told and pause.told != pause.asked:
            yield pause.told, "收到收费通知"
        if pause.met:
            yield pause.met, f"{met}，重新起算"
        elif last:
            yield last, limit
    for c in facts.consultations:
        end = c.end(calendar)
        yield c.sent, f"征求{PARTIES[c.party]}意见"
        whose = _whose(c, facts.consultations)
        yield end, "收到意见" if c.opinion == end else f"{whose}期限届满" if c.opinion else f"{whose}期限"
    for extension in facts.extensions:
        if extension.approved:
            yield extension.approved, "批准延期"
    if facts.closed:
        yield facts.closed, CLOSINGS.get(closed_by, "办结")


def _whose(c: Consultation, others: Iterable[Consultation]) -> str:
    """第三方, 共同制作机关, with its number where there are several of them."""
    several = [one for one in others if one.party == c.party and one.n]
    return PARTIES[c.party] + (f"第 {c.n} 次" if len(several) > 1 else "")
