"""The working of a due day: each stretch of days, what it counts for, its article.

Told in the order of the days, for the page and for a court; ``clock`` computes, this only tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from .facts import CORRECTION_NOTICE_DAYS, EXTENSION_DAYS, REPLY_DAYS, Extension, Facts, Party, Pause
from .workdays import Calendar

Kind = Literal["receipt", "void", "waiting", "restart", "counted", "excluded", "extended", "deferred", "due"]

# art. 30 and 42: what is awaited, the article, the act that asks, what starts the term anew
_PAUSES = {
    "correction": ("补正", "第三十条", "告知补正", "收到补正"),
    "fee": ("缴费", "第四十二条", "通知缴费", "足额缴费"),
}
# art. 32 and 34: who is asked, the articles
_ASKED = {
    frozenset({"third_party"}): ("征求第三方意见", "第三十二、三十三条"),
    frozenset({"joint_organ"}): ("征求共同制作机关意见", "第三十三、三十四条"),
}
_BOTH = ("征求第三方和共同制作机关意见", "第三十二、三十三、三十四条")


def asked_of(parties: Iterable[Party]) -> tuple[str, str]:
    """征求…意见, naming who is asked, and the articles (art. 32, 33, 34)."""
    return _ASKED.get(frozenset(parties), _BOTH)


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


def history(facts: Facts, restarts: list[Pause], pending: Pause | None, calendar: Calendar) -> list[Step]:
    """Receipt, and for each pause the days voided, the wait and the restart (art. 30, 31, 42)."""
    day0 = facts.received
    steps = [Step("receipt", day0, day0, 0, 0, f"{facts.receipt_why}；当日不计", facts.receipt_article)]
    for p in [*restarts, *([pending] if pending else [])]:
        asked = max(p.asked or p.met or day0, day0)
        steps += _voided(p, day0, asked, calendar)
        name, article, _, restart = _PAUSES[p.kind]
        end = p.met or max(p.last_day(calendar) or asked, asked)
        first = min(calendar.add(asked, 1), end)
        if p.met is None:
            what = f"等申请人{name}，没有到期日；{restart}之日起重新计算"
            return [*steps, Step("waiting", first, end, 0, 0, what, article)]
        what = f"等申请人{name}；{restart}：此前计日作废，期限重新起算，当日不计"
        steps.append(Step("restart", first, end, 0, 0, what, article))
        day0 = end
    return steps


def ordered(facts: Facts, last: date, calendar: Calendar) -> list[Step]:
    """The term that a decision or judgment set: its working days, told and not counted to 20 (art. 51)."""
    days, article = calendar.count(facts.received, last), facts.receipt_article
    first = min(calendar.add(facts.received, 1), last)
    return [
        Step("receipt", facts.received, facts.received, 0, 0, f"{facts.receipt_why}；当日不计", article),
        Step("counted", first, last, days, days, f"计 {days} 日", article),
        Step("due", last, last, 0, days, "复议决定、判决确定的期限；当日发出仍为按时", article),
    ]


def _voided(pause: Pause, day0: date, asked: date, calendar: Calendar) -> list[Step]:
    days = calendar.count(day0, asked)
    if not days:
        return []
    _, article, act, _ = _PAUSES[pause.kind]
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
        ends = ((c, c.end(self.calendar)) for c in self.facts.consultations)
        name, article = asked_of(
            c.party for c, last in ends if c.sent < min(end, last) and last > self.position
        )
        self._add("excluded", end, 0, f"{name}，所需 {days} 个工作日不计算在内", article)

    def put_off_to(self, end: date) -> None:
        """Pass over the working days from the counted due day to the day set (art. 35)."""
        if days := self.calendar.count(self.position, end):
            self._add("deferred", end, 0, f"延迟答复，至确定的日期 {days} 个工作日", "第三十五条")

    def _add(self, kind: Kind, end: date, counted: int, what: str, article: str) -> None:
        self.total += counted
        first = min(self.calendar.add(self.position, 1), end)
        self.steps.append(Step(kind, first, end, counted, self.total, what, article))
        self.position = end


def counting(
    anchor: date,
    allowed: int,
    gaps: list[tuple[date, date]],
    due: date,
    facts: Facts,
    calendar: Calendar,
    deferred: date | None = None,
) -> list[Step]:
    """The running term from the anchor: counted stretches, excluded stretches, extension, due day.

    ``due`` is the day that the count gives; ``deferred`` the one set in its place (art. 35), the due day then.
    """
    telling = _Telling(facts, calendar, anchor)
    for start, end in gaps:
        telling.count_to(start)
        telling.leave_out(end)
    telling.count_to(min(due, deferred or due))
    what, article = f"第 {allowed} 日，到期；当日发出仍为按时", "第三十三条"
    if deferred:
        telling.put_off_to(deferred)
        due, article = deferred, "第三十五条"
        what = "合理但不能按期答复，确定延迟答复的日期并告知申请人；当日发出仍为按时"
    return [*telling.steps, Step("due", due, due, 0, telling.total, what, article)]


def _extension_words(extensions: tuple[Extension, ...], days: int) -> str:
    granted = sum(e.days for e in extensions)
    on = [e.approved for e in extensions if e.approved]
    when = f" {on[0].month}月{on[0].day}日 " if on else ""
    part = "" if granted == days else f"，此段计 {days} 日"
    return f"负责人{when}批准延期 {granted} 个工作日（上限 {EXTENSION_DAYS}）{part}"
