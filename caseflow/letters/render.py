"""Fill in a letter: a Word template and values in, a Word file out; a blank, a guess or a surprise never.

Three lines of defence against a hostile template: its language has neither loops nor calls (``language``), what
passes is run in Jinja's sandbox without any function, filter or global, and the outcome has a largest size.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from lxml import etree

from .faults import BadTemplate, BadValue, MissingValue
from .language import read
from .lines import BREAK, expand
from .package import open_parts, parsed

MAX_RENDERED = 8 << 20  # characters of the body's xml
# Of the file: they would tell the applicant who edited the template
PROPERTIES = ("title", "subject", "author", "last_modified_by", "comments", "keywords", "category")
# They turn the direction of the text around: what is read is not what is written
TURNING = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


class _Named(StrictUndefined):
    """An unfilled variable: asked whether it is there, it says no; used, it says its name."""

    def __init__(
        self, hint: str | None = None, obj: Any = missing, name: str | None = None, exc: Any = UndefinedError
    ) -> None:
        def named(said: str) -> Exception:
            return MissingValue(name or said)

        super().__init__(hint, obj, name, named if exc is UndefinedError else exc)  # type: ignore[arg-type]


def _sandbox() -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(undefined=_Named, autoescape=True)
    made.globals.clear()
    made.filters.clear()
    made.tests = {"defined": made.tests["defined"]}
    return made


SANDBOX = _sandbox()


class _Letter(DocxTemplate):
    """A docxtpl template that mends nothing silently and leaves the properties of the file alone."""

    def render_properties(self, context: dict[str, Any], jinja_env: Any = None) -> None:
        """Properties and footnotes hold no variables: ``language`` refuses them."""

    def render_footnotes(self, context: dict[str, Any], jinja_env: Any = None) -> None:
        """See ``render_properties``."""

    def resolve_listing(self, xml: str) -> str:
        """Lines become paragraphs in ``expand``."""
        return xml

    def map_headers_footers_xml(self, relKey: str, xml: bytes) -> None:
        """Put a filled-in head or foot of the page back."""
        root = parsed(xml)
        if root is None:
            raise BadTemplate("页眉、页脚填写以后不成文档")
        expand(root)
        super().map_headers_footers_xml(relKey, etree.tostring(root))

    def fix_tables(self, xml: str) -> etree._Element:
        """Take the filled-in body only if it is whole: lxml would mend it by leaving text out."""
        if len(xml) > MAX_RENDERED:
            raise BadTemplate("文书太长，不能生成：模板里同一个变量写了太多遍")
        root = parsed(xml.encode())
        if root is None:
            raise BadTemplate("模板的判断语句（if）跨在表格内外，填写以后不成文档")
        expand(root)
        for cell in root.iter(qn("w:tc")):  # Word wants a paragraph at the end of each
            if len(cell) == 0 or cell[-1].tag != qn("w:p"):
                etree.SubElement(cell, qn("w:p"))
        return root


def render(template: bytes, values: Mapping[str, str | Sequence[str]]) -> bytes:
    """The letter: ``template`` filled in with ``values``; what may be lacking is absent from them.

    A list and a text of several lines become paragraphs. Raises MissingValue for a variable that the template
    prints and nobody filled, or that is filled with nothing; BadValue for characters that no letter can hold;
    BadTemplate for anything in the template beyond variables and questions whether they are there.
    """
    filled = {name: _filled(name, value) for name, value in values.items()}
    parts, faults = open_parts(template)
    if faults := faults or read(parts).faults:
        raise BadTemplate(faults[0])
    letter = _Letter(io.BytesIO(template))
    try:
        letter.render(filled, SANDBOX, autoescape=True)
    except TemplateError as error:  # a syntax that the language let through; the sandbox's own refusal
        raise BadTemplate(f"模板不能用：{error.message}") from error
    if any(
        rel.reltype == RELATIONSHIP_TYPE.CORE_PROPERTIES for rel in letter.docx.part.package.rels.values()
    ):
        for prop in PROPERTIES:
            setattr(letter.docx.core_properties, prop, "")
    made = io.BytesIO()
    letter.save(made)
    return made.getvalue()


def _filled(name: str, value: str | Sequence[str]) -> str:
    text = value if isinstance(value, str) else "\n".join(value)
    for character in set(text) - {"\t", "\n", "\r"}:
        if unicodedata.category(character) in {"Cc", "Cs"} or character in TURNING:
            raise BadValue(name, f"有不能打印的控制字符（U+{ord(character):04X}）")
        if ord(character) & 0xFFFE == 0xFFFE:
            raise BadValue(name, f"有不是字符的编码（U+{ord(character):04X}）")
    lines = [line.strip().replace("\t", " ") for line in text.splitlines()]
    if not any(lines):
        raise MissingValue(name)
    return BREAK.join(filter(None, lines))
