"""Filling in: nothing blank, nothing lost, nothing run."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from jinja2 import TemplateError
from jinja2.exceptions import SecurityError

from caseflow.letters.faults import BadTemplate, BadValue, MissingValue
from caseflow.letters.render import SANDBOX, render
from tests.letters.word import MAIN, blank, changed, parts, said, saved, written

ONE = written("登记编号：{{ 登记编号 }}。")


def test_a_variable_that_nobody_filled_is_named() -> None:
    with pytest.raises(MissingValue, match="“登记编号”没有填写") as missing:
        render(ONE, {})
    assert missing.value.name == "登记编号"


@pytest.mark.parametrize("nothing", ["", " \u3000\n", [], ["", " "]])
def test_a_variable_filled_with_nothing_is_no_better(nothing: str | list[str]) -> None:
    with pytest.raises(MissingValue, match="“登记编号”没有填写"):
        render(ONE, {"登记编号": nothing})


def test_what_may_be_lacking_is_asked_for() -> None:
    template = written(
        "甲",
        "{%p if 附件 is defined %}",
        "附件：{{ 附件 }}",
        "{%p endif %}",
        "乙{% if 附件 is not defined %}无{% else %}有{% endif %}",
    )
    assert said(render(template, {})) == "甲\n乙无"
    assert said(render(template, {"附件": "一份"})) == "甲\n附件：一份\n乙有"


@pytest.mark.parametrize(
    "name", ["𠮷野", "㐂", "葛\U000e0100城", "A<B>&\"C\"'D'", "{{ 7*7 }}", "]]>", "&amp;"]
)
def test_names_survive_as_they_are(name: str) -> None:
    assert said(render(ONE, {"登记编号": name})) == f"登记编号：{name}。"


def test_several_lines_are_paragraphs_of_the_same_shape() -> None:
    document = blank()
    shaped = document.add_paragraph("{{ 补正事项 }}", style="文书落款")
    shaped.runs[0].bold = True
    for value in ("一\r\n\r\n二\n三 ", ["一", "二\n三"]):
        made = docx.Document(io.BytesIO(render(saved(document), {"补正事项": value})))
        assert [p.text for p in made.paragraphs] == ["一", "二", "三"]
        assert {(p.style.name if p.style else "", p.runs[0].bold) for p in made.paragraphs} == {
            ("文书落款", True)
        }


def test_what_surrounds_several_lines_stays_at_their_ends() -> None:
    template = written(["前{{ 补正事项 }}中", "后"])
    assert said(render(template, {"补正事项": "一\n二\n三"})) == "前一\n二\n三中后"


def test_lines_keep_one_page_break_and_one_end_of_section() -> None:
    document = blank()
    document.add_paragraph("{{ 补正事项 }}").paragraph_format.page_break_before = True
    document.add_section()
    document.add_paragraph("其二")
    template = changed(
        saved(document),
        lambda xml: (
            xml.replace("<w:pageBreakBefore/></w:pPr>", "<w:pageBreakBefore/>%s</w:pPr>")
            .replace("<w:p><w:pPr><w:sectPr", "\0<w:sectPr", 1)
            .replace("</w:sectPr></w:pPr></w:p>", "</w:sectPr>\0", 1)
        ),
    )
    head, section, tail = parts(template)[MAIN].decode().split("\0")
    template = changed(template, lambda _: head.replace("%s", section) + tail)
    made = docx.Document(io.BytesIO(render(template, {"补正事项": "一\n二\n三"})))
    assert [p.text for p in made.paragraphs] == ["一", "二", "三", "其二"]
    assert [p.paragraph_format.page_break_before for p in made.paragraphs[:3]] == [True, None, None]
    assert [len(p._p.xpath("w:pPr/w:sectPr")) for p in made.paragraphs[:3]] == [0, 0, 1]


def test_lines_in_a_link_and_in_the_head_of_a_page_are_broken_too() -> None:
    document = blank()
    document.add_paragraph("{{ 补正事项 }}")
    document.sections[0].header.paragraphs[0].text = "{{ 补正事项 }}"
    linked = changed(
        saved(document),
        lambda xml: xml.replace("<w:r><w:t>{{", '<w:hyperlink w:anchor="a"><w:r><w:t>{{').replace(
            "</w:r></w:p>", "</w:r></w:hyperlink></w:p>", 1
        ),
    )
    made = docx.Document(io.BytesIO(render(linked, {"补正事项": "一\n二\n三"})))
    assert [p.text for p in made.paragraphs] == ["一\n二\n三"]
    assert [p.text for p in made.sections[0].header.paragraphs] == ["一", "二", "三"]


@pytest.mark.parametrize(
    "sign", ["\a", "\0", "\x0b", "\x1b", "\x85", "\ud800", "\ufffe", "\U0001ffff", "\u202e", "\u2066"]
)
def test_characters_that_no_letter_can_hold_are_refused(sign: str) -> None:
    with pytest.raises(BadValue, match=f"“登记编号”里有.*U\\+{ord(sign):04X}"):
        render(ONE, {"登记编号": f"甲{sign}乙"})


def test_tags_that_word_cut_into_runs_are_one() -> None:
    cut = written(
        ["编号：{", "{ 登", "记编", "号 }", "}。"],
        ["{", "%p if 附件 is def", "ined %}"],
        "有",
        "{%p endif %}",
    )
    assert said(render(cut, {"登记编号": "7"})) == "编号：7。"


def test_word_marks_inside_a_tag_do_no_harm() -> None:
    marked = changed(
        written(["{{ 登记", "编号 }}"]),
        lambda xml: xml.replace(
            "</w:r><w:r>",
            '</w:r><w:proofErr w:type="spellStart"/><w:bookmarkStart w:id="0" w:name="_a"/><w:bookmarkEnd w:id="0"/><w:r w:rsidR="00A1">',
        ),
    )
    assert said(render(marked, {"登记编号": "7"})) == "7"


def test_heads_and_feet_of_pages_are_filled_in() -> None:
    document = blank()
    document.add_paragraph("正文")
    document.sections[0].header.paragraphs[0].text = "{{ 机关名称 }}"
    document.sections[0].footer.paragraphs[0].text = "{{ 登记编号 }}"
    made = docx.Document(
        io.BytesIO(render(saved(document), {"机关名称": "甲&乙局", "登记编号": "7"}))
    ).sections[0]
    assert (made.header.paragraphs[0].text, made.footer.paragraphs[0].text) == ("甲&乙局", "7")


def test_the_properties_of_the_file_tell_nothing_and_run_nothing() -> None:
    document = blank()
    document.add_paragraph("{{ 登记编号 }}")
    document.core_properties.author = "某个管理员"
    document.core_properties.title = "{{ 9**9**9 }}{{ 机关名称 }}"
    facts = docx.Document(io.BytesIO(render(saved(document), {"登记编号": "7"}))).core_properties
    assert (facts.author, facts.title) == ("", "")


def test_a_file_whose_properties_are_not_declared_gets_no_second_ones() -> None:
    template = changed(
        ONE, lambda rels: rels.replace("metadata/core-properties", "metadata/other"), "_rels/.rels"
    )
    with zipfile.ZipFile(io.BytesIO(render(template, {"登记编号": "7"}))) as made:
        assert len(made.namelist()) == len(set(made.namelist()))


def test_a_table_cell_left_empty_still_has_its_paragraph() -> None:
    document = blank()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "{%p if 附件 is defined %}"
    cell.add_paragraph("{{ 附件 }}")
    cell.add_paragraph("{%p endif %}")
    made = docx.Document(io.BytesIO(render(saved(document), {})))
    assert [p.text for p in made.tables[0].cell(0, 0).paragraphs] == [""]


HOSTILE = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ 登记编号.__class__ }}",
    "{{ 登记编号|attr('__class__') }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{% for a in range(10**9) %}x{% endfor %}",
    "{%p for a in range(10**9) %}",
    "{{ 9**9**9 }}",
    "{{ 'a' * 10**10 }}",
    "{{ 登记编号 * 10**10 }}",
    "{{ '%0999999999d' % 1 }}",
    "{{ lipsum(10**8) }}",
    "{% set a = 'a' %}",
    "{% macro a() %}{{ a() }}{% endmacro %}",
    "{% include 'a' %}{% import 'a' as b %}",
    "{% if 9**9**9 %}x{% endif %}",
    "{# 说明 #}",
    "{{ none }}",
    "{{ self }}",
    "{{r 登记编号 }}",
    "{{ 登记编号 -}}",
    "{% colspan 登记编号 %}",
    "{{ 登记编号",
    "登记编号 }}",
    "{% if 附件 is defined %}没有完",
    "{% endif %}",
    "{% else %}",
    "{%p if 附件 is defined %}同一段里还有字",
    "{%p if 附件 is defined %}没有完",
    "{" * 5000,
    "{{" * 5000 + "}}" * 5000,
    "{% if 附件 is defined %}" * 6 + "x" + "{% endif %}" * 6,
    "{{ 登记编号 }}" * 301,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:30])
def test_whatever_is_no_variable_is_refused_before_it_runs(text: str) -> None:
    with pytest.raises(BadTemplate):
        render(written("前", text, "后"), {"登记编号": "7"})


def test_braces_that_come_together_over_two_paragraphs_are_refused() -> None:
    with pytest.raises(BadTemplate):
        render(written("{", "{ 9**9**9 }", "}"), {})


def test_a_condition_may_not_reach_into_a_table() -> None:
    document = blank()
    document.add_paragraph("{%p if 附件 is defined %}")
    document.add_table(1, 1).cell(0, 0).text = "{%p endif %}"
    with pytest.raises(BadTemplate, match="成对"):
        render(saved(document), {})


@pytest.mark.parametrize(
    "place", ["<w:instrText>{}</w:instrText>", "<w:delText>{}</w:delText>", '<w:sym w:char="{}"/>']
)
@pytest.mark.parametrize("text", ["{{ 9**9**9 }}", "{{{{{{"])
def test_tags_where_no_text_is_shown_are_refused(place: str, text: str) -> None:
    hidden = changed(ONE, lambda xml: xml.replace("</w:r>", f"</w:r><w:r>{place.format(text)}</w:r>", 1))
    with pytest.raises(BadTemplate):
        render(hidden, {"登记编号": "7"})


def test_behind_the_language_stands_a_sandbox_that_holds_nothing() -> None:
    for text in ("{{ range(3) }}", "{{ lipsum() }}", "{{ 'a'|upper }}"):
        with pytest.raises((TemplateError, MissingValue)):
            SANDBOX.from_string(text).render()
    with pytest.raises(SecurityError):
        SANDBOX.from_string("{{ ''.__class__.__mro__ }}").render()
