"""The clock of a case as a picture, for its pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..reports.casefolder import Folder
from ..reports.clock_days import clock_days, reasons
from ..reports.clock_drawing import Drawing, legend
from ..reports.clock_timeline import timeline
from ..reports.clock_weeks import weeks


@dataclass(frozen=True)
class Picture:
    """The same days twice, as a line for wide screens and as weeks for phones and paper; and the key to both."""

    line: Drawing
    weeks: Drawing
    legend: list[tuple[str, str]]


def picture(folder: Folder, today: date) -> Picture | None:
    """None before the legal receipt is confirmed: no day counts yet."""
    facts, ticking = folder.file.facts(), folder.clock
    if facts is None or ticking is None:
        return None
    file = folder.file
    laid = clock_days(facts, ticking, folder.calendar, today, file.closed_by, reasons(file))
    return Picture(timeline(laid), weeks(laid), legend(laid))
