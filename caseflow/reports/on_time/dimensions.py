"""By what the figures are split: one table. A further column of the case is one more line of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import case, extract, func

from ...law.applicants import CLASSES
from ...law.outcomes import OUTCOMES
from ...law.receipt import CHANNELS
from .definition import Clause, Columns

SENT, OTHERWISE, OPEN = "sent", "otherwise", "open"
BOTH, CLOSED = frozenset({OTHERWISE, OPEN}), frozenset({OTHERWISE})

NAMED = "="  # before a name that is its own key: a 科室, a handler whom only a ledger knows
Values = tuple[Any, ...]


@dataclass(frozen=True)
class Dimension:
    """One way to split. A key is text that can stand in an address.

    ``columns`` are grouped by, two at most; ``keys`` makes of their values the keys of the groups that such
    cases are counted in; ``where`` leads back from a key, raising ValueError for one that can't be.
    """

    code: str
    label: str
    columns: Callable[[Columns], tuple[Any, ...]]
    keys: Callable[[Values], Iterable[str]]
    where: Callable[[Columns, str], Clause]
    names: dict[str, str] = field(default_factory=dict)  # key -> name, in the order of the lines
    unnamed: str = ""  # the name of the line whose cases have none
    beside: frozenset[str] = BOTH  # what is counted by it beside the replies sent
    worst_first: bool = False


def _plain(code: str, label: str, column: str, names: dict[str, str], **more: Any) -> Dimension:
    """A column whose values are codes of a table of the law, and shown in its order."""

    def where(c: Columns, key: str) -> Clause:
        if key not in names:
            raise ValueError(key)
        found: Clause = getattr(c, column) == key
        return found

    return Dimension(
        code, label, lambda c: (getattr(c, column),), lambda values: values, where, names, **more
    )


# -- who ------------------------------------------------------------------------------------------


def _office(c: Columns, key: str) -> Clause:
    found: Clause = c.office_id == _id(key)
    return found


def _handler_keys(values: Values) -> list[str]:
    key, name = values
    return [key or f"{NAMED}{name}"]


def _handler(c: Columns, key: str) -> Clause:
    if key.startswith(NAMED):
        nobody: Clause = c.handler_id.is_(None) & (c.handler == key.removeprefix(NAMED))
        return nobody
    found: Clause = c.handler_id == _id(key)
    return found


def _id(key: str) -> int:
    found = int(key) if key.isdecimal() else 0
    if not 0 < found < 2**63:
        raise ValueError(key)
    return found


def _department_keys(values: Values) -> list[str]:
    return [f"{NAMED}{values[1]}"]


def _department(c: Columns, key: str) -> Clause:
    if not key.startswith(NAMED):
        raise ValueError(key)
    found: Clause = c.department == key.removeprefix(NAMED)
    return found


# -- when -----------------------------------------------------------------------------------------


def _month(c: Columns) -> tuple[Any, ...]:
    """Of the sending, or of the closing where nothing was sent; what is open has no month."""
    day = func.coalesce(c.replied_on, c.closed_on)
    return (extract("year", day), extract("month", day))


def _month_keys(values: Values) -> list[str]:
    year, month = values
    return [f"{int(year)}-{int(month):02}"]


def _no_month(c: Columns, key: str) -> Clause:
    raise ValueError(key)  # a month is a span of its own


# -- what happened on the way ---------------------------------------------------------------------

COURSE: dict[str, tuple[str, Callable[[Columns], Clause]]] = {
    "corrected": ("补正", lambda c: c.corrected.is_(True)),
    "charged": ("收费", lambda c: c.charged.is_(True)),
    "consulted": ("征求意见", lambda c: c.consulted.is_(True)),
    "extended": ("延期", lambda c: c.extended > 0),
    "deferred": ("延迟答复", lambda c: c.deferred.is_(True)),
}
STRAIGHT = "straight"  # none of them


def _course(c: Columns) -> tuple[Any, ...]:
    """All of them in one number, a bit each."""
    bits: Any = 0
    for place, (_, holds) in enumerate(COURSE.values()):
        bits = bits + case((holds(c), 2**place), else_=0)
    return (bits,)


def _course_keys(values: Values) -> list[str]:
    bits = int(values[0])
    return [code for place, code in enumerate(COURSE) if bits & 2**place] or [STRAIGHT]


def _on_course(c: Columns, key: str) -> Clause:
    if key == STRAIGHT:
        found: Clause = _course(c)[0] == 0
        return found
    if key not in COURSE:
        raise ValueError(key)
    return COURSE[key][1](c)


# A case with two things on its way stands in two lines; in every other dimension each case stands in one.
BY_MONTH = Dimension(
    "month", "月份", _month, _month_keys, _no_month, beside=CLOSED,
)  # fmt: skip
BY_COURSE = Dimension(
    "course", "办理经过", _course, _course_keys, _on_course,
    {code: label for code, (label, _) in COURSE.items()} | {STRAIGHT: "没有以上情形"}, beside=CLOSED,
)  # fmt: skip
BY_OFFICE = Dimension(
    "office", "机关", lambda c: (c.office_id,), lambda values: values, _office, worst_first=True
)
BY_HANDLER = Dimension(
    "handler",
    "经办人",
    lambda c: (c.handler_id, c.handler),
    _handler_keys,
    _handler,
    unnamed="未分办",
    worst_first=True,
)

BY_DEPARTMENT = Dimension(
    "department",
    "承办科室",
    lambda c: (c.department, c.department),
    _department_keys,
    _department,
    unnamed="没有写明科室",
    worst_first=True,
)

# The lines of the page: whose, how it came, from whom, with what result
BREAKDOWN: tuple[Dimension, ...] = (
    BY_OFFICE,
    BY_DEPARTMENT,
    BY_HANDLER,
    _plain("channel", "受理方式", "channel", CHANNELS),
    _plain("applicant_class", "申请人类型", "applicant_class", CLASSES),
    _plain("result", "办理结果", "result", {o.code: o.label for o in OUTCOMES}, beside=CLOSED),
)
ALL: tuple[Dimension, ...] = (BY_MONTH, BY_COURSE, *BREAKDOWN)
BY_CODE = {dimension.code: dimension for dimension in ALL}
