"""A table of ours as Word draws it: cells over several rows and columns, small print, its heads again on each page."""

from __future__ import annotations

from xml.sax.saxutils import escape

from docx.oxml.ns import nsdecls

from ..law.annual_tables import VALUE, Box, Grid
from . import page, styles

SIZE = 18  # half points
LINE = 240  # twentieths of a point
_MARGINS = "".join(
    f'<w:{side} w:w="{width}" w:type="dxa"/>'
    for side, width in (("top", 28), ("left", 40), ("bottom", 28), ("right", 40))
)


def table(grid: Grid, size: int = SIZE) -> str:
    """The table as xml. ``size`` is that of its print, in half points."""
    edges = "".join(f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="auto"/>' for side in page.SIDES)
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in grid.widths)
    rows = "".join(_row(grid, row, size) for row in range(grid.height))
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(grid.widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{_MARGINS}</w:tblCellMar>'
        f'<w:tblCaption w:val="{escape(grid.title)}"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>'
    )


def _row(grid: Grid, row: int, size: int) -> str:
    head = "<w:tblHeader/>" if row < grid.heads else ""
    cells, column = [], 0
    while column < len(grid.widths):
        box = grid.at(row, column)
        cells.append(_cell(grid, box, row, size))
        column += box.columns
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(grid: Grid, box: Box, row: int, size: int) -> str:
    width = sum(grid.widths[box.column : box.column + box.columns])
    span = f'<w:gridSpan w:val="{box.columns}"/>' if box.columns > 1 else ""
    merge = ""
    if box.rows > 1:
        merge = '<w:vMerge w:val="restart"/>' if row == box.row else "<w:vMerge/>"
    words = page.run(page.readable(box.text), styles.BODY_FONT, size) if row == box.row else ""
    side = "left" if box.left and box.kind != VALUE else "center"
    # each row stays with the next one: a table that fits on a page isn't broken over two
    keep = "<w:keepNext/>" if row < grid.height - 1 else ""
    shape = f'{keep}<w:spacing w:line="{LINE}" w:lineRule="exact"/><w:jc w:val="{side}"/>'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{styles.CELL}"/>{shape}</w:pPr>{words}</w:p></w:tc>'
    )
