"""The shipped templates are those that the code builds, and look as 公文 do."""

from __future__ import annotations

import io

import docx
import pytest
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt

from caseflow.law.letters import LETTERS, Letter
from caseflow.letters import blueprint, shipped
from tests.letters.word import parts

each_letter = pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.code)


@each_letter
def test_the_shipped_template_is_the_one_built_from_the_wording(letter: Letter) -> None:
    kept = shipped.shipped(letter.code)
    assert parts(blueprint.build(letter)) == parts(kept), "run: make letters"
    assert len(kept) < 20_000


def test_nothing_else_lies_among_the_shipped_templates() -> None:
    folder = shipped.path("receipt").parent
    assert {file.name for file in folder.iterdir()} == {f"{letter.code}.docx" for letter in LETTERS}


def test_the_same_wording_gives_the_same_bytes() -> None:
    assert blueprint.build(LETTERS[0]) == blueprint.build(LETTERS[0])


@each_letter
def test_page_fonts_and_lines_are_those_of_official_documents(letter: Letter) -> None:
    document = docx.Document(io.BytesIO(shipped.shipped(letter.code)))
    page = document.sections[0]
    sides = (page.page_width, page.page_height)
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    measured = [round(side.cm, 1) if side else None for side in (*sides, *margins)]
    assert measured == [21.0, 29.7, 3.7, 3.5, 2.8, 2.6]

    normal = document.styles["Normal"]
    assert normal.font.size == Pt(16)
    assert normal.paragraph_format.line_spacing == Pt(28)
    assert normal.paragraph_format.line_spacing_rule == WD_LINE_SPACING.EXACTLY
    assert fonts(normal.element) == ("仿宋_GB2312", "Times New Roman", "eastAsia")
    text = document.styles["文书正文"]
    assert text.paragraph_format.first_line_indent == Pt(32)
    title = document.styles["文书标题"]
    assert title.font.size == Pt(22)
    assert fonts(title.element)[0] == "方正小标宋简体"

    runs = list(document.element.body.iter(qn("w:r")))
    assert runs
    assert {fonts(run) for run in runs} == {
        ("仿宋_GB2312", "Times New Roman", "eastAsia"), ("方正小标宋简体", "Times New Roman", "eastAsia"),
    }  # fmt: skip


def fonts(holder: BaseOxmlElement) -> tuple[str, str, str]:
    """Chinese font, Latin font and hint of a run or style."""
    named = holder.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
    east, latin, hint = (str(named.get(qn(f"w:{key}"))) for key in ("eastAsia", "ascii", "hint"))
    return east, latin, hint


def test_a_shipped_template_tells_nothing_of_a_machine_or_a_person() -> None:
    facts = docx.Document(io.BytesIO(shipped.shipped("receipt"))).core_properties
    assert (facts.author, facts.last_modified_by, facts.comments) == ("", "", "")


def test_no_letter_of_no_table() -> None:
    with pytest.raises(KeyError):
        shipped.shipped("../secrets")
