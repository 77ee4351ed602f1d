"""卷内目录: the list of what lies in a folder, to print and bind (docx), and as a table (csv)."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ..ledger.read_csv import guarded
from .word import document, table, title

COLUMNS = (
    "顺序号",
    "文号",
    "责任者",
    "题名",
    "日期",
    "页号",
    "备注",
)  # 页号 is written by hand, once it is bound
WIDTHS = (560, 1500, 1400, 2400, 1184, 500, 1300)
FILE = "文件"
LABELLED = (2100, 6744)


@dataclass(frozen=True)
class Paper:
    """One paper of a folder, as the list has it, and its content: made for the folder, or kept in the store."""

    title: str
    label: str  # of its name in the zip
    ending: str = "docx"
    number: str = ""  # 文号
    author: str = ""  # 责任者, where the record knows
    day: date | None = None
    notes: tuple[str, ...] = ()
    made: bytes | None = None
    sha256: str | None = None  # in the store; None with nothing made: masked, no longer kept


Named = Sequence[tuple[Paper, str]]  # each paper with its name in the zip, "" for one that has no content


def to_docx(facts: Sequence[tuple[str, str]], papers: Named) -> bytes:
    """The list as it is printed."""
    rows = [cells for cells, _ in _rows(papers)]
    return document(title("卷内目录"), table((), facts, LABELLED), table(COLUMNS, rows, WIDTHS))


def to_csv(papers: Named) -> bytes:
    """The list as a table, with the name of each file; UTF-8 with its mark, so that Excel reads it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow((*COLUMNS, FILE))
    writer.writerows([guarded(text) for text in (*cells, name)] for cells, name in _rows(papers))
    return out.getvalue().encode("utf-8-sig", "replace")


def _rows(papers: Named) -> list[tuple[tuple[str, ...], str]]:
    return [
        (
            (
                str(n), paper.number, paper.author, paper.title,
                paper.day.isoformat() if paper.day else "", "", "；".join(paper.notes),
            ),
            name,
        )
        for n, (paper, name) in enumerate(papers, 1)
    ]  # fmt: skip
