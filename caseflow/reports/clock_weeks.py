"""The clock as a calendar, for phones and for paper: a row a week, a column a weekday, notes in the margin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from ..law.workdays import WEEKDAYS, weekday
from .clock_days import ClockDays, Day
from .clock_drawing import Drawing
from .clock_labels import SMALL, fold

LEFT, CELL, ROW, MARGIN = 36.0, 26.0, 24.0, 156.0  # the months, a day, a week, the notes
HEAD = 20.0
NOTE_LINE = 13.0
FEWEST = 4  # weeks alike, from which on they are told rather than drawn

Note = tuple[str, str]  # its look, its words
Week = tuple[date, dict[date, Day], list[Note]]


def weeks(laid: ClockDays) -> Drawing:
    """Draw the days as weeks."""
    notes_at = LEFT + 7 * CELL + 8
    drawing = Drawing(notes_at + MARGIN, 0, laid.told())
    drawing.text("sm", 0, 13, str(laid.days[0].day.year), size=SMALL)
    for i, name in enumerate(WEEKDAYS):
        drawing.text("sm", LEFT + (i + 0.5) * CELL, 13, name, "middle", SMALL)
    y = HEAD
    for alike, group in groupby(_weeks(laid), key=lambda w: _alike(laid, w)):
        rows = list(group)
        if alike and len(rows) >= FEWEST:
            drawing.text(
                "sm", LEFT + 3.5 * CELL, y + ROW / 2 + 4, f"……{len(rows)} 周，{alike}……", "middle", SMALL
            )
            y += ROW
            continue
        for monday, days, notes in rows:
            said = [(look, line) for look, words in notes for line in fold(words, MARGIN)]
            high = max(ROW, len(said) * NOTE_LINE + 2)
            _draw_week(drawing, laid, monday, days, y)
            middle = y + (ROW / 2 + 4.5 if len(said) < 2 else 12)
            for i, (look, words) in enumerate(said):
                drawing.text(look, notes_at, middle + i * NOTE_LINE, words)
            y += high
    drawing.height = y + 4
    return drawing


def _weeks(laid: ClockDays) -> Iterator[Week]:
    days = {d.day: d for d in laid.days}
    monday = laid.days[0].day - timedelta(days=laid.days[0].day.weekday())
    while monday <= laid.days[-1].day:
        inside = [monday + timedelta(days=i) for i in range(7)]
        yield monday, {d: days[d] for d in inside if d in days}, [n for d in inside for n in _notes(laid, d)]
        monday += timedelta(days=7)


def _notes(laid: ClockDays, day: date) -> Iterator[Note]:
    on = f"{day.month}/{day.day}"
    for h in laid.happenings:
        if h.day == day:
            yield ("late", f"{on} {weekday(day)} {h.what}") if h.due else ("", f"{on} {h.what}")
    if day == laid.today:
        yield "t1", f"{on} 今天"


def _alike(laid: ClockDays, week: Week) -> str:
    """What all days of a week are, in words, where there is no more to say of them; else ""."""
    names = {
        "wait": "等申请人",
        "excluded": "征求意见",
        "deferred": "延迟答复",
        "late": "逾期",
        "void": "作废",
    }
    _, days, notes = week
    kinds = {d.kind for d in days.values() if d.working}
    plain = len(kinds) == 1 and not notes and not laid.starts & days.keys()
    return names.get(kinds.pop(), "") if plain else ""


def _draw_week(drawing: Drawing, laid: ClockDays, monday: date, days: dict[date, Day], y: float) -> None:
    inside = [monday + timedelta(days=i) for i in range(7)]
    named = next((d for d in inside if d.day == 1), monday if monday <= laid.days[0].day else None)
    if named:
        words = str(named.year) if named.month == 1 and named.day == 1 else f"{named.month}月"
        drawing.text("sm", 0, y + ROW / 2 + 4, words, size=SMALL)
    for i, day in enumerate(inside):
        if day in days:
            _draw_day(drawing, laid, days[day], LEFT + i * CELL, y)
        else:
            drawing.text(
                "sm faint", LEFT + (i + 0.5) * CELL, y + ROW / 2 + 4.5, str(day.day), "middle", SMALL
            )


def _draw_day(drawing: Drawing, laid: ClockDays, day: Day, x: float, y: float) -> None:
    middle = x + CELL / 2
    if day.kind and not (day.kind == "wait" and not day.working):
        drawing.cell(day, x + 1.5, y + 1.5, CELL - 3, ROW - 3)
    if day.day in laid.starts:
        drawing.dot(middle, y + ROW / 2, ROW / 2 - 3)
    if day.day == laid.due:
        drawing.rect("clk-due", x + 0.5, y + 0.5, CELL - 1, ROW - 1)
    if day.day == laid.today:
        drawing.line("clk-todayline", f"M{x + 2:.1f} {y + ROW - 0.5:.1f}h{CELL - 4:.1f}")
    counted = day.kind == "counted"
    look = (
        "t1 inv" if counted and day.passed else "t1" if counted else "late sm" if day.kind == "late" else "sm"
    )
    words = str(day.number) if counted else str(day.day.day)
    if day.kind != "excluded" or day.day in laid.starts:
        drawing.text(look, middle, y + ROW / 2 + 4.5, words, "middle", SMALL)
