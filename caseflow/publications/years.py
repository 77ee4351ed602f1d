"""年度报告 for everybody: of every year that an organ has signed the edition that holds, as it was frozen.

What has changed since is in none of these; nobody's name is.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select

from ..closing.freeze import Frozen
from ..closing.printed import signed_report, year_table
from ..db import db
from ..law.applicants import COLUMN_LABELS, COLUMNS
from ..law.year_table import BLOCKS, STATE_LABELS, TITLES, row_label
from ..models import Office, SignedYear
from ..moment import local
from ..reports.annual import website, word
from ..reports.annual.paper import Paper, State

TABLES = ("new", "carried_in", "results", "results_total", "carried_out", "proceedings")  # of what was frozen


@dataclass(frozen=True)
class Signed:
    """A signed year of an organ: the edition that holds, and its day."""

    office_id: int
    office: str
    year: int
    edition: int
    on: date


@dataclass(frozen=True)
class Report:
    """One signed report, to be handed out."""

    office: Office
    row: SignedYear

    @property
    def name(self) -> str:
        """Of its files, but for their endings."""
        return f"{self.row.year}年度报告-{self.office.code}"

    @property
    def paper(self) -> Paper:
        """As it is read and printed; it says its edition and day at most."""
        paper = signed_report(self.row)
        again = f"第 {self.row.edition} 版" if self.row.edition > 1 else ""
        return replace(paper, state=State(again, True))


def signed_years() -> list[Signed]:
    """Every signed year, organ by organ, the newest first; what was frozen isn't read."""
    of, newest = SignedYear, func.max(SignedYear.edition).label("edition")
    last = select(of.office_id, of.year, newest).group_by(of.office_id, of.year).subquery()
    same = (last.c.office_id == of.office_id) & (last.c.year == of.year) & (last.c.edition == of.edition)
    query = select(Office.id, Office.name, of.year, of.edition, of.signed_at).join(
        of, of.office_id == Office.id
    )
    found = db.session.execute(query.join(last, same).order_by(Office.code, of.year.desc()))
    return [Signed(key, name, year, edition, local(at).date()) for key, name, year, edition, at in found]


def report(office_id: int, year: int) -> Report | None:
    """The report of a year as it was signed last; None where it isn't signed."""
    query = select(Office, SignedYear).join(SignedYear, SignedYear.office_id == Office.id)
    of_year = query.where(Office.id == office_id, SignedYear.year == year)
    found = db.session.execute(of_year.order_by(SignedYear.edition.desc()).limit(1)).one_or_none()
    return Report(*found) if found else None


def as_data(found: Report) -> dict[str, Any]:
    """Tables 3 and 4 under the names of ``caseflow year-table --format json``."""
    figures = Frozen(found.row.frozen).data["figures"]
    return {
        "year": found.row.year, "office": found.office.code, "office_name": found.office.name,
        "edition": figures["edition"], "signed_edition": found.row.edition,
        "signed_on": local(found.row.signed_at).date().isoformat(), "columns": list(COLUMNS),
        **{name: figures[name] for name in TABLES},
    }  # fmt: skip


def as_json(found: Report) -> bytes:
    """The same as a file."""
    return json.dumps(as_data(found), ensure_ascii=False, indent=1).encode()


def as_csv(found: Report) -> bytes:
    """A line for each figure, under its words in the form; Excel knows by the mark that it is UTF-8."""
    kept = io.StringIO(newline="")
    writer = csv.writer(kept)
    writer.writerow(("机关", "年度", "表", "行", "列", "件数"))
    for table, row, column, figure in _figures(found):
        writer.writerow((found.office.name, found.row.year, TITLES[table], row, column, figure))
    return kept.getvalue().encode("utf-8-sig")


def _figures(found: Report) -> Iterator[tuple[int, str, str, int]]:
    table = year_table(Frozen(found.row.frozen))
    for line in table.lines:
        for column, figure in zip(COLUMNS, line.values, strict=True):
            yield 3, row_label(line.key, table.edition), COLUMN_LABELS[column], figure
    for block, label in BLOCKS.items():
        for state, name in STATE_LABELS.items():
            yield 4, label, name, table.proceedings[block][state]


# By the ending of its name: what makes the file, its type, and what it is
FILES: dict[str, tuple[Callable[[Report], bytes], str, str]] = {
    "docx": (lambda found: word.report_file(found.paper), word.MIME, "Word 文件"),
    "html": (lambda found: website.website(found.paper), website.MIME, "网页文件"),
    "json": (as_json, "application/json", "表三、表四的数据（JSON）"),
    "csv": (as_csv, "text/csv", "表三、表四的数据（CSV）"),
}
