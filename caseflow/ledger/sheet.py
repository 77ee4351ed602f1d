"""A sheet of either kind of file: where its head stands, which columns it has, its rows that aren't blank."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice

from .columns import Column, Shape
from .parse import Value

Line = tuple[int, Sequence[Value]]  # number as the spreadsheet shows it, cells
Lines = Callable[[], Iterator[Line]]  # from the top, as often as asked for

HEAD_WITHIN = 20  # lines in which the head is looked for, under titles
HEAD_AT_LEAST = 3  # names of ours that make a head

_BLANKS = re.compile(r"[\s*＊\ufeff]+")


@dataclass(frozen=True)
class Problem:
    """What is wrong with a file, and where; line 0 is the file as a whole."""

    line: int
    column: str
    reason: str

    def as_dict(self) -> dict[str, int | str]:
        """For the JSON report."""
        return asdict(self)

    def __str__(self) -> str:
        where = f"第 {self.line} 行" if self.line else ""
        return "：".join(filter(None, [" ".join(filter(None, [where, self.column])), self.reason]))


class Unreadable(Exception):
    """A file that can't be taken as a ledger; ``problems`` say why."""

    def __init__(self, reason: str = "", *, problems: Sequence[Problem] = ()) -> None:
        self.problems = list(problems) or [Problem(0, "", reason)]
        super().__init__(str(self.problems[0]))


@dataclass(frozen=True)
class Sheet:
    """One sheet with its head found. ``picked`` says at which place which column of ours stands."""

    title: str
    shape: Shape
    head: int
    picked: tuple[tuple[int, Column], ...]
    unknown: tuple[str, ...]
    lines: Lines
    total: int = 0  # lines, as far as the file says

    def rows(self) -> Iterator[Line]:
        """The lines under the head that aren't blank."""
        return (line for line in self.lines() if line[0] > self.head and not _is_blank(line[1]))

    def column_at(self, index: int) -> str:
        """The name of the column at a place, "" outside ours."""
        return next((column.name for place, column in self.picked if place == index), "")

    def missing(self) -> list[Problem]:
        """Required columns that the head lacks."""
        present = {column.name for _, column in self.picked}
        return [
            Problem(self.head, column.name, f"{self.shape.title}缺“{column.name}”这一列")
            for column in self.shape.columns
            if column.required and column.name not in present
        ]


def find(title: str, shape: Shape, lines: Lines, total: int = 0) -> Sheet | None:
    """The sheet if a head of this shape stands in its first lines. Raises Unreadable for a name twice."""
    known = shape.by_name
    for number, values in islice(_written(lines()), HEAD_WITHIN):
        names = [_BLANKS.sub("", str(value)) for value in values]
        picked = tuple((index, known[name]) for index, name in enumerate(names) if name in known)
        if len(picked) < HEAD_AT_LEAST:
            continue
        if twice := sorted({c.name for _, c in picked if names.count(c.name) > 1}):
            problems = [Problem(number, name, "这一列出现了两次") for name in twice]
            raise Unreadable(problems=problems)
        unknown = tuple(name for name in names if name and name not in known)
        return Sheet(title, shape, number, picked, unknown, lines, total)
    return None


def is_empty(lines: Lines) -> bool:
    """Whether nothing at all is written."""
    return next(_written(lines()), None) is None


def _written(lines: Iterator[Line]) -> Iterator[Line]:
    return (line for line in lines if not _is_blank(line[1]))


def _is_blank(values: Sequence[Value]) -> bool:
    return not any(value.strip() if isinstance(value, str) else True for value in values)
