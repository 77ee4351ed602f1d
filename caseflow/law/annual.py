"""The annual report (art. 50): its six parts in the prescribed order, and the words that follow from the figures.

国办公开办函〔2019〕60号 and 〔2021〕30号 have the same six parts; they differ in the table of part two and in
（六）其他处理 of part three. Part six names the information-processing fee (art. 42) from the 2021 edition on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .annual_two import Amounts, cells, written
from .applicants import TOTAL
from .fees import IN_FORCE
from .year_prose import Year, plain, prose
from .year_table import CARRIED_IN, CARRIED_OUT, NEW, RESULTS_TOTAL, TITLES

GENERAL, PROACTIVE, REQUESTS, PROCEEDINGS, PROBLEMS, OTHER = (
    "general", "proactive", "requests", "proceedings", "problems", "other",
)  # fmt: skip
PARTS: dict[str, str] = {
    GENERAL: "一、总体情况",
    PROACTIVE: "二、主动公开政府信息情况",
    REQUESTS: TITLES[3],
    PROCEEDINGS: TITLES[4],
    PROBLEMS: "五、存在的主要问题及改进情况",
    OTHER: "六、其他需要报告的事项",
}
TEXTS: tuple[str, ...] = tuple(part for part in PARTS if part != PROACTIVE)  # parts that hold a text
WRITTEN = PROBLEMS  # nothing in the figures says what the office's problems are
TABLES: dict[str, int] = {PROACTIVE: 2, REQUESTS: 3, PROCEEDINGS: 4}  # the table printed in a part

# What the national form asks part one to speak of
HEADINGS = (
    "（一）主动公开情况", "（二）依申请公开情况", "（三）政府信息管理情况", "（四）政府信息公开平台建设情况", "（五）监督保障情况",
)  # fmt: skip
_HEADING = re.compile(r"（[一二三四五六七八九十]+）[^。，；：]{1,30}")
RULES = {
    "2019": "《国务院办公厅政府信息与政务公开办公室关于政府信息公开工作年度报告有关事项的通知》",
    "2021": "《中华人民共和国政府信息公开工作年度报告格式》",
}
FEE_RULE = "《政府信息公开信息处理费管理办法》"


@dataclass(frozen=True)
class Fees:
    """The information-processing fees of a year (art. 42), in whole yuan."""

    notices: int = 0  # told of in the year
    payments: int = 0  # paid in the year
    yuan: int = 0  # paid in the year, as far as the record knows the amounts
    unknown: int = 0  # payments whose amount the record doesn't hold: a ledger doesn't tell it


@dataclass(frozen=True)
class Figures:
    """All figures that a report of a year states."""

    year: Year
    two: Amounts
    fees: Fees

    @property
    def edition(self) -> str:
        """2019 or 2021."""
        return self.year.table.edition


def title(office: str, year: int) -> str:
    """What stands over the report."""
    return f"{office} {year} 年政府信息公开工作年度报告"


def office_of(titled: str, year: int) -> str:
    """Whose report it is, by what stands over it: the name the office had then."""
    return titled.removesuffix(title("", year))


def preamble(office: str, figures: Figures, reach: str = "") -> str:
    """Who reports, by which rules, on which days; ``reach`` is how the office can be asked."""
    year = figures.year.table.year
    asked = f"对本报告有疑问的，请与{office}联系（{reach}）。" if reach else ""
    return (
        f"本报告由{office}按照《中华人民共和国政府信息公开条例》和{RULES[figures.edition]}编制，"
        f"数据统计期限为 {year} 年 1 月 1 日至 {year} 年 12 月 31 日。{asked}"
    )


def generated(figures: Figures, typed: bool = False) -> dict[str, str]:
    """The text of each part that holds one, as the figures alone give it; "" where they give none.

    Where some of them were ``typed`` from other offices' tables, part one says no more of the requests than the tables.
    """
    return {
        GENERAL: _general(figures, _requests(figures.year) if typed else plain(prose(figures.year))),
        REQUESTS: _requests(figures.year),
        PROCEEDINGS: "",  # the table says it all
        PROBLEMS: "",
        OTHER: _other(figures),
    }


def _general(figures: Figures, requests: str) -> str:
    under = {HEADINGS[0]: _proactive(figures), HEADINGS[1]: requests}
    return "\n".join(line for head in HEADINGS for line in (head, under.get(head, "")) if line)


def _proactive(figures: Figures) -> str:
    """The figures of part two that are not 0; "" where nothing was typed."""
    told = []
    for cell in cells(figures.edition):
        amount = figures.two.get(cell.place)
        if amount and cell.words:
            told.append(f"{cell.words} {written(amount)} {cell.unit}")
    return f"{figures.year.table.year} 年，{'，'.join(told)}。" if told else ""


def _requests(year: Year) -> str:
    new, carried_in, results, carried_out = (
        year.table.value(row, TOTAL) for row in (NEW, CARRIED_IN, RESULTS_TOTAL, CARRIED_OUT)
    )
    return (
        f"{year.table.year} 年，本年新收政府信息公开申请 {new} 件，上年结转 {carried_in} 件；"
        f"本年度办理结果总计 {results} 件，结转下年度继续办理 {carried_out} 件。"
    )


def _other(figures: Figures) -> str:
    """The fee, also where it is 0; a report of the years before it was charged has nothing to name."""
    year, fees = figures.year.table.year, figures.fees
    if year < IN_FORCE.year and not fees.payments:
        return "无。"
    notices = (
        f"（发出收费通知 {fees.notices} 件，缴费 {fees.payments} 件）"
        if fees.notices or fees.payments
        else ""
    )
    return f"{year} 年，依据{FEE_RULE}收取信息处理费 {fees.yuan} 元{notices}。"


# -- a text as it is printed ----------------------------------------------------------------------


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of a text, with where it begins in it."""

    text: str
    start: int
    heading: bool


def paragraphs(text: str) -> Iterator[Paragraph]:
    """The paragraphs of a text, a line each; empty lines are left out. A line like （一）主动公开情况 is a heading."""
    start = 0
    for line in text.splitlines(keepends=True):
        words = line.strip()
        if words:
            begin = start + len(line) - len(line.lstrip())
            yield Paragraph(words, begin, bool(_HEADING.fullmatch(words)))
        start += len(line)


def unwritten(text: str) -> list[str]:
    """The headings of a text with nothing under them."""
    found = list(paragraphs(text))
    ends = [*found[1:], None]
    return [
        p.text for p, after in zip(found, ends, strict=True) if p.heading and (after is None or after.heading)
    ]


def lacks(part: str, text: str, fees: Fees) -> list[str]:
    """What a part should say and doesn't: nothing written, empty headings, fees not named in part six (art. 42)."""
    if not text.strip():
        return ["还没有写"] if part != PROCEEDINGS else []
    found = [f"“{heading}”下面还没有写" for heading in unwritten(text)]
    if part == OTHER and fees.payments and "信息处理费" not in text:
        found.append(f"本年收取了信息处理费（{fees.payments} 件），这一部分没有写明")
    return found
