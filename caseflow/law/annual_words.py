"""The figures that an edited text states, held against the tables: each that differs is named with what the table says.

A number belongs to the last words before it, in the same clause, that name a figure (本年新收 … 7 件). Words that name
none are nobody's business here: a report speaks of columns, screens and meetings too. 受理 means 新收, as in
``year_prose``; a report that means 新收 and 上年结转 together is pointed at, and the office decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .annual import Figures
from .annual_names import (
    ALL_IN_TIME,
    ANSWERED,
    END,
    FEE,
    IN_TIME,
    RATE,
    SENT,
    SUITS,
    WEAK,
    Figure,
    key_of,
    stated,
    words,
)
from .annual_two import written
from .year_table import BLOCKS, RESULTS_TOTAL

_COMPARED = re.compile(r"同比|增|减|下降|上升|较|比上|占")
_CHINESE_NUMBER = "[零〇一二两三四五六七八九十百千万]{1,20}"  # bounded: what has no end is read in one go
_NUMBER = re.compile(
    rf"(?<![\d.〕第])(?<!第\s)(?:百分之(?P<share>\d+(?:\.\d+)?|{_CHINESE_NUMBER}+(?!点))"
    rf"|(?P<number>\d[\d,]*(?:\.\d+)?|{_CHINESE_NUMBER})(?:\s*(?P<unit>件|份|宗|起|[%％]|万元|元|[条个次例]{END})|{END}))"
)
# Units and bare numbers that stand for cases only where nothing but such words is between them and the name
_LAX = frozenset({"条", "个", "次", "例", ""})
_TIGHT = re.compile(  # possessive, like the next: a word has one way to be read, or a text could take for ever
    r"(?:\s|：|的|了|[“”\"]|政府信息公开|依申请公开|信息公开|申请|案件|总?数量?|总?量|费用|共|共?计|合计|总计|累计|为|是|有|达)*+"
)
_PLAIN = re.compile(  # what may stand before words that name a figure weakly
    r"(?:\s|\d{4}\s*年度?|我[办局]|本(?:机关|单位|级|办|局)|全[省市县区年]|本年度?|今年|年度|其中|总?共|累计|没有|未"
    r"|政府信息公开|依申请公开|信息公开|申请|依法|的)*+"
)
_OTHER_BUSINESS = "热线|留言|信箱|提案|建议|信访|咨询|投诉"
_OTHERS = re.compile(_OTHER_BUSINESS)
_EXCUSED = re.compile(rf"{_OTHER_BUSINESS}|复议|诉讼|许可|确保|要求|力争|应当|必须|争取|保证|除[^，]*外")
_YEAR = re.compile(r"(?P<year>\d{4})\s*年(?!\s*(?:起|至|以来|以前|底|末|\d|度?结转))")
_SENTENCE = re.compile(r"[^。！？\n]{1,2000}")  # one that nobody would read to its end is read in pieces
_CLAUSE_END = re.compile(r"[，；,;]|：(?!\s*\d)")
_ITEM_END = re.compile(rf"{_CLAUSE_END.pattern}|、")  # of a list in a clause
_WIDE = str.maketrans("０１２３４５６７８９．", "0123456789.")  # as long as what it stands for
_UNITS = {"％": "%"} | dict.fromkeys(("份", "宗", "起", *_LAX), "件")
_MONEY = {"元": 1, "万元": 10_000}
_CHINESE = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}


@dataclass(frozen=True)
class Difference:
    """A number in a text that is not the figure it names."""

    start: int  # of the number in the text
    end: int
    sentence: str
    stands: str  # as it is written there
    figure: Figure

    @property
    def said(self) -> str:
        """What stands, and what the table says."""
        unit = self.figure.unit
        should = f"{written(self.figure.value)}{'' if unit == '%' else ' '}{unit}"
        return f"{self.figure.label}：写的是 {self.stands}，表上是 {should}"


def differences(text: str, figures: Figures) -> tuple[Difference, ...]:
    """Every number of a text that names a figure and isn't it, in the order of the text; () where all agree."""
    known = stated(figures)
    named = words(figures)
    plain = text.translate(_WIDE)
    return tuple(
        found
        for m in _SENTENCE.finditer(plain)
        for found in _Sentence(plain, m.start(), m.end(), known, named).read()
    )


@dataclass
class _Sentence:
    """One sentence being read from left to right."""

    text: str
    start: int
    end: int
    known: Mapping[str, Figure]
    words: re.Pattern[str]
    block: str = ""  # of table 4, that states after it belong to
    key: str = ""  # the figure named last, not yet given its number
    at: int = 0  # where the words that named it begin
    named: int = 0  # and where they end
    weak: bool = False  # it was named by words that name it only where nothing else is said
    nothing: bool = False  # this clause says that there is none

    def read(self) -> Iterator[Difference]:
        """Its differences."""
        names = list(self.words.finditer(self.text, self.start, self.end))
        if any(key_of(m.lastgroup or "") not in (ALL_IN_TIME, WEAK + FEE) for m in names):
            yield from self._year()
        numbers = [*_NUMBER.finditer(self.text, self.start, self.end)]
        ends = [*_CLAUSE_END.finditer(self.text, self.start, self.end)]
        for mark in sorted((*names, *numbers, *ends), key=lambda m: m.start()):
            if mark.re is self.words:
                yield from self._name(mark)
            elif mark.re is _NUMBER:
                yield from self._number(mark)
            else:
                yield from self._close()
        yield from self._close()

    def _year(self) -> Iterator[Difference]:
        """The year that a sentence about figures begins with."""
        lead = len(self.text[self.start : self.end]) - len(self.text[self.start : self.end].lstrip())
        if found := _YEAR.match(self.text, self.start + lead, self.end):
            year = Decimal(found["year"])
            if year != self.known["year"].value:
                yield self._difference(found.start(), found.end(), self.known["year"])

    def _name(self, mark: re.Match[str]) -> Iterator[Difference]:
        key = key_of(mark.lastgroup or "")
        if key == "nothing":
            self.nothing, self.key = True, ""
            return
        weak = key.startswith(WEAK)
        if weak and (self.key or not self._alone(key, mark.start())):
            return
        yield from self._none()
        key, self.weak = key.removeprefix(WEAK), weak
        if key == ALL_IN_TIME:
            yield from self._all_in_time(mark)
            key = IN_TIME
        if key in BLOCKS or key == SUITS:
            self.block = key
        if key.startswith("."):
            key = f"{self.block}{key}" if self.block else ""
        self.key, self.named, self.at = key, mark.end(), mark.start()

    def _alone(self, key: str, at: int) -> bool:
        """Whether weak words name a figure here: the fee where the sentence is about it, others where a clause begins."""
        if key == WEAK + FEE:
            return "信息处理费" in self.text[self.start : self.end]
        return bool(_PLAIN.fullmatch(_clause(self.text[self.start : at], _ITEM_END)))

    def _all_in_time(self, mark: re.Match[str]) -> Iterator[Difference]:
        """全部按时办结: the rate is said to be 100 %; a wish, an exception or other business is nobody's figure."""
        rate = self.known.get(RATE)
        if rate and rate.value != 100 and not _EXCUSED.search(self.text, self.start, self.end):
            yield self._difference(mark.start(), mark.end(), rate)

    def _number(self, mark: re.Match[str]) -> Iterator[Difference]:
        figure, between = self.known.get(self.key), self.text[self.named : mark.start()]
        unit, tight = "%" if mark["share"] else mark["unit"] or "", _TIGHT.fullmatch(between)
        if unit in _LAX and (
            not tight
            or _OTHERS.search(self.text, self.start, self.end)
            or (not unit and not re.fullmatch(r"(?!20\d\d)\d{1,4}", mark["number"]))
        ):
            return
        key, self.key, self.nothing = self.key, "", False
        if figure is None or _COMPARED.search(between) or self._of_another_year(mark.start()):
            return
        others = key == RATE and _OTHERS.search(_clause(self.text[self.start : self.at]))
        if others or (self.weak and not tight):
            return
        unit, number = _UNITS.get(unit, unit), _value(mark["share"] or mark["number"])
        if self.weak and key == RESULTS_TOTAL and number == self.known[SENT].value:
            return  # 办理答复: all that was closed, or the replies alone
        if key == ANSWERED and RATE in self.known and number == self.known[RATE].value:
            return  # 答复率: of what was in hand, or of what was sent, on time
        if _amount(number, unit) != _amount(figure.value, figure.unit) and _kind(unit) == _kind(figure.unit):
            yield self._difference(mark.start(), mark.end(), figure)

    def _of_another_year(self, at: int) -> bool:
        """Whether the clause speaks of another year than the report's, the name of the figure apart (结转2027年)."""
        before = self.text[self.start : self.at] + self.text[self.named : at]
        clause = re.split(r"[，；,;（）()]", before)[-1]
        years = {Decimal(m["year"]) for m in _YEAR.finditer(clause)}
        first = clause.lstrip() == before.lstrip()  # begins the sentence: told of above
        return bool(years - {self.known["year"].value}) and not first

    def _close(self) -> Iterator[Difference]:
        """The end of a clause: what it named there is no number for."""
        yield from self._none()
        self.key, self.nothing = "", False

    def _none(self) -> Iterator[Difference]:
        """没有…: the figure named is said to be 0."""
        figure = self.known.get(self.key)
        if self.nothing and figure is not None and figure.unit != "%" and figure.value:
            yield self._difference(self.at, self.named, figure, "没有")
        if self.nothing:
            self.key = ""

    def _difference(self, start: int, end: int, figure: Figure, stands: str = "") -> Difference:
        sentence = self.text[self.start : self.end].strip()
        return Difference(start, end, sentence, stands or self.text[start:end], figure)


def _clause(text: str, ends: re.Pattern[str] = _CLAUSE_END) -> str:
    """What a text ends with, after the last end of a clause."""
    return ends.split(text)[-1]


def _kind(unit: str) -> str:
    return "元" if unit in _MONEY else unit


def _amount(number: Decimal, unit: str) -> Decimal:
    """In 元 where it is money."""
    return number * _MONEY.get(unit, 1)


def _value(number: str) -> Decimal:
    """A number in digits or in Chinese ones."""
    if number[0].isdigit():
        return Decimal(number.replace(",", ""))
    thousands, _, rest = number.rpartition("万")
    return Decimal(_below_myriad(thousands) * 10_000 + _below_myriad(rest))


def _below_myriad(text: str) -> int:
    total, digit = 0, 0
    for char in text:
        if char in _TENS:
            total, digit = total + (digit or 1) * _TENS[char], 0
        else:
            digit = _CHINESE.get(char, 0)
    return total + digit
