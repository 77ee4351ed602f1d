"""The yearly holiday notice of the State Council's General Office, read from its own sentences.

“春节：2月15日至23日放假调休，共9天。2月14日（星期六）、2月28日（星期六）上班。” becomes the days that differ
from Monday-to-Friday. Nothing is guessed: a sentence that can't be read, or that contradicts the
calendar or another sentence, is named, and then the notice gives no days at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from .holidays import FESTIVALS, NEW_YEAR, Day, Fault, Notice, Unreadable
from .words import month_day
from .workdays import FIRST, LAST, WEEKDAYS, days_between, weekday

LARGEST = 5000  # characters; a whole notice has about 700

# A notice's words around its arrangements set no day, nor does its advice
AROUND = re.compile(
    r"如下$|^各省|^国务院办公厅|^国办|^根据|^经国务院|^节假日期间|^此件|的通知$|号$|^\d{4}年\d{1,2}月\d{1,2}日$"
)
ADVICE = re.compile(r"^鼓励")
ARRANGES = re.compile(r"日(?:[(][^()]*[)])?(?:放假|调休|补休|休息|起?(?:照常|正常|均)?上班)")
NUMBERING = re.compile(r"^(?:[一二三四五六七八九十]+、|[(][一二三四五六七八九十\d]+[)]|\d{1,2}[、.](?!\d))")
NAMED = re.compile(
    r"^(?P<name>(?:(?!月\d)[^:])*?):|^(?P<bare>元旦|春节|清明节?|劳动节|端午节?|中秋节?|国庆节?)(?=\d)"
)

DAY = r"(?:(?:\d{4})年)?(?:\d{1,2}月)?\d{1,2}日(?:[(][^()]*[)])?"
ONE = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:[(]([^()]*)[)])?")
SPAN = rf"{DAY}(?:(?:至|到|-){DAY})?"
SPANS = rf"{SPAN}(?:(?:、|和|及){SPAN})*"
OFF = re.compile(rf"^({SPANS})(?:放假调休|调休放假|放假公休|放假|调休|补休|休息)(?:(\d{{1,3}})天)?$")
WORKED = re.compile(rf"^({SPANS})(?:照常|正常|均)?上班$")
BACK = re.compile(rf"^({DAY})起(?:照常|正常)上班$")  # says only that the holiday is over
PROLONGED = re.compile(rf"^延长(?:\d{{4}}年)?(\D+?)假期至({DAY})$")
TOTAL = re.compile(r"^共(?:计)?(\d{1,3})天$")
JOINED = re.compile(r"^(?:与周末连休|不调休)$")

_WIDE = str.maketrans("０１２３４５６７８９：；，．（）－—–～~〔〕﹣", "0123456789:;,.()-----()-")


def year_of(text: str) -> int | None:
    """The year a notice is for, by its title (2027年部分节假日安排) or by the year before its festivals."""
    found = re.search(r"(\d{4})年(?:部分节假日|元旦|春节|劳动节|端午节|中秋节|国庆节)", _plain(text))
    return int(found[1]) if found else None


def document_of(text: str) -> str:
    """The notice's title with its number where it has one (国办发明电〔2025〕7号); "" without a title."""
    title = re.search(r"^\s*(国务院办公厅\S*?通知)\s*$", text, re.MULTILINE)
    number = re.search(
        r"^\s*[（(]?(国办发\S{0,6}?[〔\[［(（]\d{4}[〕\]］)）]\d{1,4}号)[）)]?\s*$", text, re.MULTILINE
    )
    return "" if title is None else title[1] + (f"（{number[1]}）" if number else "")


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


def _plain(text: str) -> str:
    """One width of digits and signs, no blanks."""
    return re.sub(r"\s+", "", text.translate(_WIDE))


def _sentences(text: str) -> Iterator[str]:
    """The sentences as they were typed; a line ends one too, unless it plainly goes on in the next."""
    ended = re.sub(r"如下\s*[:：]", "如下。", text)
    joined = re.sub(r"(?<=[、，,：:至到和月年（(])\s*[\r\n]+", "", ended)
    for sentence in re.split(r"[。；;\r\n]+", joined):
        if told := sentence.strip(" \t\u3000，,、"):
            yield told


def festival(name: str) -> str:
    """清明节 is 清明 in the calendar; 国庆节、中秋节 is 国庆、中秋."""
    parts = re.split(r"[、和,]", name)
    short = [part.removesuffix("节") if part.removesuffix("节") in FESTIVALS else part for part in parts]
    return "、".join(part for part in short if part)


@dataclass
class _Item:
    """One festival while it is read: every calendar day it is off, every weekend worked for it."""

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
    sentence: str = ""

    def wrong(self, sentence: str, why: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(sentence, why))

    def days(self) -> Iterator[Day]:
        """What differs from Monday-to-Friday."""
        yield from (Day(day, False, name) for day, name in self.off.items() if day.weekday() < 5)
        yield from (Day(day, True, name) for day, name in self.worked.items())

    def read(self, sentence: str) -> None:
        """One sentence: name and arrangements, or words around them."""
        self.sentence = sentence
        rest = NUMBERING.sub("", _plain(sentence))
        if ADVICE.match(rest) or (AROUND.search(rest) and not ARRANGES.search(rest)):
            self.passed.append(sentence)
            self._topic(rest)
            return
        if match := NAMED.match(rest):
            self._begin(match["name"] or match["bare"] or "")
            rest = rest[match.end() :]
        for clause in re.split(r",(?![^()]*[)])", rest):
            self._clause(clause)

    def end(self) -> None:
        """What can be seen only when all is read."""
        if not self.faults and not self.off and not self.prolonged:
            self.wrong("", "没有读到任何放假安排")

    def _begin(self, name: str) -> None:
        name = festival(re.sub(r"^\d{4}年", "", name))
        if not name or len(name) > 30:
            self.wrong(self.sentence, "没有写明节日名称")
        again = [part for part in name.split("、") if part in self.festivals]
        if again:
            self.wrong(self.sentence, f"{'、'.join(again)}写了两次")
        self.festivals += name.split("、")
        self.item = _Item(name)

    def _topic(self, words: str) -> None:
        """A notice about one festival names it in its title alone (2019年劳动节)."""
        named = [name for name in FESTIVALS if name in words]
        if len(named) == 1 and self.item is None:
            self.item = _Item(named[0])

    def _clause(self, clause: str) -> None:
        if match := PROLONGED.match(clause):
            if (until := self._day(match[2], None)) and self._mine(until, clause):
                self.prolonged.append((festival(match[1]), until))
        elif match := BACK.match(clause):
            self._day(match[1], None)
        elif self.item is None:
            self.wrong(self.sentence, f"读不懂“{clause}”" if not ONE.search(clause) else "没有写明节日名称")
        elif match := OFF.match(clause):
            self._take_off(self.item, match[1], match[2])
        elif match := WORKED.match(clause):
            self._make_up(self.item, match[1])
        elif match := TOTAL.match(clause):
            self._total(self.item, int(match[1]))
        elif JOINED.match(clause):
            self.item.joined = True
        else:
            self.wrong(self.sentence, f"读不懂“{clause}”")

    def _take_off(self, item: _Item, spans: str, count: str | None) -> None:
        self.festivals += [name for name in item.name.split("、") if name not in self.festivals]
        days = self._spans(spans)
        self._clash(days, self.worked, self.off)
        self.off |= {day: item.name for day in days if self._mine(day, item.name)}
        item.off += days
        if count:
            self._total(item, int(count))

    def _make_up(self, item: _Item, spans: str) -> None:
        days = self._spans(spans)
        self._clash(days, self.off, self.worked)
        for day in (day for day in days if day.weekday() < 5):
            self.wrong(self.sentence, f"{month_day(day)}是{weekday(day)}，不是周末，不用调休上班")
        self.worked |= {day: item.name for day in days if self._mine(day, item.name)}

    def _clash(self, days: list[date], contrary: dict[date, str], same: dict[date, str]) -> None:
        """No day is both off and worked, none stands twice."""
        told = [(d, "又放假又上班") for d in days if d in contrary] + [
            (d, "写了两次") for d in days if d in same
        ]
        told += [(d, "写了两次") for d in set(days) if days.count(d) > 1]
        for day, why in told[:1]:  # of a whole stretch the first day says enough
            self.wrong(self.sentence, f"{month_day(day)}{why}")

    def _total(self, item: _Item, told: int) -> None:
        """共N天 counts every calendar day of the holiday, weekends too."""
        possible = {len(item.off)} | ({len(_with_weekends(item.off))} if item.joined else set())
        if item.off and told not in possible:
            self.wrong(self.sentence, f"写的是共 {told} 天，起止算来是 {len(item.off)} 天")

    def _mine(self, day: date, name: str) -> bool:
        """Whether a day may stand in this year's notice: of the December before only 元旦."""
        before = day.year == self.year - 1 and day.month == 12 and NEW_YEAR in name
        if day.year == self.year or before:
            return True
        self.wrong(self.sentence, f"{day.year}年{month_day(day)}不是 {self.year} 年的日期")
        return False

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
