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
from ..law.applicants import TOTAL
from ..law.year_prose import plain
from ..law.year_table import BLOCKS, CARRIED_IN, CARRIED_OUT, NEW, RESULTS_TOTAL, result_codes
from ..models import Case, Office
from ..reports.annual.report import annual_report, as_data
from ..reports.cells import alive, filed, stretches
from ..reports.year import as_json, year_report


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
        return {c[0]: c[1] for c in self.data["cases"] if column in {c[2], TOTAL} and self._in(c, row)}

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
        "report": as_data(annual_report(office, year)),
        "cases": _cases(office.id, year), "proceedings": _proceedings(office.id, year),
    })  # fmt: skip


def _cases(office_id: int, year: int) -> list[list[Any]]:
    """Each request of the year: id, number, class, how it came into the year, and how it left it."""
    clauses = [c for row in (NEW, CARRIED_IN) for c in stretches(row, year)]
    query = select(
        Case.id, Case.number, Case.applicant_class, Case.new_year, Case.result, Case.result_year
    ).where(Case.office_id == office_id, or_(*clauses))
    return [
        [
            key, number, applicant, NEW if new == year else CARRIED_IN,
            result if ended == year else CARRIED_OUT,
        ]
        for key, number, applicant, new, result, ended in db.session.execute(query.order_by(Case.id))
    ]  # fmt: skip


def _proceedings(office_id: int, year: int) -> list[list[Any]]:
    """Each 复议 and 诉讼 of the year: its case, its number there, its block and state, and the case's number."""
    rows = sorted(alive([office_id], year), key=lambda p: (p.case_id, p.n))
    ids = {p.case_id for p in rows}
    numbers = {key: n for key, n in db.session.execute(select(Case.id, Case.number).where(Case.id.in_(ids)))}
    return [[p.case_id, p.n, *filed(p, year), numbers[p.case_id]] for p in rows]
