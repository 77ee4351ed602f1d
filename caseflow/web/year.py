"""年报表: tables 3 and 4 of a year, their balance, their words, and the cases behind every number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, send_file, url_for
from sqlalchemy import select

from ..closing import sign
from ..closing.changes import changes
from ..closing.freeze import Frozen, tables
from ..db import db
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
from ..models import Case, Office
from ..reports import cells, offices, sheets
from ..reports import year as report
from ..reports.cells import Cell
from ..reports.typed import Typed, roll_up
from ..stages.typed import TAKERS
from . import access
from .access import allow
from .listing import key, listing

bp = Blueprint("year", __name__)

ALL = "all"  # the scope of this office with all under it
SHORT = {"enterprise": "企业", "research": "科研", "social": "公益", "legal_service": "法律"}  # on phones
FORM = {
    "corner": CORNER, "columns": COLUMN_LABELS, "blocks": BLOCKS, "states": STATE_LABELS, "titles": TITLES,
    "channels": CHANNELS, "short": COLUMN_LABELS | SHORT,
}  # fmt: skip


@bp.get("/year")
@allow(*access.READERS)
def current() -> Any:
    """To this year's table."""
    return redirect(url_for("year.table", year=access.today().year))


@bp.get("/year/<int:year>")
@allow(*access.READERS)
def table(year: int) -> Any:
    """The tables as the form is printed, the balance beside them, the words under them."""
    ids, today = _offices(year), access.today()
    found = _report(ids, year)
    return render_template(
        "year/table.html",
        r=found,
        t=found.table,
        scope=asked_scope(),
        way=asked_way(),
        one=access.office_way(),
        toggle=access.office_way() if asked_scope() else {**access.office_way(), "scope": ALL},
        whose=access.office_asked(),
        below=len(offices.office_ids(access.office_asked().id, with_subordinates=True)) - 1,
        types=access.me().role in TAKERS,
        years=sorted({*report.years_with_data(ids), today.year, year}),
        unconfirmed=found.unconfirmed if year == today.year else 0,
        checks=_checks(found.table),
        signed=None if asked_scope() else _signed(found),
        wrong=_wrong(found.table),
        form=FORM,
        href=_hrefs(year),
    )


def _hrefs(year: int) -> Callable[[str, str], str]:
    """The way to a cell by its row and column: one address is made for all, not one for each of 200 numbers."""
    table, _, query = url_for("year.table", year=year, **asked_way()).partition("?")
    carried = f"?{query}" if query else ""
    return lambda row, column: f"{table}/{row}/{column}{carried}"


def _signed(found: report.YearReport) -> tuple[int, int] | None:
    """The edition under which this office signed the year, and how many cells differ now; None if it didn't."""
    office = access.office_asked()
    row = sign.newest(db.session(), office.id, found.year)
    return (row.edition, len(changes(Frozen(row.frozen), tables(office, found)))) if row else None


@bp.get("/year/<int:year>.xlsx")
@allow(*access.READERS)
def download(year: int) -> Response:
    """The same tables as a workbook."""
    ids, office, whole = _offices(year), access.office_asked(), bool(asked_scope())
    name = f"{office.name}（含下级机关）" if whole else office.name
    file = BytesIO(sheets.workbook(_report(ids, year), name))
    name = f"{year}年报表-{office.code}{'-含下级' if whole else ''}.xlsx"
    return send_file(file, mimetype=sheets.MIME, as_attachment=True, download_name=name)


@bp.get("/year/<int:year>/<row>/<column>")
@allow(*access.READERS)
def cell(year: int, row: str, column: str) -> Any:
    """The cases behind one number, a page of them; over several offices also how much each of them gives."""
    ids, where, scope = _offices(year), _cell(year, row, column), asked_scope()
    found = cells.cell_cases(ids, where, key("after"), key("before"))
    here = {"year": year, "row": row, "column": column, **asked_way()}
    return render_template(
        "year/cell_all.html" if scope else "year/cell.html",
        where=where,
        way=asked_way(),
        whose=access.office_asked(),
        listing=listing(found, "year.cell", **here),
        proceedings=cells.count_proceedings(ids, where) if where.table == 4 else None,
        shares=_shares(ids, where) if scope else [],
        cases=found.cases,
        names={office.id: office.name for office in _all_of(ids)} if scope else {},
    )


@dataclass(frozen=True)
class Share:
    """What one office gives to a cell: counted from its cases, or typed."""

    office: Office
    number: int
    typed: Typed | None


def _shares(ids: list[int], where: Cell) -> list[Share]:
    counted, typed = cells.by_office(ids, where), roll_up(ids, where.year).counted
    found = [Share(o, counted[o.id], None) for o in _all_of(ids) if counted.get(o.id)]
    return found + [Share(t.office, n, t) for t in typed if (n := t.part(where))]


def _all_of(ids: list[int]) -> list[Office]:
    return list(db.session.scalars(select(Office).where(Office.id.in_(ids)).order_by(Office.code)))


def asked_scope() -> dict[str, str]:
    """What an address carries to mean this office with all under it; {} for the office alone."""
    return {"scope": ALL} if request.args.get("scope") == ALL else {}


def asked_way() -> dict[str, Any]:
    """What an address carries on to stay with the same office or offices."""
    return {**asked_scope(), **access.office_way()}


def _offices(year: int) -> list[int]:
    """The offices of this request, if the year can have tables at all."""
    return offices.office_ids(_mine(year), with_subordinates=bool(asked_scope()))


def _report(ids: list[int], year: int) -> report.YearReport:
    return report.rolled_up(ids, year) if asked_scope() else report.year_report(ids, year)


def _mine(year: int) -> int:
    """The office that is asked for, if the year can have tables at all."""
    if not report.within(year, access.today()):
        abort(404)
    return access.office_asked().id


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
    for use in cells.cells_of(case, today, case.proceedings):
        scope: dict[str, Any] = {} if case.office_id == access.me().office_id else {"scope": ALL}
        year = url_for("year.table", year=use.year, **scope)
        cell_ = url_for("year.cell", year=use.year, row=use.row, column=use.column, **scope)
        href = cell_ if use.row else year
        found.append(CellLine(use.when, f"{use.year} 年 {use.label}", href))
    return found
