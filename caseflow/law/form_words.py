"""The words of tables 3 and 4 as offices print them: which row, column, block or state a cell's text names.

Published tables vary in numbering, brackets, quotes, commas, blanks and line breaks, never in the words
themselves; a few short forms are in use. A text that is none of the form's stays unknown.
"""

from __future__ import annotations

import re
import unicodedata

from . import outcomes
from .applicants import CLASSES, OLDER_LABELS, TOTAL
from .published import Number
from .year_table import BLOCKS, CARRIED_IN, CARRIED_OUT, GROUPS, NEW, RESULTS_TOTAL, STATES

LARGEST = 999_999_999

_DROPPED = re.compile(r"[\s\"'‘’“”「」,，、.．。;；:：()（）\[\]·]+")
_NUMBERED = re.compile(r"[一二三四五六七八]、|[(（][一二三四五六七八][)）]|\d{1,2}(?!\d)[.、．]?|[①-⑧]")
_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?(?:件|宗)?")

# The key rows by how they begin: some offices write the year out
_BEGINNINGS = {
    re.compile(r"(?:本年度?|\d{4}年度?)新收"): NEW,
    re.compile(r"(?:上一?年度?|\d{4}年度?)结转"): CARRIED_IN,
    re.compile(r"结转(?:下一?年|\d{4}年)"): CARRIED_OUT,
}
_TOTALS = frozenset({"总计", "合计"})
_SHORT = {
    "逾期不补正": "other_correction_lapsed",
    "申请人无正当理由逾期不补正": "other_correction_lapsed",
    "逾期不缴费": "other_fee_unpaid",
    "逾期未缴费": "other_fee_unpaid",
    "申请人逾期未按收费通知要求缴纳费用": "other_fee_unpaid",
}


def bare(text: str) -> str:
    """A label without its number and the variants of printing."""
    folded = unicodedata.normalize("NFKC", text).strip(" \t\r\n")
    return _DROPPED.sub("", _NUMBERED.sub("", folded, count=1) if _NUMBERED.match(folded) else folded)


_GROUPS = {bare(name): key for key, name in GROUPS.items()}
_ITEMS = {
    bare(row.item): row.codes[-1]
    for edition in ("2019", "2021")
    for row in outcomes.rows(edition)
    if row.item and row.key != "other"
} | _SHORT
_COLUMNS = {name: code for code, name in CLASSES.items()} | OLDER_LABELS | dict.fromkeys(_TOTALS, TOTAL)
_BLOCKS = {name: block for block, name in BLOCKS.items()}
_STATES = {name: state for state, name in STATES.items()} | dict.fromkeys(_TOTALS, TOTAL)


def key_row(text: str) -> str:
    """NEW, CARRIED_IN, CARRIED_OUT or RESULTS_TOTAL; "" for any other text."""
    words = bare(text)
    if words in _TOTALS:
        return RESULTS_TOTAL
    return next((row for begin, row in _BEGINNINGS.items() if begin.match(words)), "")


def group(text: str) -> str:
    """The group of results that a head names, by its key in GROUPS; "" for any other text."""
    words = bare(text)
    return "partial" if words.startswith("部分公开") else _GROUPS.get(words, "")


def item(text: str, inside: str) -> str:
    """The result that an item names inside a group; "" for any other text. 其他 is one under 其他处理 only."""
    words = bare(text)
    if words == "其他" and inside == "otherwise":
        return "other"
    return _ITEMS.get(words, "")


def column(text: str) -> str:
    """The class of applicant, or TOTAL, that a head of table 3 names; "" for any other text."""
    return _COLUMNS.get(bare(text), "")


def block(text: str) -> str:
    """The block of table 4 that a head names; "" for any other text, 行政诉讼 over two blocks among them."""
    return _BLOCKS.get(bare(text), "")


def state(text: str) -> str:
    """The state, or TOTAL, that a head of table 4 names; "" for any other text."""
    return _STATES.get(bare(text), "")


def number(text: str) -> Number:
    """A count of requests as it is printed: 7, ７, 1,234, 7.0, 7 件; None for anything else."""
    match = _NUMBER.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    found = int(match[1].replace(",", "")) if match and len(match[1]) < 12 else None
    return found if found is not None and found <= LARGEST else None
