"""The annual report as it goes out, a draft's or a signed edition's: its words, its tables, and whether it is signed."""

from __future__ import annotations

from dataclasses import dataclass

from ...law import annual, annual_tables, annual_two
from ...law.annual_tables import Grid
from ...law.annual_two import Finding
from ...law.annual_words import Difference


@dataclass(frozen=True)
class Piece:
    """Words of a paragraph; a number that isn't the figure it names says what the table has."""

    text: str
    said: str = ""


@dataclass(frozen=True)
class Line:
    """A paragraph as it is printed."""

    heading: bool
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Part:
    """One of the six parts."""

    key: str
    title: str
    text: str
    written: bool  # by somebody; else as the figures give it
    differences: tuple[Difference, ...]
    findings: tuple[Finding, ...]  # of part two
    lacks: tuple[str, ...]
    grid: Grid | None
    edition: str

    @property
    def lines(self) -> list[Line]:
        """Its paragraphs."""
        return [Line(p.heading, tuple(_pieces(p, self.differences))) for p in annual.paragraphs(self.text)]

    @property
    def marked(self) -> set[tuple[int, int]]:
        """Where in the table of part two a figure can't stand: row and column."""
        wrong = {place for found in self.findings if found.kind == annual_two.WRONG for place in found.places}
        return (
            {at for at, place in annual_tables.places(self.edition).items() if place in wrong}
            if wrong
            else set()
        )

    @property
    def wrong(self) -> int:
        """How many numbers differ, in words or across the years."""
        return len(self.differences) + sum(f.kind == annual_two.WRONG for f in self.findings)

    @property
    def blank(self) -> int:
        """How many figures of part two are not typed in."""
        return sum(f.kind == annual_two.BLANK for f in self.findings)


def _pieces(paragraph: annual.Paragraph, found: tuple[Difference, ...]) -> list[Piece]:
    pieces, at = [], 0
    for one in found:
        start, end = one.start - paragraph.start, one.end - paragraph.start
        if start < at or end > len(paragraph.text):
            continue  # of another paragraph
        pieces += [Piece(paragraph.text[at:start]), Piece(paragraph.text[start:end], one.said)]
        at = end
    return [piece for piece in (*pieces, Piece(paragraph.text[at:])) if piece.text]


@dataclass(frozen=True)
class State:
    """Whether a report is signed, in words; ``final``: it is, and will never be another one."""

    words: str
    final: bool = False


DRAFT = State("未签发（草稿）")


@dataclass(frozen=True)
class Paper:
    """One report, to be printed: ``note`` says of what it was added up, "" for that of one office."""

    whose: str
    year: int
    title: str
    preamble: str
    parts: tuple[Part, ...]
    state: State = DRAFT
    note: str = ""

    @property
    def grids(self) -> tuple[Grid, ...]:
        """Tables two, three and four."""
        return tuple(part.grid for part in self.parts if part.grid)
