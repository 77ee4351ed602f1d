"""A long ledger goes in and out piece by piece, and says how far it is: a million rows take no more memory than a few."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl.cell import Cell

from caseflow.db import db, insert_many, transaction
from caseflow.ledger import load, write
from caseflow.ledger.columns import LEDGER, Column, shown
from caseflow.ledger.sheet import Sheet
from caseflow.ledger.standing import Seen, Told
from caseflow.models import CaseTerm
from tests.ledger.tables import book, csv_file, lines, row, taken
from tests.support.office import DeskOffice

ROWS, PIECE = 40, 10


def alive(kind: type) -> int:
    """How many of these stand in memory."""
    return sum(type(one) is kind for one in gc.get_objects())


def test_a_ledger_is_read_no_farther_than_it_is_written(
    office: DeskOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "CHUNK", PIECE)
    read: list[int] = []
    rows_of = Sheet.rows

    def counted(sheet: Sheet) -> Iterator[Any]:
        for line in rows_of(sheet):
            read.append(line[0])
            yield line

    monkeypatch.setattr(Sheet, "rows", counted)
    rows = [row(f"2026-{n}") for n in range(ROWS)]
    other = [told | {"登记编号": f"2025-{n}"} for n, told in enumerate(rows)]
    for file in (csv_file(tmp_path / "a.csv", rows), book(tmp_path / "b.xlsx", 台账=lines(other))):
        read.clear()
        seen: list[tuple[int, int]] = []

        def told(line: int, total: int, read: list[int] = read, seen: list[tuple[int, int]] = seen) -> None:
            seen.append((line, total))
            assert len(read) == PIECE * len(seen)
            assert alive(Told) <= PIECE

        assert taken(file, progress=told).added == ROWS
        assert seen == [(1 + PIECE * n, ROWS + 1) for n in range(1, 1 + ROWS // PIECE)]


def test_an_export_is_written_as_it_is_read_and_says_how_far_it_is(
    office: DeskOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(csv_file(tmp_path / "a.csv", [row(f"2026-{n}") for n in range(ROWS)]))
    monkeypatch.setattr(write, "CHUNK", PIECE)
    written: list[str] = []

    def counted(column: Column, value: str) -> str:
        written.append(value)
        return shown(column, value)

    monkeypatch.setattr(write, "shown", counted)
    for suffix in ("csv", "xlsx"):
        written.clear()
        cells = alive(Cell)
        far: list[tuple[int, int]] = []

        def done(rows: int, far: list[tuple[int, int]] = far, before: int = cells) -> None:
            far.append((rows, written.count("letter")))
            assert alive(Cell) - before <= len(LEDGER.columns) * PIECE

        export = write.Export(db.session(), office.id, done=done)
        assert export.total() == ROWS
        write.to_file(export, tmp_path / f"out.{suffix}")
        assert far == [(PIECE, PIECE * n) for n in range(1, 1 + ROWS // PIECE)]


def test_the_line_that_told_it_first_is_known_for_each_organ_apart() -> None:
    seen = Seen()
    try:
        told = [(1, "2026-1", 2), (1, "2026-1", 9), (2, "2026-1", 4), (1, "\ud800", 5), (1, "2026-1", 7)]
        assert [seen.first(*one) for one in told] == [2, 2, 4, 5, 2]
    finally:
        seen.kept.close()


def test_a_row_written_by_the_driver_alone_says_every_column_that_has_a_default(app: Flask) -> None:
    """Nothing fills it in there."""
    with app.app_context(), transaction() as session, pytest.raises(RuntimeError, match=r"not said: n$"):
        insert_many(session, CaseTerm, [{"case_id": 1, "term": "reply", "starts_on": None, "due_on": None}])
