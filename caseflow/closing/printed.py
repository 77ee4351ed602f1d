"""A signed edition as a report to be read and printed, from what was frozen alone; and whether a report is the signed one."""

from __future__ import annotations

from ..db import db
from ..law import annual, annual_tables, annual_two
from ..law.annual import TABLES
from ..law.annual_tables import Grid
from ..law.words import in_full
from ..law.year_table import BLOCKS, CARRIED_IN, CARRIED_OUT, NEW, RESULTS_TOTAL, YearTable
from ..models import Person, SignedYear
from ..moment import local
from ..reports.annual.paper import DRAFT, Paper, Part, State
from ..reports.annual.report import AnnualReport
from .freeze import Frozen, as_frozen
from .sign import newest


def signed_report(row: SignedYear) -> Paper:
    """The annual report of an edition: its figures and words are those that were signed, whatever changed since."""
    frozen = Frozen(row.frozen)
    report, grids = frozen.data["report"], {grid.number: grid for grid in _grids(frozen)}
    parts = tuple(
        Part(
            part["key"], part["title"], part["text"], True, (), (), (),
            grids.get(TABLES.get(part["key"], 0)), frozen.form,
        )
        for part in report["parts"]
    )  # fmt: skip
    whose = annual.office_of(report["title"], frozen.year)
    return Paper(whose, frozen.year, report["title"], report["preamble"], parts, signature(row))


def _grids(frozen: Frozen) -> tuple[Grid, ...]:
    table = year_table(frozen)
    two = annual_two.from_json(frozen.data["report"]["two"], frozen.form)
    return annual_tables.two(frozen.form, two), annual_tables.three(table), annual_tables.four(table)


def year_table(frozen: Frozen) -> YearTable:
    """Tables 3 and 4 as they were frozen."""
    figures = frozen.data["figures"]
    lines = {key: figures[key] for key in (NEW, CARRIED_IN, RESULTS_TOTAL, CARRIED_OUT)} | figures["results"]
    blocks = {block: dict(figures["proceedings"][block]) for block in BLOCKS}
    return YearTable(frozen.year, frozen.form, {key: tuple(line) for key, line in lines.items()}, blocks)


def signature(row: SignedYear) -> State:
    """Which edition, on which day, by whom."""
    on = in_full(local(row.signed_at).date())
    name = db.session.get_one(Person, row.signed_by).name
    return State(f"已签发第 {row.edition} 版（{on}，{name}）", True)


def state_of(report: AnnualReport) -> State:
    """Whether the report of an office, by its newest draft as it stands now, is the one that was signed last."""
    row = newest(db.session(), report.office.id, report.year)
    return signature(row) if row and as_frozen(report).hash == row.hash else DRAFT
