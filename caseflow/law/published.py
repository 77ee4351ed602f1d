"""A table that another organ published: what was read of it, and every cell that can't stand.

Such tables come with faults: blanks where 0 may be meant, a row or column missing, sums that don't add up.
They are named and never repaired: a blank stays a blank until somebody says that it is 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from . import outcomes
from .applicants import COLUMN_LABELS, COLUMNS
from .year_table import (
    BALANCE,
    BLOCKS,
    KEY_ROWS,
    STATE_LABELS,
    Identity,
    Place,
    YearTable,
    identities,
    printed,
    row_label,
)

# What is wrong with a cell
WRONG, BLANK, MISSING, NO_NUMBER = "wrong", "blank", "missing", "not_a_number"
KINDS: dict[str, str] = {WRONG: "勾稽不符", BLANK: "空白", MISSING: "表里没有", NO_NUMBER: "不是数"}
ABSENT = "∅"  # what stands in a cell whose row or column the table doesn't have

Number = int | None


@dataclass(frozen=True)
class Figures:
    """Tables 3 and 4 as they were read; None where no number stands."""

    edition: str
    cells: Mapping[str, Sequence[Number]]  # seven a row, in the order of COLUMNS
    proceedings: Mapping[str, Mapping[str, Number]]  # {} where there is no table 4
    written: Mapping[Place, str]  # for each None: "", "/", "五", or ABSENT
    strangers: tuple[str, ...] = ()  # rows with numbers that the form doesn't have
    year: int | None = None  # that the file says it is of; None where it names none

    def at(self, place: Place) -> Number:
        """One number. Raises KeyError for a row, block or state that isn't there."""
        row, column = place
        return self.proceedings[row][column] if row in BLOCKS else self.cells[row][COLUMNS.index(column)]

    @property
    def places(self) -> tuple[Place, ...]:
        """Every cell, in the order of the form."""
        third = [(row, column) for row, _ in printed(self.edition) for column in COLUMNS]
        return (*third, *((block, state) for block in self.proceedings for state in STATE_LABELS))

    @property
    def blanks(self) -> tuple[Place, ...]:
        """The cells without a number, whatever else stands there."""
        return tuple(place for place in self.places if self.at(place) is None)

    @property
    def identities(self) -> tuple[Identity, ...]:
        """All that must hold; of table 4 only where it is there."""
        return tuple(i for i in identities(self.edition) if i.table == 3 or self.proceedings)

    def kind(self, place: Place) -> str:
        """Why there is no number in a cell: BLANK, MISSING or NO_NUMBER."""
        text = self.written.get(place, "")
        return MISSING if text == ABSENT else NO_NUMBER if text.strip(DASHES) else BLANK


DASHES = "-－—–―─/／\\ \u3000\xa0"  # what offices write into a cell that they leave empty


@dataclass(frozen=True)
class Finding:
    """One cell that can't stand, or a column out of balance where it can't be told which cell is wrong."""

    kind: str  # of KINDS
    table: int
    row: str  # key of a row of table 3 or a block of table 4; "" where several rows may be wrong
    column: str
    label: str  # row × column in the form's words
    written: str  # what stands there
    should: Number  # what it should be, where that follows
    identities: tuple[str, ...]  # those that say so
    places: tuple[Place, ...]  # the cells to mark

    @property
    def sentence(self) -> str:
        """What is wrong, in words."""
        why = "、".join(self.identities)
        if self.kind == WRONG and self.row:
            return f"{self.label}：表上是 {self.written}，应为 {self.should}（{why}）"
        if self.kind == WRONG:
            return f"{self.label}：{self.written}，{why} 不成立"
        stands = f"“{self.written}”不是数" if self.kind == NO_NUMBER else KINDS[self.kind]
        if self.kind == BLANK and self.written:
            stands = f"空白（表上是“{self.written}”）"
        return f"{self.label}：{stands}" + (f"，按勾稽应为 {self.should}（{why}）" if why else "")


def check(figures: Figures) -> tuple[Finding, ...]:
    """Every cell that can't stand, in the order of the form; () when all identities hold and nothing is blank.

    Where one changed cell explains all the identities that fail around it, that cell is named with what it
    should be; else the sum that doesn't fit its parts, or the column out of balance.
    """
    failing = [i for i in figures.identities if _gap(figures, i)]
    located = _located(figures, failing)
    explained = {i for found in located.values() for i in found}
    findings = [_wrong(figures, place, found) for place, found in located.items()]
    findings += [_sum(figures, i) for i in failing if i not in explained]
    about = _by_place(figures.identities)
    findings += [_blank(figures, place, about[place]) for place in figures.blanks]
    order = {place: n for n, place in enumerate(figures.places)}
    return tuple(sorted(findings, key=lambda finding: order[finding.places[0]]))


def _gap(figures: Figures, identity: Identity) -> Number:
    """Left minus right; None where a blank prevents it."""
    left, right = ([figures.at(p) for p in side] for side in (identity.left, identity.right))
    if None in left or None in right:
        return None
    return sum(n or 0 for n in left) - sum(n or 0 for n in right)


def _wanted(figures: Figures, identity: Identity, place: Place) -> int:
    """The number in a cell with which an identity would hold, all its others given."""
    left, right = (
        sum(figures.at(p) or 0 for p in side if p != place) for side in (identity.left, identity.right)
    )
    return right - left if place in identity.left else left - right


def _located(figures: Figures, failing: list[Identity]) -> dict[Place, list[Identity]]:
    """The cells each of which alone explains its failing identities: two at least, and no rival cell."""
    about = _by_place(figures.identities)
    found: dict[Place, list[Identity]] = {}
    for place in figures.places:
        known = [i for i in about[place] if _gap(figures, i) is not None]
        wanted = {_wanted(figures, i, place) for i in known}
        if len(known) > 1 and all(i in failing for i in known) and len(wanted) == 1 and min(wanted) >= 0:
            found[place] = known
    claimed = Counter(i for known in found.values() for i in known)
    return {p: known for p, known in found.items() if all(claimed[i] == 1 for i in known)}


def _by_place(all_of_them: Iterable[Identity]) -> dict[Place, list[Identity]]:
    about: dict[Place, list[Identity]] = {}
    for identity in all_of_them:
        for place in (*identity.left, *identity.right):
            about.setdefault(place, []).append(identity)
    return about


def _wrong(figures: Figures, place: Place, found: list[Identity]) -> Finding:
    names = tuple(dict.fromkeys(i.name for i in found))
    should = _wanted(figures, found[0], place)
    return _finding(figures, WRONG, place, str(figures.at(place)), should, names)


def _sum(figures: Figures, identity: Identity) -> Finding:
    """A sum that doesn't fit its parts; where there is no one sum, the column."""
    if identity.name != BALANCE:
        place = identity.left[0]
        should = _wanted(figures, identity, place)
        return _finding(figures, WRONG, place, str(figures.at(place)), should, (identity.name,))
    new, carried_in, results, carried_out = (figures.at(p) for p in (*identity.left, *identity.right))
    told = f"{new}＋{carried_in} 与 {results}＋{carried_out} 相差 {abs(_gap(figures, identity) or 0)}"
    places = (*identity.left, *identity.right)
    return Finding(WRONG, 3, "", identity.place, identity.label, told, None, (identity.name,), places)


def _blank(figures: Figures, place: Place, about: list[Identity]) -> Finding:
    """A cell without a number; with what it should be where the identities agree on it."""
    sole = [i for i in about if all(p == place or figures.at(p) is not None for p in (*i.left, *i.right))]
    wanted = {_wanted(figures, i, place) for i in sole}
    agreed = len(wanted) == 1 and min(wanted) >= 0
    text = figures.written.get(place, "")
    names = tuple(dict.fromkeys(i.name for i in sole)) if agreed else ()
    stands = "" if text == ABSENT else text
    return _finding(figures, figures.kind(place), place, stands, min(wanted) if agreed else None, names)


def _finding(
    figures: Figures, kind: str, place: Place, written: str, should: Number, names: tuple[str, ...]
) -> Finding:
    row, column = place
    table = 4 if row in BLOCKS else 3
    return Finding(
        kind, table, row, column, label_of(place, figures.edition), written, should, names, (place,)
    )


def label_of(place: Place, edition: str) -> str:
    """A cell in the form's words: （七）总计 × 自然人; 表四 未经复议直接起诉 × 总计."""
    row, column = place
    if row in BLOCKS:
        return f"表四 {BLOCKS[row]} × {STATE_LABELS[column]}"
    return f"{row_label(row, edition)} × {COLUMN_LABELS[column]}"


def told(findings: Iterable[Finding]) -> list[str]:
    """The findings in words: one line each, but the unknown cells of a row, of which nothing follows, together."""
    lines: dict[tuple[str, str, str], list[Finding]] = {}
    for n, found in enumerate(findings):
        alone = found.kind == WRONG or found.should is not None
        lines.setdefault((str(n), "", "") if alone else (found.row, found.kind, found.written), []).append(
            found
        )
    return [_together(found) for found in lines.values()]


def _together(found: Sequence[Finding]) -> str:
    if len(found) == 1:
        return found[0].sentence
    row, stands = found[0].label.partition(" × ")[0], found[0].sentence.rpartition("：")[2]
    whole = len(found) == len(STATE_LABELS if found[0].table == 4 else COLUMNS)
    columns = "整行" if whole else "、".join(f.label.partition(" × ")[2] for f in found)
    return f"{row} × {columns}：{stands}"


def with_zeros(figures: Figures) -> Figures:
    """The same with 0 in every blank: only where somebody says so. What isn't a number stays unknown."""
    zero = {place for place in figures.blanks if figures.kind(place) != NO_NUMBER}

    def filled(place: Place) -> Number:
        return 0 if place in zero else figures.at(place)

    return replace(
        figures,
        cells={row: tuple(filled((row, column)) for column in COLUMNS) for row in figures.cells},
        proceedings={b: {s: filled((b, s)) for s in states} for b, states in figures.proceedings.items()},
        written={place: text for place, text in figures.written.items() if place not in zero},
    )


def added(table: YearTable, typed: Iterable[Figures]) -> YearTable:
    """A counted table together with typed ones; a blank adds nothing, and is told beside the sum."""
    cells = {row: list(values) for row, values in table.cells.items()}
    blocks = {block: dict(states) for block, states in table.proceedings.items()}
    for figures in typed:
        for row, numbers in figures.cells.items():
            # （六）其他处理 has one row in the 2019 edition, three in the 2021
            into = row if row in KEY_ROWS else outcomes.row_of(row, table.edition).key
            cells[into] = [standing + (n or 0) for standing, n in zip(cells[into], numbers, strict=True)]
        for block, states in figures.proceedings.items():
            for state, number in states.items():
                blocks[block][state] += number or 0
    return replace(table, cells={row: tuple(v) for row, v in cells.items()}, proceedings=blocks)


def part(figures: Figures, row: str, column: str, edition: str) -> int:
    """How much a typed table gives to a cell of a table of ``edition``; blanks give nothing."""
    if row in BLOCKS:
        return (figures.proceedings.get(row, {}).get(column)) or 0
    return sum(
        figures.at((own, column)) or 0
        for own in figures.cells
        if own == row or (own not in KEY_ROWS and outcomes.row_of(own, edition).key == row)
    )


def as_json(figures: Figures) -> dict[str, Any]:
    """The figures as they are kept; null for a blank, with what stands there."""
    return {
        "cells": {row: list(numbers) for row, numbers in figures.cells.items()},
        "proceedings": {block: dict(states) for block, states in figures.proceedings.items()},
        "written": [[row, column, text] for (row, column), text in figures.written.items()],
        "strangers": list(figures.strangers),
        "year": figures.year,
    }


def from_json(edition: str, kept: Mapping[str, Any]) -> Figures:
    """What ``as_json`` gave. Raises KeyError where it isn't that."""
    return Figures(
        edition,
        {row: tuple(numbers) for row, numbers in kept["cells"].items()},
        kept["proceedings"],
        {(row, column): text for row, column, text in kept["written"]},
        tuple(kept["strangers"]),
        kept.get("year"),  # tables taken before it was read have none
    )
