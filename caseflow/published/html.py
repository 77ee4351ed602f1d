"""Tables of a web page, as an office publishes its report."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree
from lxml import html as pages

from ..ledger.sheet import Unreadable
from .grid import MOST_COLUMNS, MOST_ROWS, Budget, Grid

SILENT = frozenset({"script", "style", "template", "noscript"})


def grids(text: str, budget: Budget) -> Iterator[Grid]:
    """Its tables, nested ones by themselves. Raises Unreadable."""
    for table in _root(text).iter("table"):
        yield _grid(table, budget)


def words(text: str) -> str:
    """What it says of itself: its titles first, for a page links to the reports of other years too, then all its text."""
    root = _root(text)
    named = root.xpath("//meta[@name='ArticleTitle']/@content | //title//text() | //h1//text()")
    return "".join(named) + "\n" + "".join(root.itertext())


def _root(text: str) -> pages.HtmlElement:
    parser = pages.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    try:
        return pages.document_fromstring(text.encode(), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise Unreadable("打不开：网页里没有能读的内容") from error


def _grid(table: pages.HtmlElement, budget: Budget) -> Grid:
    grid = Grid(budget)
    for row, line in enumerate(r for r in table.iter("tr") if _nearest(r) is table):
        budget.take(1)
        column = 0
        for cell in (c for c in line.iter("td", "th") if _nearest(c) is table):
            column = grid.free(row, column)
            columns = _span(cell.get("colspan"), MOST_COLUMNS)
            grid.put(row, column, _text(cell), _span(cell.get("rowspan"), MOST_ROWS), columns)
            column += columns
    return grid


def _nearest(element: pages.HtmlElement) -> pages.HtmlElement | None:
    return next(element.iterancestors("table"), None)


def _span(told: str | None, most: int) -> int:
    digits = (told or "").strip()
    return min(max(int(digits), 1), most) if digits.isascii() and digits.isdigit() and len(digits) < 6 else 1


def _text(cell: pages.HtmlElement) -> str:
    """What one reads in a cell, without the tables in it."""
    parts: list[str] = [cell.text or ""]
    for child in cell:
        if child.tag != "table" and child.tag not in SILENT and isinstance(child.tag, str):
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
