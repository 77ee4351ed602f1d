"""Labels of a picture that never overlap: how wide words are, and where each of them goes.

Lengths are units of the picture, a unit a pixel at its natural size.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LARGE, SMALL = 12, 11  # sizes of type
GAP = 6  # kept between two labels


def width(words: str, size: int = LARGE) -> float:
    """How much room words take at most: some typefaces of the desk are wider than others."""
    return size * sum(_em(c) for c in words)


def _em(c: str) -> float:
    if unicodedata.east_asian_width(c) in "WFA":
        return 1.04
    return 0.34 if c == " " else 0.6


def fold(words: str, room: float, size: int = LARGE) -> list[str]:
    """Words in lines no wider than ``room``; a character that is wider still has a line to itself."""
    lines = [""]
    for c in words:
        if lines[-1] and width(lines[-1] + c, size) > room:
            lines.append("")
        lines[-1] += c
    return lines


@dataclass(frozen=True)
class Label:
    """Words on a line that leads to ``x``: their width, and the left edges they may have, the best first."""

    x: float
    width: float
    lefts: tuple[float, ...]


@dataclass(frozen=True)
class Spot:
    """Where a label stands; tier 0 is nearest to what it names."""

    left: float
    right: float
    tier: int
    x: float

    def overlaps(self, other: Spot) -> bool:
        """Whether two labels stand in each other's way."""
        return self.tier == other.tier and self.left < other.right + GAP and other.left < self.right + GAP

    def is_crossed_by(self, other: Spot) -> bool:
        """Whether the line of a label further out runs through this one."""
        return other.tier > self.tier and self.left < other.x < self.right


def beside(x: float, wide: float, room: float, off: float = 5) -> tuple[float, ...]:
    """The left edges of a label right of its line, then left of it, that lie inside the picture."""
    fits = tuple(left for left in (x + off, x - off - wide) if 0 <= left <= room - wide)
    return fits or (_inside(x - wide / 2, wide, room),)


def under(first: float, last: float, wide: float, room: float) -> tuple[float, ...]:
    """The left edges of a label under the middle of a bracket, then under its start, then its end."""
    edges = ((first + last - wide) / 2, first, last - wide)
    return tuple(dict.fromkeys(_inside(left, wide, room) for left in edges))


def _inside(left: float, wide: float, room: float) -> float:
    return max(0.0, min(left, room - wide))


def place(labels: Sequence[Label]) -> list[Spot]:
    """A spot for each label: no two overlap; as few lines as can be run through words, in as few tiers.

    Greedy, from either end; then, one label after the other, whether its other side serves all of them better.
    """
    return min((_improved(labels, back) for back in (False, True)), key=_cost)


def _improved(labels: Sequence[Label], back: bool) -> list[Spot]:
    flipped: frozenset[int] = frozenset()
    best = _greedy(labels, back, flipped)
    for index in range(len(labels)):
        if _cost(best) <= (0, 1):
            break
        other = _greedy(labels, back, flipped ^ {index})
        if _cost(other) < _cost(best):
            flipped, best = flipped ^ {index}, other
    return best


def _greedy(labels: Sequence[Label], back: bool, flipped: frozenset[int]) -> list[Spot]:
    """Each label in turn at the free spot that does the least harm; those ``flipped`` try their last side first."""
    order = sorted(range(len(labels)), key=lambda i: labels[i].x, reverse=back)
    spots: dict[int, Spot] = {}
    for turn, index in enumerate(order, 1):
        label, placed = labels[index], list(spots.values())
        to_come = [labels[i].x for i in order[turn:]]
        lefts = label.lefts[::-1] if index in flipped else label.lefts
        tiers = range(max((s.tier for s in placed), default=-1) + 2)  # one of them is still empty
        every = (Spot(at, at + label.width, tier, label.x) for tier in tiers for at in lefts)
        free = [spot for spot in every if not any(spot.overlaps(s) for s in placed)]
        harm = [_harm(spot, placed, to_come) for spot in free]
        spots[index] = free[harm.index(min(harm))]
    return [spots[i] for i in range(len(labels))]


def _harm(spot: Spot, placed: Sequence[Spot], to_come: Sequence[float]) -> tuple[int, int]:
    """The lines it crosses, and those still to come that would have to end below it."""
    crossed = sum(spot.is_crossed_by(s) + s.is_crossed_by(spot) for s in placed)
    return crossed, sum(spot.left < x < spot.right for x in to_come)


def _cost(spots: Sequence[Spot]) -> tuple[int, int]:
    crossed = sum(a.is_crossed_by(b) for a in spots for b in spots)
    return crossed, max((s.tier for s in spots), default=0)
