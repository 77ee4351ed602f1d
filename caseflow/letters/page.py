"""A page of ours as a Word file: empty in our styles, tables on it, and always the same bytes.

No clock, no chance: members of the zip in order and without times.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from xml.sax.saxutils import escape

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from docx.shared import Cm

from . import styles

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day a zip knows
MADE = datetime(2026, 1, 1)
PADDING = "<w:tblCellMar>{}</w:tblCellMar>".format(
    "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", 40), ("left", 108), ("bottom", 40), ("right", 108))
    )
)
ALIEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what no xml can hold
SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
# What python-docx's own blank document brings and no letter needs
UNUSED = ("theme", "stylesWithEffects", "webSettings", "fontTable", "customXml", "numbering", "thumbnail")


def blank(title: str) -> Document:
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


def folio(document: Document) -> None:
    """Page numbers from the second page on."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    paragraph = section.footer.paragraphs[0]
    paragraph.style = document.styles[styles.FOLIO]
    for piece in ("— ", None, " —"):
        made = parse_xml(run(piece or "1", "宋体", declare=f" {nsdecls('w')}"))
        if piece is None:
            field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "/>')
            field.append(made)
            made = field
        paragraph._p.append(made)


def header(document: Document, text: str) -> None:
    """Small words over the first page, flush right."""
    paragraph = document.sections[0].first_page_header.paragraphs[0]
    paragraph.style = document.styles[styles.FOLIO]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph._p.append(parse_xml(run(readable(text), "宋体", 18, f" {nsdecls('w')}")))


def saved(document: Document) -> bytes:
    """The file: its members in order and without the time of saving."""
    raw = io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as source:
        return packed({name: source.read(name) for name in source.namelist()})


def packed(parts: dict[str, bytes]) -> bytes:
    """A Word file of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", name)):
            member = zipfile.ZipInfo(name, EPOCH)
            member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, 3  # on any system the same
            member.external_attr = 0o644 << 16
            target.writestr(member, parts[name])
    return made.getvalue()


def run(text: str, font: str, size: int | None = None, declare: str = "") -> str:
    """Words in a font; ``size`` in half points where it isn't the style's."""
    if not text:
        return ""
    sized = f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>' if size else ""
    said = f'<w:t xml:space="preserve">{escape(text)}</w:t>'
    return f"<w:r{declare}><w:rPr>{styles.fonts(font)}{sized}</w:rPr>{said}</w:r>"


def readable(text: str) -> str:
    """The text without characters that no Word file can hold; lines end one way."""
    return ALIEN.sub("�", text.replace("\r\n", "\n").replace("\r", "\n"))


def table(
    rows: Iterable[Sequence[str]], widths: Sequence[int], size: int | None = None, heads: int = 0
) -> str:
    """A table with all its lines; ``widths`` in twips. The first ``heads`` rows stand again on each page."""
    lines = "".join(f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="auto"/>' for side in SIDES)
    told = "".join(
        f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if n < heads else ''}</w:trPr>"
        + "".join(_cell(text, width, size) for text, width in zip(row, widths, strict=True))
        + "</w:tr>"
        for n, row in enumerate(rows)
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/>{PADDING}</w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{told}</w:tbl>"
    )


def _cell(text: str, width: int, size: int | None) -> str:
    words = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{styles.CELL}"/></w:pPr>{run(line, styles.BODY_FONT, size)}</w:p>'
        for line in text.split("\n")
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{words}</w:tc>'
    )
