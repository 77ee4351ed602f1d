"""年报表: tables 3 and 4 of a year, their balance, their words, and the cases behind every number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, send_file, url_for

from ..law.applicants import COLUMN_LABELS, COLUMNS
from ..law.receipt import CHANNELS
from ..law.year_table import (
    BALANCE,
    BLOCKS,
    COLUMNS_SUM,
    CORNER,
    KEY_ROWS,
    RESULTS_TOTAL,
    STATE_LABELS,
    TITLES,
    YearTable,
)
from ..models import Case
from ..reports import cells, sheets
from ..reports import year as report
from ..reports.cells import Cell
from . import access
from .access import allow
from .listing import key, listing

bp = Blueprint("year", __name__)

SHORT = {"enterprise": "企业", "research": "科研", "social": "公益", "legal_service": "法律"}  # on phones


@bp.get("/year")
@allow(*access.READERS)
def current() -> Any:
    """To this year's table."""
    return redirect(url_for("year.table", year=access.today().year))


@bp.get("/year/<int:year>")
@allow(*access.READERS)
def table(year: int) -> Any:
    """The tables as the form is printed, the balance beside them, the words under them."""
    office_id, today = _mine(year), access.today()
    found = report.year_report([office_id], year)
    return render_template(
        "year/table.html",
        r=found,
        t=found.table,
        years=sorted({*report.years_with_data([office_id]), today.year, year}),
        unconfirmed=report.unconfirmed([office_id]) if year == today.year else 0,
        checks=_checks(found.table),
        wrong=_wrong(found.table),
        form={"corner": CORNER, "columns": COLUMN_LABELS, "blocks": BLOCKS, "states": STATE_LABELS,
              "titles": TITLES, "channels": CHANNELS, "short": COLUMN_LABELS | SHORT},
    )  # fmt: skip


@bp.get("/year/<int:year>.xlsx")
@allow(*access.READERS)
def download(year: int) -> Response:
    """The same tables as a workbook."""
    office_id, office = _mine(year), access.me().office
    file = BytesIO(sheets.workbook(report.year_report([office_id], year), office.name))
    name = f"{year}年报表-{office.code}.xlsx"
    return send_file(file, mimetype=sheets.MIME, as_attachment=True, download_name=name)


@bp.get("/year/<int:year>/<row>/<column>")
@allow(*access.READERS)
def cell(year: int, row: str, column: str) -> Any:
    """The cases behind one number, a page of them."""
    office_id = _mine(year)
    where = _cell(year, row, column)
    found = cells.cell_cases([office_id], where, key("after"), key("before"))
    return render_template(
        "year/cell.html",
        where=where,
        listing=listing(found, "year.cell", year=year, row=row, column=column),
        proceedings=cells.count_proceedings([office_id], where) if where.table == 4 else None,
    )


def _mine(year: int) -> int:
    """This person's office, if the year can have tables at all."""
    if not report.within(year, access.today()):
        abort(404)
    return access.me().office_id


def _cell(year: int, row: str, column: str) -> Cell:
    try:
        return cells.cell(year, row, column)
    except KeyError:
        abort(404)


# -- the checks under the table -----------------------------------------------------------------


def _checks(table: YearTable) -> str:
    """自然人 7+0=7+0 · 其余 5 列 0+0=0+0 · 总计 7+0=7+0."""
    told, blank = [], 0
    for column in COLUMNS:
        new, carried_in, results, carried_out = table.sums(column)
        if new or carried_in or results or carried_out:
            told.append(f"{COLUMN_LABELS[column]} {new}+{carried_in}={results}+{carried_out}")
        else:
            blank += 1
    return " · ".join([*told, *([f"其余 {blank} 列 0+0=0+0"] if blank else [])])


def _wrong(table: YearTable) -> set[tuple[str, str]]:
    """The cells (row, column) that stand in an identity that fails: drawn in red."""
    return {cell for d in table.differences for cell in _places(d.table, d.place, d.identity, table)}


def _places(number: int, place: str, identity: str, table: YearTable) -> Iterator[tuple[str, str]]:
    if number == 4:
        yield from ((place, state) for state in STATE_LABELS)
    elif identity == COLUMNS_SUM:
        yield from ((place, column) for column in COLUMNS)
    elif identity == BALANCE:
        yield from ((row, place) for row in KEY_ROWS)
    else:
        yield from ((row, place) for row in (RESULTS_TOTAL, *(r.key for r in table.result_rows)))


# -- from a case to its cells, for the case page ------------------------------------------------


@dataclass(frozen=True)
class CellLine:
    """A cell that a case feeds: when, which, and the way there."""

    when: str
    label: str
    href: str


def cell_lines(case: Case, today: date) -> list[CellLine]:
    """Every cell a case stands in or will; [] where it has no legal receipt."""
    found = []
    for use in cells.cells_of(case, today, cells.proceedings_of(case)):
        year = url_for("year.table", year=use.year)
        href = url_for("year.cell", year=use.year, row=use.row, column=use.column) if use.row else year
        found.append(CellLine(use.when, f"{use.year} 年 {use.label}", href))
    return found
