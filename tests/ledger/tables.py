"""Ledgers as files, the way offices have them: csv in any encoding, workbooks with whatever stands in a cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

if TYPE_CHECKING:
    from caseflow.ledger.load import Report

TODAY = date(2026, 9, 21)
NOW = datetime(2026, 9, 21, 2, 0, tzinfo=UTC)

# The five columns that every ledger has
PLAIN = {
    "登记编号": "2026-5",
    "受理方式": "信函",
    "收到日期": "2026-03-02",
    "申请人类型": "自然人",
    "申请人": "林国栋",
    "申请内容": "某路改造工程的结算审核报告",
}

Row = Mapping[str, Any]


def row(number: str | None = "2026-5", **columns: Any) -> dict[str, Any]:
    """A row that is in order, but for what ``columns`` say; None leaves a column out."""
    told = PLAIN | {"登记编号": number} | columns
    return {name: value for name, value in told.items() if value is not None}


def heads(rows: Iterable[Row]) -> list[str]:
    """All columns of these rows, in the order in which they first come."""
    return list(dict.fromkeys(name for row in rows for name in row))


def csv_file(path: Path, rows: Sequence[Row], encoding: str = "utf-8") -> Path:
    """A csv with a head and these rows."""
    out = io.StringIO()
    writer = csv.DictWriter(out, heads(rows) or list(PLAIN), restval="")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def text_file(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A file of exactly this text."""
    path.write_bytes(text.encode(encoding))
    return path


def book(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    """A workbook of these sheets, each a list of lines."""
    made = Workbook()
    made.remove(made.active)
    for title, lines in sheets.items():
        sheet = made.create_sheet(title)
        for line in lines:
            sheet.append(list(line))
    made.save(path)
    return path


def lines(rows: Sequence[Row]) -> list[list[Any]]:
    """Head and rows as the lines of a sheet."""
    names = heads(rows)
    return [names, *([row.get(name) for name in names] for row in rows)]


def imported(path: Path, office: str | None = "SSFB", **more: Any) -> Report:
    """Import a file as the command does; needs an app context."""
    from caseflow.ledger.load import Import, import_file

    choice: dict[str, Any] = {"today": TODAY, "now": NOW, "office": office}
    return import_file(Import(path, **choice | more))


def taken(path: Path, office: str | None = "SSFB", **more: Any) -> Report:
    """Import a file that has to be in order."""
    report = imported(path, office, **more)
    assert "|".join(str(problem) for problem in report.errors) == ""
    return report


def problems(report: Report) -> list[tuple[int, str, str]]:
    """Line, column and reason of each."""
    return [(problem.line, problem.column, problem.reason) for problem in report.errors]


def cases() -> dict[str, Any]:
    """All case rows by number."""
    from sqlalchemy import select

    from caseflow.db import db
    from caseflow.models import Case

    db.session.rollback()
    return {case.number: case for case in db.session.scalars(select(Case).order_by(Case.id))}


def events(number: str) -> list[tuple[str, str]]:
    """Act and day of each event of a case."""
    from caseflow.db import db
    from caseflow.stages import record

    return [(entry.act, entry.on.isoformat()) for entry in record.entries(db.session(), cases()[number].id)]


def counts() -> dict[str, int]:
    """How many rows stand in each table."""
    from sqlalchemy import func, select

    from caseflow.db import Base, db

    db.session.rollback()
    return {
        t.name: db.session.scalar(select(func.count()).select_from(t)) or 0
        for t in Base.metadata.sorted_tables
    }


def differences() -> list[str]:
    """What the check of the whole record finds."""
    from caseflow.upkeep import verify

    return list(verify.differences())


def exported(path: Path, **choice: Any) -> Path:
    """Write the ledger of the instance."""
    from caseflow.db import db
    from caseflow.ledger.write import Export, to_file

    db.session.rollback()
    to_file(Export(db.session(), **choice), path)
    return path


def with_suits(path: Path) -> dict[str, Any]:
    """How an export is imported again: a csv with the file beside it, if there is one."""
    beside = path.with_name(f"{path.stem}-复议诉讼.csv")
    return {"proceedings": beside} if path.suffix == ".csv" and beside.exists() else {}
