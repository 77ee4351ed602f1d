"""What a signature freezes: the tables, the words of the annual report, and the cases behind every cell, with one
hash over all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from ..db import db
from ..law.applicants import COLUMNS, TOTAL
from ..law.year_prose import CHANNEL_ROW, IN_TIME, ON_TIME_ROW, SENT, plain
from ..law.year_table import BLOCKS, CARRIED_IN, CARRIED_OUT, NEW, RESULTS_TOTAL, result_codes
from ..models import Case, Office
from ..reports.annual.report import annual_report, as_data
from ..reports.cells import alive, filed, stretches
from ..reports.year import as_json, year_report

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
    report = year_report([office.id], year)
    return Frozen({
        "figures": as_json(report, office.code), "prose": plain(report.prose),
        "report": {k: v for k, v in as_data(annual_report(office, year)).items() if k != "version"},
        "cases": _cases(office.id, year), "proceedings": _proceedings(office.id, year),
    })  # fmt: skip


def _cases(office_id: int, year: int) -> list[list[Any]]:
    """Each request of the year: id, number, class, how it came into the year and how it left it, by which channel it
    came, and whether its reply of the year was on time (None: none was sent in it)."""
    clauses = [c for row in (NEW, CARRIED_IN) for c in stretches(row, year)]
    query = select(
        Case.id,
        Case.number,
        Case.applicant_class,
        Case.new_year,
        Case.result,
        Case.result_year,
        Case.channel,
        Case.replied_on,
        Case.on_time,
    ).where(Case.office_id == office_id, or_(*clauses))
    return [
        [
            key, number, applicant, NEW if new == year else CARRIED_IN,
            result if ended == year else CARRIED_OUT, channel,
            bool(good) if replied and ended == year else None,
        ]
        for key, number, applicant, new, result, ended, channel, replied, good in db.session.execute(query.order_by(Case.id))
    ]  # fmt: skip


def _proceedings(office_id: int, year: int) -> list[list[Any]]:
    """Each 复议 and 诉讼 of the year: its case, its number there, its block and state, and the case's number."""
    rows = sorted(alive([office_id], year), key=lambda p: (p.case_id, p.n))
    ids = {p.case_id for p in rows}
    numbers = {key: n for key, n in db.session.execute(select(Case.id, Case.number).where(Case.id.in_(ids)))}
    return [[p.case_id, p.n, *filed(p, year), numbers[p.case_id]] for p in rows]
