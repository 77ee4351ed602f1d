"""In which report year something counts: by the day it happened, unless that year's report is signed already.

Signed figures never change. What is recorded afterwards with a day in a signed year counts in the first year that
isn't signed; its event says so (``counts_in``), so that every later replay puts it there again.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from datetime import date

from .casefile import Entry, day

COUNTS_IN = "counts_in"  # the detail of an event that was moved on
# Of every case, also of one that table 3 doesn't count: what table 4 counts, and the fees of part six (art. 42)
PROCEEDINGS = ("open_proceeding", "close_proceeding")
BESIDE = (*PROCEEDINGS, "fee_notice", "pay_fee")


def _received(entry: Entry) -> date | None:
    if "redo_of" in entry.details:
        return day(entry.details["decided"])
    return day(entry.details.get("received"))


CLOSES = frozenset({"send_reply", "lapse_correction", "lapse_fee", "withdraw", "close_proceeding"})

# Each act that puts a request, a proceeding or a fee into a year's report, and the day that decides
DECIDES: dict[str, Callable[[Entry], date | None]] = {
    "register": _received,
    **dict.fromkeys(
        (
            "confirm_receipt", "send_reply", "lapse_correction", "lapse_fee", "withdraw",
            *BESIDE,
        ),
        lambda e: e.on,
    ),
}  # fmt: skip


def is_counted(registration: Entry) -> bool:
    """Whether a case stands in table 3: all but a re-reply, unless the office's setting said so as it began."""
    told = registration.details
    return "redo_of" not in told or bool(told.get("counted"))


def decides(act: str, counted: bool) -> bool:
    """Whether ``act`` puts anything into a year's report, on a case that is ``counted`` in table 3 or isn't."""
    return act in DECIDES and (counted or act in BESIDE)


@dataclass(frozen=True)
class Signed:
    """The years that an office's signatures close: what stands before the newest one is carried into it.

    ``first`` and ``last`` are the oldest and the newest signed year, 0 for none.
    """

    first: int = 0
    last: int = 0

    def __contains__(self, year: object) -> bool:
        return isinstance(year, int) and year <= self.last


def history(entries: Sequence[Entry], signed: Signed) -> list[Entry]:
    """The entries of a whole case brought in at once, placed.

    What was over before the first signed year stands in no signed cell, so it counts where it happened: the request,
    and each proceeding by itself.
    """
    parts: dict[int, list[Entry]] = {}
    for entry in entries:
        parts.setdefault(_part(entry), []).append(entry)
    over = {part for part, of_it in parts.items() if _over_before(signed.first, of_it)}
    return [entry if _part(entry) in over else placed(entry, signed) for entry in entries]


def _part(entry: Entry) -> int:
    """The number of the proceeding that an entry tells of; 0 for the request itself."""
    return int(entry.details["n"]) if entry.act in PROCEEDINGS else 0


def _over_before(year: int, entries: Sequence[Entry]) -> bool:
    days = [found for e in entries if (found := DECIDES[e.act](e) if e.act in DECIDES else None)]
    return any(e.act in CLOSES for e in entries) and all(found.year < year for found in days)


def first_unsigned(year: int, signed: Container[int]) -> int:
    """The year itself, or the next one whose report isn't signed."""
    while year in signed:
        year += 1
    return year


def counts_in(entry: Entry, signed: Container[int]) -> int | None:
    """The later year that ``entry`` counts in where its own is signed; None where it counts in its own, or in none."""
    decides = DECIDES.get(entry.act)
    counted = decides(entry) if decides else None
    return first_unsigned(counted.year, signed) if counted and counted.year in signed else None


def year_of(entry: Entry) -> int:
    """The year that an act of ``BESIDE`` counts in."""
    later: int = entry.details.get(COUNTS_IN, 0)
    return max(entry.on.year, later)


def placed(entry: Entry, signed: Container[int]) -> Entry:
    """The entry as it is recorded now: with the year it counts in, where that isn't its own."""
    later = counts_in(entry, signed)
    return replace(entry, details={**entry.details, COUNTS_IN: later}) if later else entry
