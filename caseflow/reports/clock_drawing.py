"""What a picture is made of: shapes and words with the class that the stylesheet gives them; no colour, no style."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .clock_days import ClockDays, Day
from .clock_labels import LARGE, width

Anchor = Literal["start", "middle", "end"]
HATCH = 5  # between two lines of hatching


@dataclass(frozen=True)
class Rect:
    """A box."""

    look: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Line:
    """A path in the words of SVG."""

    look: str
    d: str


@dataclass(frozen=True)
class Dot:
    """A circle: day 0."""

    x: float
    y: float
    r: float


@dataclass(frozen=True)
class Text:
    """Words: ``x`` by ``anchor``, ``y`` their base line."""

    look: str
    x: float
    y: float
    words: str
    anchor: Anchor = "start"
    size: int = LARGE

    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        wide = width(self.words, self.size)
        left = self.x - {"start": 0.0, "middle": wide / 2, "end": wide}[self.anchor]
        return left, self.y - 0.88 * self.size, left + wide, self.y + 0.12 * self.size


@dataclass
class Drawing:
    """One picture, all of it inside ``width`` by ``height``; ``told`` is the same in a sentence."""

    width: float
    height: float
    told: str = ""
    rects: list[Rect] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    def rect(self, look: str, x: float, y: float, wide: float, high: float) -> None:
        """Add a box."""
        self.rects.append(Rect(look, round(x, 1), round(y, 1), round(wide, 1), round(high, 1)))

    def line(self, look: str, d: str) -> None:
        """Add a path."""
        self.lines.append(Line(look, d))

    def dot(self, x: float, y: float, r: float) -> None:
        """Add a circle."""
        self.dots.append(Dot(round(x, 1), round(y, 1), round(r, 1)))

    def text(
        self, look: str, x: float, y: float, words: str, anchor: Anchor = "start", size: int = LARGE
    ) -> None:
        """Add words."""
        self.texts.append(Text(look, round(x, 1), round(y, 1), words, anchor, size))

    def cell(self, day: Day, x: float, y: float, wide: float, high: float, bar: float = 0) -> None:
        """Add one day: by its kind, the excluded one with hatching of its own, a bar ``bar`` above its top for the extension."""
        self.rect(look_of(day), x, y, wide, high)
        if day.kind == "excluded":
            self.line("hatch-l", hatching(x, y, wide, high))
        if day.extended:
            self.rect("clk-extbar", x, y - bar, wide, 3)


def look_of(day: Day) -> str:
    """The class of a day's cell."""
    if day.kind == "counted":
        return "clk-yes" if day.passed else "clk-left"
    return {
        "void": "clk-void",
        "excluded": "clk-no",
        "late": "clk-over",
        "deferred": "clk-put",
        "wait": "bg",
    }[day.kind]


def hatching(x: float, y: float, wide: float, high: float) -> str:
    """Slanted lines across a box, as one path."""
    parts = []
    t = float(HATCH)
    while t < wide + high:
        x1, y1 = (x + t, y) if t <= wide else (x + wide, y + t - wide)
        x2, y2 = (x, y + t) if t <= high else (x + t - high, y + high)
        parts.append(f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}")
        t += HATCH
    return "".join(parts)


# The key of the pictures: what to look for, its sign, its words; in the order of the legend
LEGEND: tuple[tuple[str, str], ...] = (
    ("counted", "已计"),
    ("left", "剩余"),
    ("excluded", "不计（征求意见）"),
    ("void", "作废（重新起算以前）"),
    ("wait", "等申请人，没有到期日"),
    ("extended", "延期"),
    ("deferred", "延迟答复"),
    ("late", "逾期"),
    ("due", "到期日"),
    ("start", "起算日，不计"),
)


def legend(laid: ClockDays) -> list[tuple[str, str]]:
    """The signs that occur in these pictures: code and words."""
    present = {"start"} | ({"due"} if laid.due else set())
    for day in laid.days:
        present.add("left" if day.kind == "counted" and not day.passed else day.kind)
        present.add("extended" if day.extended else day.kind)
    if all(d.extended or not d.passed for d in laid.days if d.kind == "counted"):
        present.discard("counted")
    return [(code, words) for code, words in LEGEND if code in present]
