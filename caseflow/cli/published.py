"""The table of another office, as it was published: does it hold?"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from ..law import published
from ..law.applicants import COLUMN_LABELS, COLUMNS
from ..law.published import Figures, Finding
from ..law.year_table import BLOCKS, STATE_LABELS, row_label
from ..ledger.sheet import Unreadable
from ..published.read import read
from .refusals import reason


@click.command("check-report")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, readable=True))
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text")
def check_report(file: Path, shape: str) -> None:
    """Check a published table 3 (and 4, if there): .xlsx, .docx, .html or .csv; needs no database.

    Exit 0 if every identity holds, 1 if one fails or a blank prevents it, or the file can't be read.
    """
    try:
        figures = read(file)
    except Unreadable as error:
        raise click.ClickException(f"{file.name}：{error}") from error
    except OSError as error:
        raise click.ClickException(f"读不了 {file.name}：{reason(error)}") from error
    findings = published.check(figures)
    if shape == "json":
        click.echo(json.dumps(_json(file, figures, findings), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(_text(file, figures, findings)))
    sys.exit(1 if findings else 0)


def _text(file: Path, figures: Figures, findings: tuple[Finding, ...]) -> list[str]:
    fourth = "表四" if figures.proceedings else "文件里没有表四"
    stated = f"文件上写的是 {figures.year} 年" if figures.year else "文件上没有写明年度"
    lines = [f"{file.name}：{figures.edition} 年版表三，{fourth}；{stated}"]
    lines += [f"表里的“{label}”不是这一版的行，没有计入" for label in figures.strangers]
    if not findings:
        return [*lines, "各项勾稽全部成立，没有空白"]
    blanks = len(figures.blanks)
    wrong = sum(finding.kind == published.WRONG for finding in findings)
    return [*lines, *published.told(findings), f"{wrong} 处勾稽不符，{blanks} 格没有数"]


def _json(file: Path, figures: Figures, findings: tuple[Finding, ...]) -> dict[str, Any]:
    """The figures in the shape of `year-table`, null for a blank, and every finding."""
    cells = figures.cells
    rows = {row: list(cells[row]) for row in cells}
    keys = ("new", "carried_in", "results_total", "carried_out")
    return {
        "file": file.name,
        "edition": figures.edition,
        "year": figures.year,
        "columns": list(COLUMNS),
        **{key: rows.pop(key) for key in keys},
        "results": rows,
        "proceedings": {block: dict(states) for block, states in figures.proceedings.items()} or None,
        "unknown_rows": list(figures.strangers),
        "blanks": len(figures.blanks),
        "balanced": not findings,
        "findings": [_finding(found, figures.edition) for found in findings],
    }


def _finding(found: Finding, edition: str) -> dict[str, Any]:
    """One cell: where, in keys and in the form's words; what stands there and what it should be."""
    row = BLOCKS.get(found.row) or (row_label(found.row, edition) if found.row else "")
    labels = STATE_LABELS if found.table == 4 else COLUMN_LABELS
    return {
        "kind": found.kind, "table": found.table, "row": found.row, "column": found.column,
        "row_label": row, "column_label": labels[found.column], "written": found.written,
        "should": found.should, "identities": list(found.identities), "sentence": found.sentence,
    }  # fmt: skip


COMMANDS: list[click.Command] = [check_report]
