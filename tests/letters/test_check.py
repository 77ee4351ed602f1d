"""An administrator's template is taken if it can be used, and refused with the reason if not."""

from __future__ import annotations

import io
import struct
import zipfile

import docx
import pytest

from caseflow.law.letters import BY_CODE, LETTERS, Letter
from caseflow.letters.check import faults
from caseflow.letters.render import render
from caseflow.letters.sample import sample
from caseflow.letters.shipped import shipped
from tests.letters.word import MAIN, changed, packed, parts, replaced, said, saved, written

EXTENSION = BY_CODE["extension"]
GOOD = shipped("extension")


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.code)
def test_every_shipped_template_passes(letter: Letter) -> None:
    assert faults(letter, shipped(letter.code)) == []


def told(template: bytes) -> str:
    found = faults(EXTENSION, template)
    assert found, "it was taken"
    return "\n".join(found)


def test_a_template_edited_in_word_is_taken() -> None:
    """Other words, runs cut anywhere, marks between them, a picture's place, a table, heads of pages."""
    document = docx.Document(io.BytesIO(GOOD))
    for paragraph in document.paragraphs:
        for run in list(paragraph.runs):
            text, run.text = run.text, ""
            for piece in (text[:3], text[3:7], text[7:]):
                paragraph.add_run(piece).font.name = "仿宋"
    document.paragraphs[-1].insert_paragraph_before("本机关政府信息公开办公室另行通知。")
    document.sections[0].first_page_header.paragraphs[0].text = "{{ 机关名称 }}文书"
    document.add_table(1, 1).cell(0, 0).text = "编号 {{ 登记编号 }}"
    edited = replaced(saved(document), "<w:r>", '<w:proofErr w:type="gramStart"/><w:r w:rsidR="00B77A1C">')
    assert faults(EXTENSION, edited) == []
    words = said(render(edited, sample(EXTENSION)))
    assert "另行通知" in words
    assert "编号 YXGK-2026-0107" in words


def test_an_unknown_variable_is_named_with_those_that_there_are() -> None:
    found = told(replaced(GOOD, "{{ 延期理由 }}", "{{ 延期原因 }}"))
    assert "没有“延期原因”这个变量" in found
    assert "延期理由、" in found
    assert "缺少“延期理由”" in found


@pytest.mark.parametrize("name", ["文号", "收件人", "申请内容", "到期日", "成文日期"])
def test_a_required_variable_that_is_left_out_is_named(name: str) -> None:
    assert f"缺少“{name}”：请在正文里写上 {{{{ {name} }}}}" in told(
        replaced(GOOD, f"{{{{ {name} }}}}", "某某")
    )


def test_remedies_can_not_be_left_out_of_a_decision() -> None:
    template = replaced(shipped("reply_not_exist"), "{{ 救济途径 }}", "不服的可以来电。")
    assert any("缺少“救济途径”" in fault for fault in faults(BY_CODE["reply_not_exist"], template))


def test_a_required_variable_that_stands_only_under_a_condition_is_missing() -> None:
    template = replaced(GOOD, "{{ 到期日 }}", "{% if 代理人 is defined %}{{ 到期日 }}{% endif %}")
    assert "“到期日”只写在了判断（if）" in told(template)


def test_a_required_variable_that_is_struck_out_is_not_seen() -> None:
    def strike(xml: str) -> str:
        start = xml.rindex("<w:r>", 0, xml.index("{{ 到期日 }}"))
        end = xml.index("</w:r>", start) + len("</w:r>")
        return f'{xml[:start]}<w:del w:id="1" w:author="a">{xml[start:end]}</w:del>{xml[end:]}'

    assert "看不到“到期日”" in told(changed(GOOD, strike))


@pytest.mark.parametrize("look", ["<w:vanish/>", '<w:color w:val="FFFFFF"/>', '<w:sz w:val="2"/>'])
def test_remedies_that_nobody_sees_are_missing(look: str) -> None:
    def hide(xml: str) -> str:
        start = xml.rindex("<w:r>", 0, xml.index("{{ 救济途径 }}")) + len("<w:r>")
        return f"{xml[:start]}<w:rPr>{look}</w:rPr>{xml[start:]}"

    reply = BY_CODE["reply_not_exist"]
    (fault,) = faults(reply, changed(shipped("reply_not_exist"), hide))
    assert "看不到“救济途径”" in fault


def test_a_template_that_needs_what_may_be_lacking_is_tried_without_it() -> None:
    """A case without an agent: the letter couldn't be issued."""
    document = docx.Document(io.BytesIO(GOOD))
    document.add_paragraph("代理人：{{ 代理人 }}")
    assert "用样例试填没有成功" in told(saved(document))
    document.paragraphs[-1].text = "{% if 代理人 is defined %}代理人：{{ 代理人 }}{% endif %}"
    assert faults(EXTENSION, saved(document)) == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{% for x in range(10**9) %}x{% endfor %}",
        "{{ 到期日",
        "{{ 到期日|upper }}",
    ],
)
def test_what_is_no_variable_is_refused_with_its_place(text: str) -> None:
    document = docx.Document(io.BytesIO(GOOD))
    document.add_paragraph(f"此处：{text}")
    assert f"“此处：{text[:10]}" in told(saved(document))


def test_a_template_without_any_variable_is_told_all_it_lacks() -> None:
    found = faults(EXTENSION, written("只有字"))
    assert len([fault for fault in found if fault.startswith("缺少")]) == len(EXTENSION.bears)


# --- the package -------------------------------------------------------------------------------------------

NOT_WORD = "不是 Word 文档"


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ\x90\0" + b"\0" * 500, b"%PDF-1.7", b"\xd0\xcf\x11\xe0" * 200, b"PK\x03\x04" + b"\0" * 99, GOOD[:-30], packed({"a.txt": b"a"})],
    ids=["empty", "executable", "pdf", "old doc", "broken zip", "cut off", "a zip of something"],
)  # fmt: skip
def test_what_is_no_word_file_is_refused(content: bytes) -> None:
    assert NOT_WORD in told(content)


def test_a_damaged_member_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        start = archive.getinfo(MAIN).header_offset + 30 + len(MAIN)
    assert NOT_WORD in told(GOOD[:start] + b"\xff" * 40 + GOOD[start + 40 :])


def test_a_file_beyond_the_size_is_refused() -> None:
    assert "超过 1024 KB" in told(GOOD + b"\0" * (1 << 20))


def test_a_zip_bomb_is_refused_without_unpacking_it() -> None:
    assert "解压后" in told(packed(parts(GOOD) | {"word/media/a.png": b"\0" * (9 << 20)}))
    assert "解压后" in told(packed(parts(GOOD) | {"word/styles.xml": b"<a>" + b" " * (3 << 20) + b"</a>"}))


def test_a_document_of_a_hundred_pages_is_no_template() -> None:
    long = changed(GOOD, lambda xml: xml.replace("<w:sectPr", f"{'<w:p/>' * 30_000}<w:sectPr", 1))
    assert "文档太长" in told(long)


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    """The directory says 10 bytes, the content unpacks to a million."""
    bomb = bytearray(packed(parts(GOOD) | {"word/media/a.png": b"\0" * 1_000_000}))
    for place in range(len(bomb) - 4):
        if bomb[place : place + 4] == struct.pack("<I", 1_000_000):
            bomb[place : place + 4] = struct.pack("<I", 10)
    assert NOT_WORD in told(bytes(bomb))


def test_too_many_members_are_refused() -> None:
    assert "部件太多" in told(packed(parts(GOOD) | {f"word/a{n}.xml": b"<a/>" for n in range(100)}))


@pytest.mark.parametrize("name", ["../../etc/a.xml", "/etc/a.xml", "word\\..\\a.xml"])
def test_paths_that_lead_elsewhere_are_refused(name: str) -> None:
    assert "指向别处的路径" in told(packed(parts(GOOD) | {name: b"<a/>"}))


def test_a_locked_document_is_refused() -> None:
    locked = bytearray(GOOD)
    place = locked.index(b"PK\x01\x02")
    locked[place + 8] |= 1
    assert "密码" in told(bytes(locked))


@pytest.mark.parametrize(
    "name", ["word/vbaProject.bin", "word/embeddings/oleObject1.bin", "word/activeX/activeX1.bin"]
)
def test_macros_and_embedded_objects_are_refused(name: str) -> None:
    assert "宏或者嵌入的对象" in told(packed(parts(GOOD) | {name: b"a"}))


@pytest.mark.parametrize(
    "name", ["word/media/a.exe", "word/afchunk.htm", "word/fonts/a.odttf", "word/embeddings/a.xlsx"]
)
def test_parts_that_no_template_needs_are_refused(name: str) -> None:
    assert f"用不着的部件（{name}）" in told(packed(parts(GOOD) | {name: b"a"}))


def test_a_document_with_macros_or_a_word_template_is_refused_by_its_type() -> None:
    types = "[Content_Types].xml"
    for kind in ("template.main+xml", "macroEnabled.main+xml"):
        assert "不是普通的 Word 文档" in told(replaced(GOOD, "document.main+xml", kind, types))


RELS = "word/_rels/document.xml.rels"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


@pytest.mark.parametrize("kind", ["hyperlink", "attachedTemplate", "image", "oleObject"])
def test_whatever_would_be_fetched_from_elsewhere_is_refused(kind: str) -> None:
    link = f'<Relationship Id="rId99" Type="{KIND}{kind}" Target="file://host/share/a.dotm" TargetMode="External"/>'
    assert "指向外面的链接（file://host/share/a.dotm）" in told(
        replaced(GOOD, "</Relationships>", f"{link}</Relationships>", RELS)
    )


@pytest.mark.parametrize("kind", ["oleObject", "aFChunk", "subDocument", "control", "package"])
def test_documents_within_the_document_are_refused(kind: str) -> None:
    link = f'<Relationship Id="rId99" Type="{KIND}{kind}" Target="a.xml"/>'
    template = packed(
        parts(replaced(GOOD, "</Relationships>", f"{link}</Relationships>", RELS)) | {"word/a.xml": b"<a/>"}
    )
    assert "嵌入的对象、控件" in told(template)


@pytest.mark.parametrize(
    "field",
    [
        '<w:fldSimple w:instr=" INCLUDETEXT \\\\host\\a "/>',
        '<w:r><w:instrText>DDE</w:instrText></w:r><w:r><w:instrText>AUTO c:\\a "b"</w:instrText></w:r>',
        '<w:fldSimple w:instr=" DATE \\@ yyyy "/>',
    ],
)
def test_fields_that_change_or_fetch_are_refused(field: str) -> None:
    assert "文档里有域" in told(changed(GOOD, lambda xml: xml.replace("</w:p>", f"{field}</w:p>", 1)))


@pytest.mark.parametrize("part", [MAIN, "word/styles.xml", "word/footer1.xml"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_every_part_and_coding(part: str, coding: str) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    body = parts(GOOD)[part].decode().split("?>", 1)[1]
    content = f'<?xml version="1.0" encoding="{coding}"?>{bomb}{body}'.encode(coding)
    assert f"部件 {part} 读不出来" in told(packed(parts(GOOD) | {part: content}))


@pytest.mark.parametrize("part", sorted(parts(GOOD)))
def test_a_package_with_a_part_missing_or_emptied_is_refused_or_usable(part: str) -> None:
    """Never an error of ours: either it is said what is wrong, or the letter can be made."""
    members = parts(GOOD)
    without = {name: content for name, content in members.items() if name != part}
    for content in (packed(without), packed(members | {part: b"<a/>"})):
        if not faults(EXTENSION, content):
            assert "云溪市住房和城乡建设局" in said(render(content, sample(EXTENSION)))


def test_all_in_braces_outside_the_text_is_refused() -> None:
    notes = replaced(GOOD, "<w:styles ", '<w:styles a="{{ 9**9**9 }}" ', "word/styles.xml")
    assert "变量只能写在正文" in told(notes)
    assert "文档的部件" in told(replaced(GOOD, "<w:body>", "<w:body><", MAIN))


def test_what_is_wrong_is_said_in_chinese_and_not_without_end() -> None:
    template = written(*(f"{{{{ 变量{'甲' * n} }}}}" for n in range(1, 60)))
    found = faults(EXTENSION, template)
    assert len(found) == 20
    assert all(any("一" <= c <= "鿿" for c in fault) for fault in found)
