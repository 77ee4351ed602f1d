"""Build the shipped templates from their wording: ``python -m caseflow.letters.blueprint`` (``make letters``).

The same wording gives the same bytes: no clock, no chance, members of the zip in order and without times.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from xml.sax.saxutils import escape

import docx
from docx.document import Document
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from docx.shared import Cm, Pt

from ..law.letters import LETTERS, Letter
from . import styles
from .blocks import Slip, Table, When
from .shipped import path
from .wording import WORDING

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day a zip knows
MADE = datetime(2026, 1, 1)
LABEL_WIDTH = 2154  # 3.8 cm
SEAL_LINES = 2
PADDING = "<w:tblCellMar>{}</w:tblCellMar>".format(
    "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", 40), ("left", 108), ("bottom", 40), ("right", 108))
    )
)
# What python-docx's own blank document brings and no letter needs
UNUSED = ("theme", "stylesWithEffects", "webSettings", "fontTable", "customXml", "numbering", "thumbnail")


def build(letter: Letter) -> bytes:
    """The template of a letter as a Word file."""
    document = _blank(letter.title)
    page = _Page(document)
    wording = WORDING[letter.code]
    page.add("{{ 机关名称 }}", styles.TITLE)
    page.add(letter.title, styles.TITLE)
    page.add("{{ 文号 }}", styles.NUMBER)
    if not wording.form:
        page.add("{{ 收件人 }}：", styles.ADDRESSEE)
    last = max(n for n, block in enumerate(wording.body) if not isinstance(block, When))
    for n, block in enumerate(wording.body):
        page.keep = n >= last and not wording.form  # the signature never stands alone on a page
        page.block(block)
    page.keep = False
    if not wording.form:
        page.signature()
    for block in wording.after:
        page.block(block)
    _folio(document)
    saved = io.BytesIO()
    document.save(saved)
    return _fixed(saved.getvalue())


class _Page:
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
            paragraph._p.append(_run(text, font))

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
        self.add("{{ 成文日期 }}", styles.SIGN)

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
        widths = (LABEL_WIDTH, styles.TEXT_WIDTH - LABEL_WIDTH)
        sides = ("top", "left", "bottom", "right", "insideH", "insideV")
        lines = "".join(f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="auto"/>' for side in sides)
        rows = "".join(
            "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
            + "".join(_cell(text, width) for text, width in zip(row, widths, strict=True))
            + "</w:tr>"
            for row in table.rows
        )
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        made = (
            f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
            f'<w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/>{PADDING}</w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
        )
        if self.document.paragraphs[-1].text.strip():
            self.document.paragraphs[-1].paragraph_format.space_after = Pt(10)
        self.document.element.body.insert_element_before(parse_xml(made), "w:sectPr")


def _cell(text: str, width: int) -> str:
    words = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{styles.CELL}"/></w:pPr>{_run_xml(line, styles.BODY_FONT)}</w:p>'
        for line in text.split("\n")
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{words}</w:tc>'
    )


def _run_xml(text: str, font: str, declare: str = "") -> str:
    if not text:
        return ""
    said = f'<w:t xml:space="preserve">{escape(text)}</w:t>'
    return f"<w:r{declare}><w:rPr>{styles.fonts(font)}</w:rPr>{said}</w:r>"


def _run(text: str, font: str) -> object:
    return parse_xml(_run_xml(text, font, f" {nsdecls('w')}"))


def _blank(title: str) -> Document:
    """An empty A4 page in our styles, without what python-docx's own brings."""
    document = docx.Document()
    for rels in (document.part.rels, document.part.package.rels):
        for key in [key for key, rel in rels.items() if rel.reltype.rpartition("/")[2] in UNUSED]:
            del rels[key]
    for element, said in (
        (document.styles.element, styles.STYLES),
        (document.settings.element, styles.SETTINGS),
    ):
        for child in list(element):
            element.remove(child)
        element.extend(list(parse_xml(said)))
    section = document.sections[0]
    section.page_width, section.page_height = (Cm(side) for side in styles.PAGE_CM)
    for side, width in styles.MARGINS_CM.items():
        setattr(section, f"{side}_margin", Cm(width))
    section.header_distance, section.footer_distance = Cm(1.5), Cm(2.5)
    facts = document.core_properties
    facts.title, facts.author, facts.last_modified_by, facts.comments, facts.keywords = title, "", "", "", ""
    facts.created = facts.modified = MADE
    return document


def _folio(document: Document) -> None:
    """Page numbers from the second page on."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    paragraph = section.footer.paragraphs[0]
    paragraph.style = document.styles[styles.FOLIO]
    for piece in ("— ", None, " —"):
        run = _run(piece or "1", "宋体")
        if piece is None:
            field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "/>')
            field.append(run)
            run = field
        paragraph._p.append(run)


def _fixed(saved: bytes) -> bytes:
    """The same package with its members in order and without the time of saving."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved)) as source, zipfile.ZipFile(made, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            member = zipfile.ZipInfo(name, EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            target.writestr(member, source.read(name))
    return made.getvalue()


def main() -> None:
    """Write every template to its place."""
    for letter in LETTERS:
        path(letter.code).parent.mkdir(parents=True, exist_ok=True)
        path(letter.code).write_bytes(build(letter))


if __name__ == "__main__":
    main()
