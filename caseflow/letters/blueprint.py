"""Build the shipped templates from their wording: ``python -m caseflow.letters.blueprint`` (``make letters``).

The same wording gives the same bytes (``page``).
"""

from __future__ import annotations

from collections.abc import Callable

from docx.document import Document
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from docx.shared import Pt

from ..law.letters import LETTERS, Letter
from . import page, styles
from .blocks import Slip, Table, When
from .shipped import path
from .wording import WORDING

LABEL_WIDTH = 2154  # 3.8 cm
SEAL_LINES = 2


def build(letter: Letter) -> bytes:
    """The template of a letter as a Word file."""
    document = page.blank(letter.title)
    sheet = _Sheet(document)
    wording = WORDING[letter.code]
    sheet.add("{{ 机关名称 }}", styles.TITLE)
    sheet.add(letter.title, styles.TITLE)
    sheet.add("{{ 文号 }}", styles.NUMBER)
    if not wording.form:
        sheet.add("{{ 收件人 }}：", styles.ADDRESSEE)
    last = max(n for n, block in enumerate(wording.body) if not isinstance(block, When))
    for n, block in enumerate(wording.body):
        sheet.keep = n >= last and not wording.form  # the signature never stands alone on a page
        sheet.block(block)
    sheet.keep = False
    if not wording.form:
        sheet.signature()
    for block in wording.after:
        sheet.block(block)
    page.folio(document)
    return page.saved(document)


class _Sheet:
    """Adds paragraphs and tables to the end of a document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.keep = False  # paragraphs stay on the page of what follows them

    def add(self, text: str, style: str = styles.TEXT, **shape: bool) -> None:
        """A paragraph; ``page_break_before`` and the like shape it."""
        paragraph = self.document.add_paragraph(style=style)
        if self.keep:
            paragraph.paragraph_format.keep_with_next = True
        for name, value in shape.items():
            setattr(paragraph.paragraph_format, name, value)
        if text:
            font = styles.TITLE_FONT if style == styles.TITLE else styles.BODY_FONT
            paragraph._p.append(parse_xml(page.run(text, font, declare=f" {nsdecls('w')}")))

    def block(self, block: str | When | Table | Slip) -> None:
        """One block of the wording."""
        makers: dict[type, Callable[..., None]] = {
            str: self.add, When: self._when, Table: self._table, Slip: self._slip,
        }  # fmt: skip
        makers[type(block)](block)

    def signature(self) -> None:
        """Office and date on the right, with room for the seal."""
        for _ in range(SEAL_LINES):
            self.add("", keep_with_next=True)
        self.add("{{ 机关名称 }}", styles.SIGN, keep_with_next=True)
        self.add("{{ 成文日期 }}", styles.SIGN, keep_with_next=True)  # of what may follow, the contact

    def _when(self, block: When) -> None:
        self.add(f"{{%p if {block.name} is defined %}}")
        self.add(block.text)
        self.add("{%p endif %}")

    def _slip(self, slip: Slip) -> None:
        self.add(slip.title, styles.TITLE, page_break_before=True)
        self.add("")
        self.add(slip.to, styles.ADDRESSEE)
        self.add(slip.lead)
        self._table(slip.table)

    def _table(self, table: Table) -> None:
        made = page.table(table.rows, (LABEL_WIDTH, styles.TEXT_WIDTH - LABEL_WIDTH))
        if self.document.paragraphs[-1].text.strip():
            self.document.paragraphs[-1].paragraph_format.space_after = Pt(10)
        self.document.element.body.insert_element_before(parse_xml(made), "w:sectPr")


def main() -> None:
    """Write every template to its place."""
    for letter in LETTERS:
        path(letter.code).parent.mkdir(parents=True, exist_ok=True)
        path(letter.code).write_bytes(build(letter))


if __name__ == "__main__":
    main()
