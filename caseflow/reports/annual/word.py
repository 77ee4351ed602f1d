"""The report as a Word file after the habits of 公文 (GB/T 9704), and the year tables alone; the same figures, the same bytes."""

from __future__ import annotations

from collections.abc import Iterable

from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml

from ...letters import merged, page, styles
from ..year import YearReport, typed_words
from .paper import Paper, Part
from .report import tables

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PART_FONT, HEADING_FONT = "黑体", "楷体_GB2312"  # first and second level


def report_file(report: Paper) -> bytes:
    """The whole report."""
    blocks = [
        _paragraph(report.title, styles.TITLE, styles.TITLE_FONT),
        _paragraph(""),
        _paragraph(report.preamble),
        *([_paragraph(report.note)] if report.note else []),
    ]
    for part in report.parts:
        blocks += _part(part)
    return _file(report.title, blocks, report.state.words)


def tables_file(counted: YearReport, office_name: str) -> bytes:
    """Tables three and four of a year alone; a roll-up says whose figures were typed."""
    told = typed_words(counted)
    whose = f"{office_name}　{counted.year} 年度　单位：件{f'　{told}' if told else ''}"
    blocks = [_paragraph(whose, styles.CELL)]
    for grid in tables(counted.table):
        blocks += [_heading(grid.title, 0, PART_FONT), merged.table(grid), _paragraph("", styles.CELL)]
    return _file(f"{office_name} {counted.year} 年报表", blocks)


def _part(part: Part) -> Iterable[str]:
    yield _heading(part.title, 0, PART_FONT)
    if part.grid:
        yield merged.table(part.grid)
        yield _paragraph("", styles.CELL)  # Word wants a paragraph between two tables
    for line in part.lines:
        yield _heading(line.text, 1, HEADING_FONT) if line.heading else _paragraph(line.text)


def _paragraph(text: str, style: str = styles.TEXT, font: str = styles.BODY_FONT, shape: str = "") -> str:
    words = page.run(page.readable(text), font)
    return f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{style}"/>{shape}</w:pPr>{words}</w:p>'


def _heading(text: str, level: int, font: str) -> str:
    return _paragraph(text, styles.TEXT, font, f'<w:keepNext/><w:outlineLvl w:val="{level}"/>')


def _file(title: str, blocks: Iterable[str], over: str = "") -> bytes:
    """The file; ``over`` stands small over the first page, where whoever publishes it takes it out again."""
    document = page.blank(title)
    page.folio(document)
    if over:
        page.header(document, over)
    body = document.element.body
    last = body[-1]  # the section, which ends the body
    for block in blocks:
        last.addprevious(parse_xml(block))
    return page.saved(document)
