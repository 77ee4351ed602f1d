"""Publishes a table as offices do: four kinds of file, merged heads or none, labels in their variants."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import openpyxl
from docx import Document

from caseflow.law.applicants import COLUMN_LABELS, COLUMNS
from caseflow.law.year_table import BLOCKS, CORNER, STATE_LABELS, TITLES, Place, printed

ROWS_4 = ("行政复议", "行政诉讼")


@dataclass(frozen=True)
class Box:
    """One printed cell, over so many rows and columns."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1


Label = Callable[[str], str]
PLAIN: Label = str
VARIANTS: dict[str, Label] = {
    "as the form has it": PLAIN,
    "numbers with 、": lambda text: text.replace(". ", "、"),
    "half-width brackets": lambda text: text.translate(str.maketrans("（），", "(),")),
    "blanks inside": lambda text: text.replace("申请", " 申请 ").replace("总计", "总　计"),
    "line breaks inside": lambda text: text.replace("）", "）\n"),
    "other quotes and commas": lambda text: text.replace("“", '"').replace("”", '"').replace("、行政机关", "，行政机关"),
    "short forms": lambda text: text.replace(
        "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "逾期不补正"
    ).replace("申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "逾期不缴费"),
    "社会组织": lambda text: text.replace("社会公益组织", "社会组织"),
    "no numbers at items": lambda text: text.partition(". ")[2] or text,
}  # fmt: skip


def third(edition: str, shown: Callable[[Place], str], label: Label = PLAIN) -> list[Box]:
    """Table 3 with its head, from row 0."""
    person, *organisations, total = (COLUMN_LABELS[c] for c in COLUMNS)
    boxes = [
        Box(0, 0, CORNER, 3, 3), Box(0, 3, "申请人情况", 1, 7), Box(1, 3, person, 2), Box(1, 4, "法人或其他组织", 1, 5),
        Box(1, 9, total, 2), *(Box(2, 4 + n, text) for n, text in enumerate(organisations)),
    ]  # fmt: skip
    for row, (key, heads) in enumerate(printed(edition), 3):
        begin = 3 - sum(head.columns for head in heads)
        for head in heads:
            boxes.append(Box(row, begin, head.text, head.rows, head.columns))
            begin += head.columns
        boxes += [Box(row, 3 + n, shown((key, column))) for n, column in enumerate(COLUMNS)]
    return [
        Box(b.row, b.column, label(b.text) if b.row < 3 or b.column < 3 else b.text, b.rows, b.columns)
        for b in boxes
    ]


def fourth(shown: Callable[[Place], str]) -> list[Box]:
    """Table 4 with its head, from row 0; the states of 行政复议 stand one row higher, as offices print it."""
    boxes = [Box(0, 0, "行政复议", 1, 5), Box(0, 5, "行政诉讼", 1, 10)]
    for n, block in enumerate(BLOCKS):
        if n:
            boxes.append(Box(1, 5 * n, BLOCKS[block], 1, 5))
        for m, (state, name) in enumerate(STATE_LABELS.items()):
            boxes.append(Box(2, 5 * n + m, name) if n else Box(1, m, name, 2))
            boxes.append(Box(3, 5 * n + m, shown((block, state))))
    return boxes


def below(boxes: list[Box], rows: int) -> list[Box]:
    """The same, so many rows further down."""
    return [Box(b.row + rows, b.column, b.text, b.rows, b.columns) for b in boxes]


def to_xlsx(path: Path, tables: list[list[Box]], together: bool = True) -> None:
    """A workbook: one sheet with titles and a footnote, or a sheet for each table."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    top = 1
    for n, boxes in enumerate(tables):
        if n and not together:
            sheet, top = book.create_sheet(), 1
        sheet.cell(top, 1, TITLES[3 + n])
        for b in boxes:
            value = int(b.text) if b.text.isascii() and b.text.isdigit() else b.text or None
            sheet.cell(top + 1 + b.row, 1 + b.column, value)
            if b.rows > 1 or b.columns > 1:
                sheet.merge_cells(start_row=top + 1 + b.row, start_column=1 + b.column,
                                  end_row=top + b.row + b.rows, end_column=b.column + b.columns)  # fmt: skip
        top += 3 + max(b.row for b in boxes)
        sheet.cell(top, 1, "注：本表数据由各科室汇总，共 3 页。")
        top += 2
    book.save(path)


def to_docx(path: Path, tables: list[list[Box]], together: bool = True) -> None:
    """A Word document with its cells merged both ways."""
    document = Document()
    document.add_paragraph("2023 年政府信息公开工作年度报告")
    for n, boxes in enumerate(tables):
        document.add_heading(TITLES[3 + n], 2)
        rows, columns = max(b.row + b.rows for b in boxes), max(b.column + b.columns for b in boxes)
        table = document.add_table(rows, columns)
        cells = [list(row.cells) for row in table.rows]
        for b in boxes:
            cell = cells[b.row][b.column]
            if b.rows > 1 or b.columns > 1:
                cell = cell.merge(cells[b.row + b.rows - 1][b.column + b.columns - 1])
            cell.text = b.text
        document.add_paragraph("无。")
    document.save(str(path))


def to_html(path: Path, tables: list[list[Box]], together: bool = True) -> None:
    """A page whose tables stand inside the table that lays it out."""
    parts = ["<!DOCTYPE html><html><head><meta charset='utf-8'><title>年报</title></head><body>",
             "<table><tr><td><a>首页</a></td><td>"]  # fmt: skip
    for n, boxes in enumerate(tables):
        parts.append(f"<h2>{TITLES[3 + n]}</h2><table border=1><tbody>")
        for row in range(max(b.row for b in boxes) + 1):
            inside = sorted((b for b in boxes if b.row == row), key=lambda b: b.column)
            parts.append("<tr>" + "".join(_td(b) for b in inside) + "</tr>")
        parts.append("</tbody></table><p>注：以上数据</p>")
    path.write_text("".join([*parts, "</td></tr></table></body></html>"]), encoding="utf-8")


def _td(box: Box) -> str:
    words = escape(box.text).replace("\n", "<br>") or "&nbsp;"
    return f'<td rowspan="{box.rows}" colspan="{box.columns}"><p><span>{words}</span></p></td>'


def to_csv(path: Path, tables: list[list[Box]], together: bool = True, encoding: str = "gb18030") -> None:
    """Comma-separated: the words of a merged cell in its first place only."""
    out = io.StringIO()
    writer = csv.writer(out)
    for n, boxes in enumerate(tables):
        writer.writerow([TITLES[3 + n]])
        by_place = {(b.row, b.column): b.text for b in boxes}
        for row in range(max(b.row for b in boxes) + 1):
            writer.writerow([by_place.get((row, c), "") for c in range(max(b.column for b in boxes) + 1)])
        writer.writerow([])
    path.write_bytes(out.getvalue().encode(encoding))


WRITERS: Mapping[str, Callable[..., None]] = {
    ".xlsx": to_xlsx, ".docx": to_docx, ".html": to_html, ".csv": to_csv,
}  # fmt: skip
