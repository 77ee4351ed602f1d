"""Tables of a Word document: only its main part is opened, whatever else the package holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

from lxml import etree

from ..ledger.read_xlsx import BROKEN
from ..ledger.sheet import Unreadable
from .grid import Budget, Grid

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
PART = "word/document.xml"
DAMAGED = "打不开：不是有效的 .docx 文件，或者文件已经损坏"


def grids(path: Path, budget: Budget) -> Iterator[Grid]:
    """Its tables, nested ones by themselves. Raises Unreadable."""
    for table in _root(path).iter(f"{W}tbl"):
        yield _grid(table, budget)


def words(path: Path) -> str:
    """Its paragraphs, one a line. Raises Unreadable."""
    return "\n".join(
        "".join(t.text or "" for t in paragraph.iter(f"{W}t")) for paragraph in _root(path).iter(f"{W}p")
    )


def _root(path: Path) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        with ZipFile(path) as package:
            content = package.read(PART).replace(STRICT[1:-1].encode(), W[1:-1].encode())
        return etree.fromstring(content, parser)
    except (*BROKEN, etree.XMLSyntaxError) as error:
        raise Unreadable(DAMAGED) from error


def _grid(table: etree._Element, budget: Budget) -> Grid:
    grid = Grid(budget)
    open_above: dict[int, tuple[int, int, str]] = {}  # column -> where a vertical merge began, its text
    for row, line in enumerate(_own(table, "tr", table)):
        budget.take(1)
        column = _number(line, "trPr", "gridBefore", 0)
        for cell in _own(line, "tc", table):
            columns = _number(cell, "tcPr", "gridSpan", 1)
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            text = _text(cell, table)
            if merge is not None and merge.get(f"{W}val") != "restart" and column in open_above:
                grid.put(row, column, open_above[column][2], 1, columns)
                grid.covered.add((row, column))
            else:
                open_above.pop(column, None)
                grid.put(row, column, text, 1, columns)
            if merge is not None and merge.get(f"{W}val") == "restart":
                open_above[column] = (row, columns, text)
            column += columns
    return grid


def _own(inside: etree._Element, name: str, table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row: also those in a content control, none of a nested table."""
    return (found for found in inside.iter(W + name) if _nearest(found) is table)


def _nearest(element: etree._Element) -> etree._Element | None:
    return next(element.iterancestors(f"{W}tbl"), None)


def _number(element: etree._Element, properties: str, name: str, otherwise: int) -> int:
    found = element.find(f"{W}{properties}/{W}{name}")
    told = found.get(f"{W}val", "") if found is not None else ""
    return int(told) if told.isascii() and told.isdigit() and len(told) < 4 else otherwise


def _text(cell: etree._Element, table: etree._Element) -> str:
    """What is written in a cell, without the tables in it and without deleted words."""
    return "".join(t.text or "" for t in cell.iter(f"{W}t") if _nearest(t) is table)
