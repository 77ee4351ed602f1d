"""Which runs of a Word file nobody sees: hidden, white on white, or too small to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement

VAL, LOOK = qn("w:val"), qn("w:rPr")
OFF = frozenset({"0", "false", "off"})
READABLE = 8  # half-points: what is under 4 pt can't be read
WHITE = re.compile("(?:[Ff][0-9A-Fa-f]){3}")
NO_FILL = frozenset({"auto", "ffffff", ""})


class Hidden:
    """What hides the runs of one document, by themselves or by the styles that they follow."""

    def __init__(self, document: Document) -> None:
        root = document.styles.element
        self._styles = {style.get(qn("w:styleId")): style for style in root.iterchildren(qn("w:style"))}
        self._plain = next(
            (
                key
                for key, style in self._styles.items()
                if style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default"), "0") not in OFF
            ),
            None,
        )
        self._defaults = root.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{LOOK}")

    def hides(self, run: BaseOxmlElement) -> bool:
        """Whether nobody sees this ``w:r`` on paper or on a screen."""
        looks = list(self._looks(run))

        def first(tag: str) -> BaseOxmlElement | None:
            return next((found for look in looks if (found := look.find(qn(tag))) is not None), None)

        return (
            _on(first("w:vanish"))
            or _on(first("w:webHidden"))
            or _small(first("w:sz"))
            or (_white(first("w:color")) and not _filled(run))
        )

    def _looks(self, run: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
        """The properties that apply to a run, the strongest first."""
        own = run.find(LOOK)
        if own is not None:
            yield own
        yield from self._followed(_named(run, "w:rPr", "w:rStyle"))
        paragraph = next(run.iterancestors(qn("w:p")))
        yield from self._followed(_named(paragraph, "w:pPr", "w:pStyle") or self._plain)
        for table in run.iterancestors(qn("w:tbl")):
            yield from self._followed(_named(table, "w:tblPr", "w:tblStyle"))
        if self._defaults is not None:
            yield self._defaults

    def _followed(self, key: str | None) -> Iterator[BaseOxmlElement]:
        seen = set()
        while key and key in self._styles and key not in seen:  # a broken file may lead in a circle
            seen.add(key)
            style = self._styles[key]
            look, base = style.find(LOOK), style.find(qn("w:basedOn"))
            if look is not None:
                yield look
            key = base.get(VAL) if base is not None else None


def row_hidden(row: BaseOxmlElement) -> bool:
    """Whether this ``w:tr`` is hidden as a whole."""
    return _on(row.find(f"{qn('w:trPr')}/{qn('w:hidden')}"))


def _named(home: BaseOxmlElement, properties: str, style: str) -> str | None:
    found = home.find(f"{qn(properties)}/{qn(style)}")
    return found.get(VAL) if found is not None else None


def _on(switch: BaseOxmlElement | None) -> bool:
    return switch is not None and switch.get(VAL, "1") not in OFF


def _small(size: BaseOxmlElement | None) -> bool:
    half_points = size.get(VAL, "") if size is not None else ""
    return half_points.isdecimal() and int(half_points) < READABLE


def _white(color: BaseOxmlElement | None) -> bool:
    return color is not None and WHITE.fullmatch(color.get(VAL, "")) is not None


def _filled(run: BaseOxmlElement) -> bool:
    """Whether run, paragraph or cell has a ground of its own: white on red can be read."""
    homes = (run, *run.iterancestors(qn("w:p"), qn("w:tc")))
    fills = (shade.get(qn("w:fill"), "") for home in homes for shade in home.iterfind(f"*/{qn('w:shd')}"))
    return any(fill.lower() not in NO_FILL for fill in fills)
