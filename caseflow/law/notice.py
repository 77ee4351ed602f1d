"""The yearly holiday notice of the State Council's General Office, read from its own sentences.

“春节：2月15日至23日放假调休，共9天。2月14日（星期六）、2月28日（星期六）上班。” becomes its days, weekends
of the holiday included. Nothing is guessed: a sentence that states days and can't be read, or that
contradicts the calendar or another sentence, is named, and then the notice gives no days at all. Sentences
that state none (值班、安全, where it was published) are passed over and told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from .holidays import FESTIVALS, NEW_YEAR, Day, Fault, Notice, Unreadable, clash
from .notice_words import (
    ALONE,
    BACK,
    HEADING,
    JOINED,
    NAMED,
    NUMBER,
    NUMBERING,
    OFF,
    ONE,
    PROLONGED,
    SPAN,
    TOTAL,
    WORKED,
    plain,
    states_days,
)
from .words import month_day
from .workdays import FIRST, LAST, WEEKDAYS, days_between, weekday

LARGEST = 5000  # characters; a whole notice has about 700
TITLE = "国务院办公厅关于{}年部分节假日安排的通知"


def year_of(text: str) -> int | None:
    """The year a notice is for, by its title (2027年部分节假日安排) or by the year before its festivals."""
    found = re.search(r"(\d{4})年(?:部分节假日|元旦|春节|劳动节|端午节|中秋节|国庆节)", plain(text))
    return int(found[1]) if found else None


def document_of(text: str, year: int) -> str:
    """The notice's title, with its number (国办发明电〔2025〕7号) where it stands on a line of its own or behind it."""
    lines = [line.strip() for line in text.splitlines()]
    titles = (re.match(r"国务院办公厅[^\s（(]*?通知", line) for line in lines)
    numbers = (re.search(rf"(?:^|[：:]|通知)\s*[（(]?({NUMBER})[）)]?$", line) for line in lines)
    title, number = next(filter(None, titles), None), next(filter(None, numbers), None)
    return (title[0] if title else TITLE.format(year)) + (f"（{number[1]}）" if number else "")


def parse(text: str, year: int) -> Notice:
    """Read the sentences of a notice for ``year``. Raises Unreadable with all that is wrong."""
    if not FIRST.year <= year <= LAST.year:
        raise Unreadable([Fault("", f"年度应在 {FIRST.year} 至 {LAST.year} 之间")])
    reading = _Reading(year)
    if len(text) > LARGEST:
        reading.wrong("", f"太长，最多 {LARGEST} 字；只粘贴放假安排")
    else:
        for sentence in _sentences(text):
            reading.read(sentence)
        reading.end()
    if reading.faults:
        raise Unreadable(reading.faults)
    days = tuple(sorted(reading.days(), key=lambda d: d.day))
    return Notice(year, days, frozenset(reading.festivals), tuple(reading.prolonged), tuple(reading.passed))


# -- reading -------------------------------------------------------------------------------------


def _sentences(text: str) -> Iterator[str]:
    """The sentences as they were typed; a line ends one too, unless it plainly goes on in the next."""
    ended = re.sub(r"如下\s*[:：]", "如下。", text)
    joined = re.sub(r"(?<=[、，,：:至到和月年（(])\s*[\r\n]+", "", ended)
    for sentence in re.split(r"[。；;！!\r\n]+", joined):
        if told := sentence.strip(" \t\u3000，,、"):
            yield told


def festival(name: str) -> str:
    """清明节 is 清明 in the calendar; 国庆节、中秋节 is 国庆、中秋."""
    parts = re.split(r"[、和,]", name)
    short = [part.removesuffix("节") if part.removesuffix("节") in FESTIVALS else part for part in parts]
    return "、".join(part for part in short if part)


@dataclass
class _Item:
    """One festival while it is read: every calendar day it is off."""

    name: str
    off: list[date] = field(default_factory=list)
    joined: bool = False


@dataclass
class _Reading:
    """The notice while it is read."""

    year: int
    faults: list[Fault] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    festivals: list[str] = field(default_factory=list)
    prolonged: list[tuple[str, date]] = field(default_factory=list)
    off: dict[date, str] = field(default_factory=dict)
    worked: dict[date, str] = field(default_factory=dict)
    item: _Item | None = None
    topic: _Item | None = None  # the one festival that title and preface speak of
    sentence: str = ""

    def wrong(self, sentence: str, why: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(sentence, why))

    def days(self) -> Iterator[Day]:
        """Every day that is off, weekends too, and every weekend that is worked."""
        yield from (Day(day, False, name) for day, name in self.off.items())
        yield from (Day(day, True, name) for day, name in self.worked.items())

    def read(self, sentence: str) -> None:
        """One sentence: name and arrangements, or words around them."""
        self.sentence = sentence
        rest = NUMBERING.sub("", plain(sentence))
        if match := HEADING.match(rest):
            self._begin(match[1])
        elif not states_days(rest):
            self.passed.append(sentence)
            self._pass(rest)
        else:
            if match := NAMED.match(rest):
                self._begin(match["name"] or match["bare"] or "")
                rest = rest[match.end() :]
            for clause in re.split(r",(?![^()]*[)])", rest):
                self._clause(clause)

    def end(self) -> None:
        """What can be seen only when all is read."""
        for name in dict.fromkeys(self.worked.values()):
            if name not in self.off.values() and not self.faults:
                self.wrong("", f"{name}只写了上班的日子，没有写放假的日子")
        if not self.faults and not self.off and not self.prolonged:
            self.wrong("", "没有读到任何放假安排")

    def _begin(self, name: str) -> None:
        name = festival(re.sub(r"^\d{4}年|假期$", "", name))
        if not name or len(name) > 30:
            self.wrong(self.sentence, "没有写明节日名称")
        again = [part for part in name.split("、") if part in self.festivals]
        if again:
            self.wrong(self.sentence, f"{'、'.join(again)}写了两次")
        self.item = _Item(name)

    def _pass(self, words: str) -> None:
        """The festival before ends here. A notice about one alone names it in its title (2019年劳动节)."""
        self.item = None
        named = [name for name in FESTIVALS if name in words]
        if len(named) == 1 and not self.festivals:
            self.topic = self.topic or _Item(named[0])

    def _clause(self, clause: str) -> None:
        item = self.item or self.topic
        if match := PROLONGED.match(clause):
            until = self._day(match["until"], None)
            if until and self._mine([until], clause):
                self.prolonged.append((festival(match["first"] or match["then"]), until))
        elif match := BACK.match(clause):
            self._day(match[1], None)
        elif item is None:
            self.wrong(self.sentence, f"读不懂“{clause}”" if not ONE.search(clause) else "没有写明节日名称")
        elif match := OFF.match(clause):
            self._take_off(item, match[1], match[2])
        elif match := WORKED.match(clause):
            self._make_up(item, match[1])
        elif match := TOTAL.match(clause):
            self._total(item, int(match[1]))
        elif clause in (JOINED, ALONE):
            self._join(item, clause == JOINED)
        else:
            self.wrong(self.sentence, f"读不懂“{clause}”")

    def _take_off(self, item: _Item, spans: str, count: str | None) -> None:
        self.festivals += [name for name in item.name.split("、") if name not in self.festivals]
        days = self._spans(spans)
        self._clash(days, item.name, works=False)
        self.off |= dict.fromkeys(self._mine(days, item.name), item.name)
        item.off += days
        if count:
            self._total(item, int(count))

    def _make_up(self, item: _Item, spans: str) -> None:
        days = self._spans(spans)
        self._clash(days, item.name, works=True)
        for day in (day for day in days if day.weekday() < 5):
            self.wrong(self.sentence, f"{month_day(day)}是{weekday(day)}，不是周末，不用调休上班")
        self.worked |= dict.fromkeys(self._mine(days, item.name), item.name)

    def _join(self, item: _Item, weekends: bool) -> None:
        """与周末连休: the weekends that its days touch are off with it."""
        item.joined = True
        if weekends and item.off:
            found = sorted(_with_weekends(item.off) - set(item.off))
            self._clash(found, item.name, works=False)
            self.off |= dict.fromkeys(self._mine(found, item.name), item.name)

    def _clash(self, days: list[date], name: str, *, works: bool) -> None:
        """No day is both off and worked, none stands twice."""
        for day in days:
            told = clash(Day(day, works, name), self._stands(day))
            twice = f"{month_day(day)}写了两次" if days.count(day) > 1 else ""
            if told or twice:  # of a whole stretch the first day says enough
                return self.wrong(self.sentence, told or twice)
        return None

    def _stands(self, day: date) -> Day | None:
        off = self.off.get(day)
        name = self.worked.get(day) if off is None else off
        return None if name is None else Day(day, off is None, name)

    def _total(self, item: _Item, told: int) -> None:
        """共N天 counts every calendar day of the holiday, weekends too."""
        possible = {len(item.off)} | ({len(_with_weekends(item.off))} if item.joined else set())
        if item.off and told not in possible:
            self.wrong(self.sentence, f"写的是共 {told} 天，起止算来是 {len(item.off)} 天")

    def _mine(self, days: list[date], name: str) -> list[date]:
        """The days that may stand in this year's notice: of the December before only those of 元旦."""
        strange = [
            d for d in days
            if d.year != self.year and not (d.year == self.year - 1 and d.month == 12 and NEW_YEAR in name)
        ]  # fmt: skip
        if strange:
            ends = dict.fromkeys((strange[0], strange[-1]))
            span = "至".join(f"{d.year}年{month_day(d)}" for d in ends)
            self.wrong(self.sentence, f"{span}不是 {self.year} 年的日期")
        return [d for d in days if d not in strange]

    def _spans(self, text: str) -> list[date]:
        """Every calendar day of 2月15日至23日、…; a part left out is that of the day before it."""
        days: list[date] = []
        last: date | None = None
        for span in re.findall(SPAN, text):
            ends: list[date] = []
            for one in ONE.finditer(span):
                last = self._day(one[0], last)
                ends += [last] if last else []
            if len(ends) == 2 and ends[1] <= ends[0]:
                self.wrong(self.sentence, f"“{span}”终点不晚于起点，跨年的写明年份")
            elif len(ends) == 2 and (ends[1] - ends[0]).days > 30:
                self.wrong(self.sentence, f"“{span}”超过一个月")
            elif ends:
                days += days_between(ends[0], ends[-1])
        return days

    def _day(self, text: str, before: date | None) -> date | None:
        """One day, its weekday checked; None where there is no such day."""
        match = ONE.fullmatch(text)
        if match is None:
            raise ValueError(text)
        year = int(match[1]) if match[1] else before.year if before else self.year
        month = int(match[2]) if match[2] else before.month if before else 0
        told = f"{match[2] or month}月{match[3]}日" if month else f"{match[3]}日"
        try:
            day = date(year, month, int(match[3]))
        except ValueError:
            self.wrong(self.sentence, f"没有“{told}”这一天" if month else f"“{told}”没有写明月份")
            return None
        if abs(year - self.year) > 1:  # far from it there may be no day before or after
            self.wrong(self.sentence, f"{year}年{told}不是 {self.year} 年的日期")
            return None
        named = re.search(rf"(?:星期|周)([{WEEKDAYS}天])", match[4] or "")
        if named and named[1].replace("天", "日") != weekday(day)[1]:
            self.wrong(self.sentence, f"{month_day(day)}是{weekday(day)}，不是{named[0]}")
        return day


def _with_weekends(off: list[date]) -> set[date]:
    """The days off together with the weekends they touch."""
    whole = set(off)
    for day in off:
        for step in (timedelta(days=1), timedelta(days=-1)):
            beside = day + step
            while beside.weekday() >= 5 and beside not in whole:
                whole.add(beside)
                beside += step
    return whole
