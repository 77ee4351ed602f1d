"""The small language of the templates: a variable, and asking whether one is filled. Nothing else.

    {{ 登记编号 }}
    {% if 代理人 is defined %}…{% endif %}          inside one paragraph
    {%p if 附件 is defined %} … {%p endif %}        each alone in its paragraph, around whole paragraphs

Jinja can do far more: loops without end, sums without measure, ways into Python. A sandbox bars the last only.
So a template is read here first, paragraph by paragraph, and whatever else stands in braces is refused with
its place. What passes has neither loop nor call nor arithmetic: filling it in takes time and room in
proportion to the template and the values, and docxtpl's patterns never meet unclosed braces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from docx.oxml.ns import qn
from lxml import etree

from .package import MAIN, parsed

WORD = qn("w:t").removesuffix("t")  # the namespace

MAX_TAGS = 300
MAX_DEPTH = 5
SHOWN = 40  # characters of a paragraph quoted as its place

NAME = r"[一-鿿]+"
ASKED = rf"(?:not\s+)?{NAME}\s+is\s+(?:not\s+)?defined"
TAG = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}")  # no brace inside a tag: each is found in one step
PRINTED = re.compile(rf"\{{\{{\s*({NAME})\s*\}}\}}")
CONTROL = re.compile(rf"\{{%(p )?\s*(?:(if)\s+({ASKED}(?:\s+(?:and|or)\s+{ASKED})*)|(else)|(endif))\s*%\}}")
OPENS = ("{{", "{%", "{#", "}}", "%}", "#}")
FILLED = re.compile(r"word/(?:document|header\d*|footer\d*)\.xml")  # the parts that docxtpl fills in

BRACES = "花括号没有成对，或者写了不认识的内容。变量写成 {{ 登记编号 }}，判断写成 {% if 代理人 is defined %}…{% endif %}"
ALONE = "{%p … %} 要单独占一段，这一段不能再有别的内容"
UNBALANCED = "if 和 endif 没有成对：{% if … %} 在同一段里结束；{%p if … %} 在同一个表格单元格或者正文里结束"


@dataclass
class Reading:
    """What a template says of variables: printed whatever the case, printed at all, asked for; its faults."""

    always: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    tags: int = 0


@dataclass(frozen=True)
class _If:
    whole: bool  # {%p if %}
    home: object  # the paragraph, or what holds the paragraphs


def read(parts: Mapping[str, bytes]) -> Reading:
    """Read all the parts of a Word file that hold text. The faults name the paragraph by its words."""
    reading = Reading()
    for name in sorted(parts, key=lambda name: (name != MAIN, name)):
        if FILLED.fullmatch(name):
            root = parsed(parts[name])
            if root is None:
                reading.faults.append(f"文档的部件 {name} 读不出来")
            else:
                _read_part(root, reading, name == MAIN)
        elif (
            name.startswith("word/")
            and name.endswith(".xml")
            and any(m.encode() in parts[name] for m in OPENS)
        ):
            reading.faults.append(f"变量只能写在正文、表格、页眉和页脚里，不能写在脚注、批注里（{name}）")
    if reading.tags > MAX_TAGS:
        reading.faults.append(f"模板里的变量和判断太多（{reading.tags} 处），最多 {MAX_TAGS} 处")
    return reading


def _read_part(root: etree._Element, reading: Reading, is_body: bool) -> None:
    said: dict[etree._Element, list[str]] = {}
    for element in root.iter():
        if element.tag == qn("w:t"):
            home = next(element.iterancestors(qn("w:p")), root)
            said.setdefault(home, []).append(element.text or "")
        if _braces_elsewhere(element):
            reading.faults.append(
                "变量写到了修订痕迹、域或者图形属性里：请先接受全部修订，把变量写成普通文字"
            )
            return
    reader = _Reader(reading, is_body)
    for paragraph, texts in said.items():
        reader.paragraph(paragraph, "".join(texts))
    if any(condition.whole for condition in reader.open):
        reading.faults.append(UNBALANCED)


def _braces_elsewhere(element: etree._Element) -> bool:
    """Whether an element holds braces outside plain text, or is written so that docxtpl would pass it over."""
    own = "" if element.tag == qn("w:t") else element.text or ""
    stray = own + (element.tail or "")
    if "{" in stray or "}" in stray or not isinstance(element.tag, str):
        return True
    if element.tag.startswith(WORD) and element.prefix != "w":
        return True
    return any(mark in str(value) for value in element.attrib.values() for mark in OPENS)


class _Reader:
    """Goes through the paragraphs of a part, with the conditions that are open."""

    def __init__(self, reading: Reading, is_body: bool) -> None:
        self.reading = reading
        self.is_body = is_body
        self.open: list[_If] = []

    def paragraph(self, home: etree._Element, text: str) -> None:
        """Read the tags of one paragraph; name what is not of the language."""
        tags = TAG.findall(text)
        self.reading.tags += len(tags)
        rest = TAG.sub("", text)
        if "{" in rest or "}" in rest:
            return self._fault(text, BRACES)
        for tag in tags:
            if fault := self._tag(tag, home, bool(rest.strip()) or len(tags) > 1):
                return self._fault(text, fault)
        if any(not condition.whole for condition in self.open):
            self._fault(text, UNBALANCED)
        return None

    def _fault(self, text: str, fault: str) -> None:
        self.open = [condition for condition in self.open if condition.whole]
        shown = text.strip()
        self.reading.faults.append(f"“{shown[:SHOWN]}{'…' if len(shown) > SHOWN else ''}”：{fault}")

    def _tag(self, tag: str, home: etree._Element, has_company: bool) -> str:
        """Take in one tag; return what is wrong with it, "" if nothing."""
        if printed := PRINTED.fullmatch(tag):
            self.reading.named.add(printed[1])
            if self.is_body and not self.open:
                self.reading.always.add(printed[1])
            return ""
        if not (control := CONTROL.fullmatch(tag)):
            return f"{tag[:SHOWN]} 不是模板能用的写法。{BRACES}"
        whole, opening, asked, otherwise, _ = control.groups()
        if whole and (has_company or len(list(home.iter(qn("w:drawing"), qn("w:pict"), qn("w:sectPr"))))):
            return ALONE
        self.reading.named.update(re.findall(rf"({NAME})\s+is\b", asked or ""))
        condition = _If(bool(whole), home.getparent() if whole else home)
        if opening:
            self.open.append(condition)
            return "if 套得太深" if len(self.open) > MAX_DEPTH else ""
        if not self.open or self.open[-1] != condition:
            return UNBALANCED
        if not otherwise:
            self.open.pop()
        return ""
