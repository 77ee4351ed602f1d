"""What a letter really says, read back from the Word file, as blocks for a page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import docx
from docx.oxml.ns import qn

from . import styles
from .hidden import Hidden, row_hidden

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement

KINDS = {
    styles.TITLE: "title",
    styles.NUMBER: "number",
    styles.ADDRESSEE: "addressee",
    styles.SIGN: "sign",
}
BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n"}
# Struck out, or there a second time for an older Word
UNREAD = {
    qn("w:del"),
    qn("w:moveFrom"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}


@dataclass(frozen=True)
class Block:
    """A paragraph or a table of a letter; ``rows`` are the cells of a table."""

    kind: str  # title, number, addressee, text, table, sign
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def blocks(letter: bytes) -> list[Block]:
    """The blocks of a letter in reading order, without the empty ones; head of the page first, its foot last."""
    document = docx.Document(io.BytesIO(letter))
    names = {style.style_id: str(style.name) for style in document.styles}
    hidden = Hidden(document)
    return [
        block
        for root in (
            *_edges(document, "headerReference"),
            document.element.body,
            *_edges(document, "footerReference"),
        )
        for block in _read(root, names, hidden)
        if block.text.strip() or block.rows
    ]


def text(letter: bytes) -> str:
    """All that a letter says, a line for each paragraph and each cell."""
    said = [
        line for block in blocks(letter) for line in (block.text, *(c for row in block.rows for c in row))
    ]
    return "\n".join(filter(None, said))


def _edges(document: Document, kind: str) -> list[BaseOxmlElement]:
    """The heads or feet of pages that some section uses; a page number alone says nothing."""
    parts = [document.part.related_parts[ref.rId] for ref in document.element.body.iter(qn(f"w:{kind}"))]
    roots = [part.element for part in parts]
    return [root for root in roots if next(root.iter(qn("w:fldSimple"), qn("w:instrText")), None) is None]


def _read(home: BaseOxmlElement, names: dict[str, str], hidden: Hidden) -> Iterator[Block]:
    for child in home:
        if child.tag == qn("w:p"):
            style = child.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
            name = names.get(style.get(qn("w:val"), ""), "") if style is not None else ""
            yield Block(KINDS.get(name, "text"), _said(child, hidden))
        elif child.tag == qn("w:tbl"):
            rows = [row for row in child.iter(qn("w:tr")) if not row_hidden(row)]
            read = (tuple(_cell(cell, hidden) for cell in row.iter(qn("w:tc"))) for row in rows)
            yield Block("table", rows=tuple(read))
        elif child.tag in {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")}:
            yield from _read(child, names, hidden)


def _cell(cell: BaseOxmlElement, hidden: Hidden) -> str:
    return "\n".join(filter(None, (_said(paragraph, hidden) for paragraph in cell.iter(qn("w:p")))))


def _said(element: BaseOxmlElement, hidden: Hidden) -> str:
    """The text of a paragraph: its runs, line breaks and text boxes, without what is struck out or hidden."""
    if element.tag in UNREAD or element.tag == qn("w:pPr"):
        return ""
    if element.tag == qn("w:r") and hidden.hides(element):
        return ""
    if element.tag == qn("w:t"):
        return element.text or ""
    return BREAKS.get(element.tag, "") + "".join(_said(child, hidden) for child in element)
