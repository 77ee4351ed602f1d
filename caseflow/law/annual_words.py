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
from .annual_two import cells, written
from .applicants import OLDER_LABELS, TOTAL
from .outcomes import rows
from .percent import percent
from .year_prose import CHANNEL_WORDS, CLASS_WORDS, item_words
from .year_table import (
    BLOCKS,
    CARRIED_IN,
    CARRIED_OUT,
    GROUPS,
    NEW,
    RESULTS_TOTAL,
    STATES,
    row_label,
)

SUITS = "suits"  # both blocks of 行政诉讼 together
RATE, SENT, IN_TIME, FEE, NOTICES, PAYMENTS = "rate", "sent", "in_time", "fee", "notices", "payments"
_NOT_RATE = "(?!及时率|按时率|率)"

# Words that name a figure, in the order in which they are tried at a place: longer ones before those inside them
_FIXED: tuple[tuple[str, str], ...] = (
    (RATE, r"(?:按时|按期)?办结(?:及时|按时)?率|及时率|按时率"),
    (SENT, r"发出答复"),
    (IN_TIME, r"按时(?:答复|办结)?|按期答复"),
    (CARRIED_IN, r"上一?年度?结转"),
    (CARRIED_OUT, r"结转(?:到|至)?(?:下|次)一?年"),
    ("suit_direct", r"未经复议(?:程序)?直接起诉|直接起诉"),
    ("suit_after_reconsideration", r"经?复议后起诉"),
    ("reconsideration", r"行政复议"),
    (SUITS, r"行政诉讼"),
    (NOTICES, r"收费通知"),
    (PAYMENTS, r"缴费(?!通知)"),
    (FEE, r"信息处理费(?!管理办法)"),
)
_AFTER: tuple[tuple[str, str], ...] = (
    (RESULTS_TOTAL, rf"办理结果总计|(?:办结|办理完毕){_NOT_RATE}"),
    (NEW, r"新收|受理(?!方式)|收到(?=[^，。；、\d]{0,14}申请)"),
)
_NOTHING = r"未发生|没有发生|没有|未(?=收到|受理|收取|新收)|无(?=行政复议|行政诉讼)"
_COMPARED = re.compile(r"同比|增|减|下降|上升|较|比上|占")
_NUMBER = re.compile(
    r"(?<![\d.〕第])(?P<number>\d[\d,]*(?:\.\d+)?|[零〇一二两三四五六七八九十百千万]+)\s*(?P<unit>件|份|宗|起|[%％]|万元|元)"
)
_YEAR = re.compile(r"(?P<year>\d{4})\s*年(?!\s*(?:起|至|以来|以前|底|末|\d))")
_SENTENCE = re.compile(r"[^。！？\n]+")
_CLAUSE_END = re.compile(r"[，；,;：]")
_WIDE = str.maketrans("０１２３４５６７８９．", "0123456789.")  # as long as what it stands for
_UNITS = {"份": "件", "宗": "件", "起": "件", "％": "%"}
_CHINESE = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}


@dataclass(frozen=True)
class Figure:
    """One figure of the report: what it is called, what it is, in which unit."""

    label: str
    value: Decimal
    unit: str = "件"


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
    words = _words(figures)
    plain = text.translate(_WIDE)
    return tuple(
        found
        for m in _SENTENCE.finditer(plain)
        for found in _Sentence(plain, m.start(), m.end(), known, words).read()
    )


def stated(figures: Figures) -> dict[str, Figure]:
    """Every figure that a text may name, by its key."""
    year, table = figures.year, figures.year.table
    found = {"year": Figure("报告年度", Decimal(table.year), "年")}
    for row in (NEW, CARRIED_IN, RESULTS_TOTAL, CARRIED_OUT, *(r.key for r in rows(table.edition))):
        found[row] = _cases(f"表三 {row_label(row, table.edition)}", table.value(row, TOTAL))
    for group, name in GROUPS.items():
        found[group] = _cases(f"表三 {name}", table.group_total(group))
    for code, label in CLASS_WORDS.items():
        found[f"class.{code}"] = _cases(f"表三 本年新收 × {label}", table.value(NEW, code))
    for code, label in CHANNEL_WORDS.items():
        found[f"channel.{code}"] = _cases(f"受理方式 {label}", year.channels.get(code, 0))
    found |= _proceedings(figures)
    found |= {SENT: _cases("发出答复", year.sent), IN_TIME: _cases("按时发出答复", year.in_time)}
    if rate := percent(year.in_time, year.sent):
        found[RATE] = Figure("办结及时率", Decimal(rate.rstrip("%")), "%")
    for cell in cells(table.edition):
        if (amount := figures.two.get(cell.place)) is not None and cell.words:
            found[f"two.{cell.place}"] = Figure(f"表二 {cell.label}", amount, cell.unit)
    found |= {
        NOTICES: _cases("收费通知", figures.fees.notices),
        PAYMENTS: _cases("缴费", figures.fees.payments),
    }
    if not figures.fees.unknown:
        found[FEE] = Figure("收取信息处理费", Decimal(figures.fees.yuan), "元")
    return found


def _cases(label: str, number: int) -> Figure:
    return Figure(label, Decimal(number))


def _proceedings(figures: Figures) -> dict[str, Figure]:
    blocks = figures.year.table.proceedings
    found = {}
    for block, parts in {**{b: (b,) for b in BLOCKS}, SUITS: tuple(BLOCKS)[1:]}.items():
        label = f"表四 {BLOCKS.get(block, '行政诉讼')}"
        found[block] = _cases(f"{label} 总计", sum(blocks[b][TOTAL] for b in parts))
        for state, name in STATES.items():
            found[f"{block}.{state}"] = _cases(f"{label} {name}", sum(blocks[b][state] for b in parts))
    return found


# -- the words of a sentence ----------------------------------------------------------------------


def _words(figures: Figures) -> re.Pattern[str]:
    """All words that name a figure, and those that say there is none; each group is called as its figure's place here."""
    edition = figures.edition
    items = [(r.key, re.escape(item_words(r))) for r in rows(edition) if r.item]
    older = {code: f"|{re.escape(label)}" for label, code in OLDER_LABELS.items()}
    named = [
        *(
            (f"two.{c.place}", re.escape(c.words).replace("行政规范", "(?:行政)?规范"))
            for c in cells(edition)
            if c.words
        ),
        *items,
        *((group, re.escape(name)) for group, name in GROUPS.items()),
        *_FIXED,
        *((f".{state}", re.escape(label)) for state, label in STATES.items()),
        *((f"channel.{code}", f"{re.escape(label)}(?:方式)?申请") for code, label in CHANNEL_WORDS.items()),
        *((f"class.{code}", re.escape(label) + older.get(code, "")) for code, label in CLASS_WORDS.items()),
        *_AFTER,
        ("nothing", _NOTHING),
    ]
    return re.compile("|".join(f"(?P<{_group(key)}>{pattern})" for key, pattern in named))


def _group(key: str) -> str:
    return "k_" + key.replace(".", "__")


def _key(group: str) -> str:
    return group.removeprefix("k_").replace("__", ".")


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
    nothing: bool = False  # this clause says that there is none

    def read(self) -> Iterator[Difference]:
        """Its differences."""
        names = list(self.words.finditer(self.text, self.start, self.end))
        if names:
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
        key = _key(mark.lastgroup or "")
        if key == "nothing":
            self.nothing, self.key = True, ""
            return
        yield from self._none()
        if key in BLOCKS or key == SUITS:
            self.block = key
        if key.startswith("."):
            key = f"{self.block}{key}" if self.block else ""
        self.key, self.named, self.at = key, mark.end(), mark.start()

    def _number(self, mark: re.Match[str]) -> Iterator[Difference]:
        figure, between = self.known.get(self.key), self.text[self.named : mark.start()]
        self.key, self.nothing = "", False
        if figure is None or _COMPARED.search(between) or self._of_another_year(mark.start()):
            return
        unit = _UNITS.get(mark["unit"], mark["unit"])
        if unit == figure.unit and _value(mark["number"]) != figure.value:
            yield self._difference(mark.start("number"), mark.end(), figure)

    def _of_another_year(self, at: int) -> bool:
        """Whether the clause speaks of another year than the report's."""
        clause = re.split(r"[，；,;（）()]", self.text[self.start : at])[-1]
        years = {Decimal(m["year"]) for m in _YEAR.finditer(clause)}
        first = clause.lstrip() == self.text[self.start : at].lstrip()  # begins the sentence: told of above
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
