"""What a signature freezes: the tables, the words of the annual report, and the cases behind every cell, with one
hash over all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, false, func, or_, select

from ..db import db
from ..law.applicants import COLUMNS, TOTAL
from ..law.year_prose import CHANNEL_ROW, IN_TIME, ON_TIME_ROW, SENT, plain
from ..law.year_table import BLOCKS, CARRIED_IN, CARRIED_OUT, NEW, RESULTS_TOTAL, result_codes
from ..models import Case, Office, ProceedingRow
from ..reports.annual.report import AnnualReport, annual_report, as_data
from ..reports.cells import in_table4, of_block, state, stretches
from ..reports.year import YearReport, as_json

LATE = "late"


@dataclass(frozen=True)
class Frozen:
    """A year of an office as data: what is signed, and what it would be if it were signed now."""

    data: Mapping[str, Any]

    @property
    def year(self) -> int:
        """The report year."""
        return int(self.data["figures"]["year"])

    @property
    def form(self) -> str:
        """The edition of the form: 2019 or 2021."""
        return str(self.data["figures"]["edition"])

    @property
    def hash(self) -> str:
        """One hash over all of it, whatever the order in which it was kept."""
        text = json.dumps(self.data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def behind(self, row: str, column: str) -> dict[int, str]:
        """The cases of a cell: id and number."""
        if row in BLOCKS:
            return {p[0]: p[4] for p in self.data["proceedings"] if p[2] == row and column in {p[3], TOTAL}}
        if row == CHANNEL_ROW:
            return {c[0]: c[1] for c in self.data["cases"] if c[3] == NEW and c[5] == column}
        if row == ON_TIME_ROW:
            good = {SENT: (True, False), IN_TIME: (True,), LATE: (False,)}[column]
            return {c[0]: c[1] for c in self.data["cases"] if c[6] in good}
        return {c[0]: c[1] for c in self.data["cases"] if column in {c[2], TOTAL} and self._in(c, row)}

    def without(self, other: Frozen) -> Frozen:
        """The same without the cases that ``other`` tells in the same words."""
        told = {tuple(case) for case in other.data["cases"]}
        return Frozen({**self.data, "cases": [c for c in self.data["cases"] if tuple(c) not in told]})

    def figure(self, row: str, column: str) -> int:
        """The number in a cell of table 3 or 4, or beside them."""
        figures = self.data["figures"]
        if row in BLOCKS:
            return int(figures["proceedings"][row][column])
        if row == CHANNEL_ROW:
            return int(figures["channels"][column])
        if row == ON_TIME_ROW:
            sent, good = figures["on_time"]["replied"], figures["on_time"]["on_time"]
            return int({SENT: sent, IN_TIME: good, LATE: sent - good}[column])
        line = figures["results"].get(row) or figures[row]
        return int(line[COLUMNS.index(column)])

    @property
    def texts(self) -> dict[str, str]:
        """The words of the annual report by their titles, and what stands before them."""
        report = self.data["report"]
        parts = {part["title"]: part["text"] for part in report["parts"]}
        return {
            "前言": report["preamble"],
            **parts,
            "二、主动公开情况的数字": json.dumps(report["two"], sort_keys=True),
        }

    def _in(self, case: list[Any], row: str) -> bool:
        came, left = case[3], case[4]
        if row in {NEW, CARRIED_IN}:
            return bool(came == row)
        if row == CARRIED_OUT:
            return bool(left == CARRIED_OUT)
        return left != CARRIED_OUT and (row == RESULTS_TOTAL or left in result_codes(row, self.form))


def freeze(office: Office, year: int) -> Frozen:
    """The year of one office as it stands now. Call it where nothing is written meanwhile."""
    return as_frozen(annual_report(office, year))


def as_frozen(report: AnnualReport) -> Frozen:
    """The year of the office of a report, by the draft that it has."""
    words = {k: v for k, v in as_data(report).items() if k != "version"}
    return Frozen({**tables(report.office, report.counted).data, "report": words})


def tables(office: Office, report: YearReport) -> Frozen:
    """The same without the words of the annual report: what every cell and the cases behind it can be asked of."""
    return Frozen(
        {
            "figures": as_json(report, office.code),
            "prose": plain(report.prose),
            "cases": _cases(office.id, report.year),
            "proceedings": _proceedings(office.id, report.year),
        }
    )


def _proceedings(office_id: int, year: int) -> list[list[Any]]:
    """Those of table 4: case and place in it, block and state, number of the case."""
    row = ProceedingRow
    query = select(row.case_id, row.n, of_block, state(year), Case.number).join(Case, Case.id == row.case_id)
    query = query.where(row.office_id == office_id, in_table4(year)).order_by(row.case_id, row.n)
    return [list(found) for found in db.session.execute(query)]


def _cases(office_id: int, year: int) -> list[list[Any]]:
    """The requests of the year, each as id, number, class, how it came into the year and how it left it, by which
    channel it came, and whether its reply of the year was on time (None: none was sent in it)."""
    of_year = or_(*(c for row in (NEW, CARRIED_IN) for c in stretches(row, year)))
    ended = Case.result_year == year
    came = case((Case.new_year == year, NEW), else_=CARRIED_IN)
    left = case((ended, Case.result), else_=CARRIED_OUT)
    sent = and_(ended, Case.replied_on.is_not(None))
    good = case((sent, func.coalesce(Case.on_time, false())))
    told = Case.id, Case.number, Case.applicant_class, came, left, Case.channel, good
    query = select(*told).where(Case.office_id == office_id, of_year).order_by(Case.id)
    return [list(row) for row in db.session.execute(query)]
