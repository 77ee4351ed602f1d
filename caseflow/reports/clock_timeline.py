"""The clock as one line of days, for wide screens: what happened above it, what each stretch does below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise, product

from ..law.words import month_day
from .clock_days import ClockDays, Day, Happening, Stretch
from .clock_drawing import Drawing
from .clock_labels import LARGE, SMALL, Label, beside, place, under, width

ROOM, EDGE = 900.0, 6.0  # the width of the picture, and what is kept free on either side
CELL = 24.0  # the height of a cell, and the widest it is
DAY_OFF = 0.5  # of the width of a working day
PIN, PINS_TO_CELLS = 34.0, 30.0  # a tier above the cells: what happened, and when; the months between
NOTE, CELLS_TO_NOTES = 32.0, 30.0  # a tier below: a stretch and its effect; the numbers between
LONG = 30  # calendar days: of a longer stretch that isn't counted, only what stands out is drawn
KEPT = 3  # days drawn at either end of what is left out
BREAK = 3.0  # width of what is left out, in working days
FIFTH = 5


@dataclass(frozen=True)
class Column:
    """A day, or the days left out of a long stretch: where it begins, how wide it is."""

    days: tuple[Day, ...]
    x: float
    width: float

    @property
    def day(self) -> Day | None:
        """The one day; None for what is left out."""
        return self.days[0] if len(self.days) == 1 else None

    @property
    def middle(self) -> float:
        """Where a line to it goes."""
        return self.x + self.width / 2


def timeline(laid: ClockDays) -> Drawing:
    """Draw the days as one line."""
    line = _columns(laid)
    at = {c.days[0].day: c for c in line if c.day}
    shown = [(h, at[h.day].middle) for h in laid.happenings]
    pins = place([_pin(laid, h, x) for h, x in shown])
    notes = place([_note(s, at[s.first].x, _end(at[s.last])) for s in laid.stretches])
    cells = (max((s.tier for s in pins), default=0) + 1) * PIN + PINS_TO_CELLS
    below = cells + CELL + CELLS_TO_NOTES
    high = below + (max((s.tier for s in notes), default=-1) + 1) * NOTE + 10
    drawing = Drawing(ROOM, high, laid.told())
    _months(drawing, line, cells, [x for _, x in shown])
    _cells(drawing, laid, line, cells)
    for (happening, x), spot in zip(shown, pins, strict=True):
        top = cells - PINS_TO_CELLS - (spot.tier + 1) * PIN
        _draw_pin(drawing, laid, happening, (x, top, cells), spot.left)
    _numbers(drawing, laid, line, cells + CELL)
    for stretch, spot in zip(laid.stretches, notes, strict=True):
        first, last = at[stretch.first].x + 1, _end(at[stretch.last]) - 1
        _draw_note(drawing, stretch, (first, last), below, spot.left, spot.tier)
    return drawing


# -- the days --------------------------------------------------------------------------------------


def _columns(laid: ClockDays) -> list[Column]:
    groups = [group for run in runs(laid.days) for group in shortened(run, _kept(laid))]
    weights = [BREAK if len(g) > 1 else 1.0 if g[0].working else DAY_OFF for g in groups]
    unit = min(CELL, (ROOM - 2 * EDGE) / sum(weights))
    found, x = [], EDGE
    for group, weight in zip(groups, weights, strict=True):
        found.append(Column(tuple(group), x, weight * unit))
        x += weight * unit
    return found


def runs(days: tuple[Day, ...]) -> list[list[Day]]:
    """The days in stretches of one kind; days off belong to the stretch before them."""
    found: list[list[Day]] = [[days[0]]]
    for before, day in pairwise(days):
        kind = next((d.kind for d in reversed(found[-1]) if d.working), before.kind)
        if day.kind == kind or not day.working:
            found[-1].append(day)
        else:
            found.append([day])
    return found


def shortened(run: list[Day], kept: frozenset[date]) -> Iterator[list[Day]]:
    """A stretch as single days, and of a long one that isn't counted, groups of days that are left out."""
    if len(run) <= LONG or any(d.kind == "counted" for d in run):
        yield from ([day] for day in run)
        return
    ends = {d.day for d in (*run[:KEPT], *run[-KEPT:])}
    for stays, group in groupby(run, key=lambda d: d.day in kept or d.day in ends):
        days = list(group)
        if stays or len(days) <= BREAK:
            yield from ([day] for day in days)
        else:
            yield days


def _kept(laid: ClockDays) -> frozenset[date]:
    """Days that are always drawn: something happened, begins, ends or is due."""
    days = {h.day for h in laid.happenings} | {d for s in laid.stretches for d in (s.first, s.last)}
    return frozenset(days | laid.starts | ({laid.today} if laid.today else set()))


def _end(column: Column) -> float:
    return column.x + column.width


def _cells(drawing: Drawing, laid: ClockDays, line: list[Column], y: float) -> None:
    for wait, group in groupby(line, key=lambda c: c.days[0].kind == "wait"):
        if wait:
            columns = list(group)
            first, last = columns[0].x + 4, _end(columns[-1]) - 2
            drawing.line("clk-wait", f"M{first:.1f} {y + CELL / 2:.1f}H{max(last, first + 1):.1f}")
    for column in line:
        x, wide = column.x + 1, max(column.width - 2, 1)
        if column.day is None:
            drawing.line(
                "rule", f"M{column.middle - 4:.1f} {y + 19:.1f}l4 -14M{column.middle:.1f} {y + 19:.1f}l4 -14"
            )
        elif column.day.kind not in ("", "wait"):
            drawing.cell(column.day, x, y, wide, CELL, 5)
        if column.day and column.day.day in laid.starts:
            drawing.dot(column.middle, y + CELL / 2, 4.5)
        if column.day and column.day.day == laid.due:
            drawing.rect("clk-due", column.x - 0.5, y - 1.5, column.width + 1, CELL + 3)


def _months(drawing: Drawing, line: list[Column], y: float, pins: list[float]) -> None:
    """A band for each month, its name where no line runs through it."""
    free = 0.0
    for (year, month), group in groupby(line, key=lambda c: (c.days[0].day.year, c.days[0].day.month)):
        columns = list(group)
        first, last = columns[0].x, _end(columns[-1])
        drawing.rect("bg", first, y - 6, last - first - 1, CELL + 12)
        names = [f"{year}年{month}月"] if month == 1 or columns[0] is line[0] else []
        spots = sorted(max(x + 3, free) for x in (first, *pins) if first <= x < last)
        for words, left in product([*names, f"{month}月"], spots):
            end = left + width(words, SMALL)
            if end <= last and not any(left - 2 < x < end + 2 for x in pins):
                drawing.text("sm", left, y - 11, words, size=SMALL)
                free = end + 4
                break


def _numbers(drawing: Drawing, laid: ClockDays, line: list[Column], y: float) -> None:
    """Today, the number of the due day and every fifth; what has no room is left out."""
    taken: list[tuple[float, float]] = []

    def write(look: str, x: float, words: str, size: int) -> None:
        half = width(words, size) / 2
        x = max(half, min(x, ROOM - half))
        if not any(x - half < b + 3 and a < x + half + 3 for a, b in taken):
            taken.append((x - half, x + half))
            drawing.text(look, x, y + 21, words, "middle", size)

    singles = [(c.middle, c.day) for c in line if c.day]
    for x, day in singles:
        if day.day == laid.today:
            drawing.line("clk-today", f"M{x:.1f} {y + 2:.1f}l5 7h-10z")
            write("t1", x, "今天", LARGE)
    counted = [(x, day) for x, day in singles if day.kind == "counted" and day.number]
    for x, day in sorted(counted, key=lambda pair: pair[1].day != laid.due):
        if day.number % FIFTH == 0 or day.day == laid.due:
            write("sm", x, str(day.number), SMALL)


# -- the words -------------------------------------------------------------------------------------


def _when(laid: ClockDays, happening: Happening) -> str:
    return laid.due_words(happening.day) if happening.due else month_day(happening.day, laid.today)


def _pin(laid: ClockDays, happening: Happening, x: float) -> Label:
    wide = max(width(happening.what), width(_when(laid, happening), SMALL))
    return Label(x, wide, beside(x, wide, ROOM))


def _draw_pin(
    drawing: Drawing, laid: ClockDays, happening: Happening, line: tuple[float, float, float], left: float
) -> None:
    x, top, cells = line
    end = cells + CELL / 2 - 5 if happening.day in laid.starts and not happening.due else cells - 2
    drawing.line("pin", f"M{x:.1f} {top + 6:.1f}V{end:.1f}")
    drawing.text("late" if happening.due else "t1", left, top + 15, happening.what)
    look = "late sm" if happening.due else "sm"
    drawing.text(look, left, top + 31, _when(laid, happening), size=SMALL)


def _note(stretch: Stretch, first: float, last: float) -> Label:
    wide = max(width(stretch.name), width(stretch.effect, SMALL))
    return Label((first + last) / 2, wide, under(first, last, wide, ROOM))


def _draw_note(
    drawing: Drawing, stretch: Stretch, ends: tuple[float, float], y: float, left: float, tier: int
) -> None:
    first, last = ends
    wide = max(width(stretch.name), width(stretch.effect, SMALL))
    middle, top = left + wide / 2, y + tier * NOTE
    drawing.line("rule", f"M{first:.1f} {y:.1f}v5H{max(last, first):.1f}v-5")
    if tier:
        drawing.line("rule", f"M{(first + last) / 2:.1f} {y + 5:.1f}V{top + 8:.1f}")
    look = "late" if stretch.kind == "late" else ""
    drawing.text(look, middle, top + 20, stretch.name, "middle")
    drawing.text(f"{look} sm".strip(), middle, top + 34, stretch.effect, "middle", SMALL)
