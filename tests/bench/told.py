"""The figures as a table, as json and as a chart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import Any

from tests.bench.subject import Measure

Engine = str
Found = dict[Engine, list[Measure]]  # in the order measured: register by register
SIZES = "#9db7d5", "#4f81bd", "#1f3f66"  # a bar for each register, the largest darkest
LEFT, WIDE, ROW, BAR = 210, 900, 44, 10


def grouped(measures: Sequence[Measure]) -> dict[str, list[Measure]]:
    """By subject, the smallest register first."""
    found: dict[str, list[Measure]] = {}
    for measure in measures:
        found.setdefault(measure.name, []).append(measure)
    return {name: sorted(of, key=lambda one: one.cases) for name, of in found.items()}


def growth(one: Measure, least: Measure) -> float:
    """How many times as much a round takes as over the smallest register, a piece at a time."""
    share = (one.pieces or 1) / (least.pieces or 1)
    return (one.median / least.median) ** (-1 if one.unit == "/s" else 1) if share else 1.0


def table(engine: Engine, measures: Sequence[Measure]) -> str:
    """A line a subject and register."""
    lines = [f"{engine:<32} {'cases':>10} {'median':>12} {'p95':>10} {'of its floor':>13} {'growth':>7}"]
    for name, of in grouped(measures).items():
        for one in of:
            ratio = f"{one.ratio:.2f}" if one.ratio is not None else ""
            lines.append(
                f"{name:<32} {one.cases:>10,} {one.median:>9,.1f} {one.unit:<2} {one.p95:>10,.1f} {ratio:>13} "
                f"{growth(one, of[0]):>7.2f}"
            )
            name = ""
    return "\n".join(lines)


def as_json(found: Found, about: dict[str, Any]) -> str:
    """Everything, to be compared by a program."""
    figures = [
        {
            "engine": engine, "subject": m.name, "cases": m.cases, "unit": m.unit, "median": round(m.median, 3),
            "p95": round(m.p95, 3), "ratio": m.ratio and round(m.ratio, 3),
        }
        for engine, measures in found.items() for m in measures
    ]  # fmt: skip
    return json.dumps({**about, "figures": figures}, ensure_ascii=False, indent=1) + "\n"


def chart(found: Found) -> str:
    """Milliseconds of each subject, a bar for each register; those of one engine below those of the other."""
    parts: list[str] = []
    y = 24
    for engine, measures in found.items():
        shown = {name: of for name, of in grouped(measures).items() if of[0].unit == "ms"}
        longest = max(one.median for of in shown.values() for one in of)
        parts.append(
            f'<text x="8" y="{y}" font-weight="bold">{escape(engine)}: ms, cases (bars by the square root)</text>'
        )
        y += 16
        for name, of in shown.items():
            parts.append(f'<text x="{LEFT - 8}" y="{y + 20}" text-anchor="end">{escape(name)}</text>')
            for place, one in enumerate(of):
                parts.append(_bar(one, y + place * (BAR + 2), longest, SIZES[-len(of) :][place]))
            y += ROW
        y += 20
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {y}" font-family="sans-serif" font-size="12">'
    return "\n".join([head, f'<rect width="{WIDE}" height="{y}" fill="#fff"/>', *parts, "</svg>"]) + "\n"


def _bar(one: Measure, y: int, longest: float, colour: str) -> str:
    """Its length is the square root of the time: the quick ones stay visible."""
    length = (one.median / longest) ** 0.5 * (WIDE - LEFT - 150)
    says = f"{one.median:,.1f} · {one.cases:,}"
    return (
        f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR}" fill="{colour}"/>'
        f'<text x="{LEFT + length + 6:.1f}" y="{y + 9}" font-size="10">{says}</text>'
    )
