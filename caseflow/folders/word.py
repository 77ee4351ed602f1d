"""What a folder says of itself, as Word files: title, paragraphs, tables; the same words, the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from functools import cache

from ..letters import page, styles
from ..letters.page import readable

MAIN = "word/document.xml"
SMALL = 21  # half points, in tables
MARK = b"<w:sectPr"


def document(*blocks: str) -> bytes:
    """A Word file of these blocks."""
    parts = dict(_blank())
    head, mark, tail = parts[MAIN].partition(MARK)
    return page.packed(parts | {MAIN: head + "".join(blocks).encode() + mark + tail})


def title(text: str) -> str:
    """The title over a paper."""
    return paragraph(text, styles.TITLE, styles.TITLE_FONT)


def paragraph(text: str, style: str = styles.TEXT, font: str = styles.BODY_FONT) -> str:
    """A paragraph of the body."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{page.run(readable(text), font)}</w:p>'


def table(head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]) -> str:
    """A table in small print under ``head``, which stands again on each page; none where it is empty."""
    heads = [head] if head else []
    told = [[readable(text) for text in row] for row in (*heads, *rows)]
    return page.table(told, widths, SMALL, len(heads)) + paragraph("", styles.CELL)


@cache
def _blank() -> tuple[tuple[str, bytes], ...]:
    """The parts of an empty page of ours: made once, for it takes python-docx long."""
    empty = page.blank("")
    page.folio(empty)
    with zipfile.ZipFile(io.BytesIO(page.saved(empty))) as file:
        return tuple((name, file.read(name)) for name in file.namelist())
