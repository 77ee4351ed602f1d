"""The page shows what the letter really says."""

from __future__ import annotations

from caseflow.law.letters import BY_CODE
from caseflow.letters.preview import Block, blocks, text
from caseflow.letters.render import render
from caseflow.letters.shipped import shipped
from tests.letters.word import CASE, blank, replaced, saved, written


def shown(code: str) -> list[Block]:
    letter = BY_CODE[code]
    return blocks(render(shipped(code), {name: CASE[name] for name in letter.may_use}))


def test_a_reply_is_shown_from_its_title_to_its_signature() -> None:
    found = shown("reply_granted")
    assert [block.kind for block in found[:4]] == ["title", "title", "number", "addressee"]
    assert found[3].text == "𠮷野<花>&子："
    assert [block.text for block in found if block.kind == "sign"] == ["某某县水利局", "2026年3月20日"]
    assert Block("text", "救济的一段话") in found
    assert not any(block.text == "1" for block in found), "a page number is nothing to read"


def test_tables_are_shown_by_rows() -> None:
    (table,) = [block for block in shown("service") if block.kind == "table"]
    assert ("送达文书", "告知书一份\n附件一份") in table.rows
    assert all(len(row) == 2 for row in table.rows)


def test_what_stands_in_the_heads_of_pages_and_content_controls_is_shown() -> None:
    document = blank()
    document.add_paragraph("正文")
    document.sections[0].header.paragraphs[0].text = "页眉的话"
    document.sections[0].footer.paragraphs[0].text = "页脚的话"
    wrapped = replaced(
        saved(document),
        "<w:p><w:r><w:t>正文</w:t></w:r></w:p>",
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>正文</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    )
    assert [block.text for block in blocks(wrapped)] == ["页眉的话", "正文", "页脚的话"]


def test_what_is_struck_out_is_not_shown() -> None:
    template = replaced(
        written("留下", "删去"),
        "<w:r><w:t>删去</w:t></w:r>",
        '<w:del w:id="1" w:author="a"><w:r><w:delText>删去</w:delText></w:r></w:del>',
    )
    assert text(template) == "留下"


UNSEEN = (
    "<w:vanish/>", '<w:vanish w:val="true"/>', "<w:webHidden/>", '<w:color w:val="FFFFFF"/>', '<w:sz w:val="7"/>',
    '<w:rStyle w:val="unseen"/>',
)  # fmt: skip
SEEN = (
    '<w:vanish w:val="0"/>', '<w:color w:val="FF0000"/>', '<w:sz w:val="8"/>', '<w:sz w:val="half"/>',
    '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="C00000"/>',
    '<w:rStyle w:val="unseen"/><w:vanish w:val="0"/>', '<w:rStyle w:val="gone"/>',
)  # fmt: skip


def test_what_nobody_sees_on_paper_is_not_shown() -> None:
    """By itself or by a style, of the run or of the paragraph, also one that another rests on."""
    styles = (
        '<w:style w:type="character" w:styleId="base"><w:basedOn w:val="unseen"/><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="unseen"><w:basedOn w:val="base"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="unread"><w:basedOn w:val="base"/></w:style></w:styles>'
    )
    looks = "".join(
        f"<w:r><w:rPr>{look}</w:rPr><w:t>{word}{n}，</w:t></w:r>"
        for word, found in (("见", SEEN), ("藏", UNSEEN))
        for n, look in enumerate(found)
    )
    tables = (
        "<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p><w:r><w:t>藏行</w:t></w:r></w:p></w:tc></w:tr>"
        "<w:tr><w:tc><w:p><w:r><w:t>见行</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    styled = '<w:p><w:pPr><w:pStyle w:val="unread"/></w:pPr><w:r><w:t>藏段</w:t></w:r></w:p>'
    letter = replaced(
        written("换"), "<w:p><w:r><w:t>换</w:t></w:r></w:p>", f"<w:p>{looks}</w:p>{styled}{tables}"
    )
    letter = replaced(letter, "</w:styles>", styles, "word/styles.xml")
    assert text(letter) == "".join(f"见{n}，" for n in range(len(SEEN))) + "\n见行"


def test_a_foreign_template_is_shown_as_text() -> None:
    assert blocks(written("甲\t乙", "")) == [Block("text", "甲\t乙")]
