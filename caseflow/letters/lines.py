"""Texts of several lines in a filled-in letter: each line becomes a paragraph of the same shape.

docxtpl would do this by patterns over the raw xml, whose time grows with the square of an odd template's size.
"""

from __future__ import annotations

from copy import deepcopy

from docx.oxml.ns import qn
from lxml import etree

BREAK = "\u2029"  # the paragraph separator of Unicode: no value holds it, and xml may

P, P_SHAPE, R, R_SHAPE, T = (qn(f"w:{name}") for name in ("p", "pPr", "r", "rPr", "t"))
# They stand once, however many paragraphs are made of the one that has them
ONCE = (qn("w:pageBreakBefore"), qn("w:sectPr"))


def expand(root: etree._Element) -> None:
    """Break every text at its separators, in place."""
    for text in [text for text in root.iter(T) if BREAK in (text.text or "")]:
        run = text.getparent()
        if run.getparent().tag == P:
            _into_paragraphs(text, run)
        else:  # in a link, a content control, a tracked insertion: breaks of the line
            first, *more = text.text.split(BREAK)
            text.text = first
            for line in reversed(more):
                text.addnext(_text(line))
                text.addnext(etree.Element(qn("w:br")))


def _into_paragraphs(text: etree._Element, run: etree._Element) -> None:
    home = run.getparent()
    rest_of_run, rest = list(text.itersiblings()), list(run.itersiblings())
    first, *more = text.text.split(BREAK)
    text.text = first
    last, last_run = home, run
    for line in more:
        made = etree.Element(P)
        _copy(home, P_SHAPE, made)
        last_run = etree.SubElement(made, R)
        _copy(run, R_SHAPE, last_run)
        last_run.append(_text(line))
        last.addnext(made)
        last = made
    last_run.extend(rest_of_run)
    last.extend(rest)
    for section in home.findall(f"{P_SHAPE}/{qn('w:sectPr')}"):  # it ends with the last of them
        last.find(P_SHAPE).append(section)


def _copy(source: etree._Element, name: str, target: etree._Element) -> None:
    for shape in source.findall(name):
        copied = deepcopy(shape)
        for tag in ONCE:
            for once in copied.findall(tag):
                copied.remove(once)
        target.append(copied)


def _text(line: str) -> etree._Element:
    made = etree.Element(T)
    made.text = line
    return made
