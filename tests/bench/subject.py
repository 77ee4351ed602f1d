"""What is measured: ours and its floor, in turns, so that whatever else the machine does weighs on both."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Timer = Callable[[], float]  # does it once; returns the seconds that count
ROUNDS = 15


@dataclass
class Measure:
    """What one subject cost over one register, in seconds a round."""

    name: str
    cases: int
    ours: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    unit: str = "ms"  # ms, "/s" for pieces a second, MB
    pieces: int = 0  # of a round, where the unit is pieces a second

    @property
    def median(self) -> float:
        """In the unit."""
        return self._shown(statistics.median(self.ours))

    @property
    def p95(self) -> float:
        """The round that one in twenty is worse than, in the unit."""
        return self._shown(sorted(self.ours)[int(len(self.ours) * 0.95)])

    @property
    def ratio(self) -> float | None:
        """Ours to the floor of the same run, None where nothing less could answer."""
        return statistics.median(self.ours) / statistics.median(self.floor) if self.floor else None

    def _shown(self, value: float) -> float:
        if self.unit == "ms":
            return value * 1000
        return self.pieces / value if self.unit == "/s" else value


def timed(run: Callable[[], object]) -> Timer:
    """The whole of a call."""

    def once() -> float:
        begun = time.perf_counter()
        run()
        return time.perf_counter() - begun

    return once


def in_turns(
    measure: Measure, ours: Timer, floor: Timer | None, rounds: int = ROUNDS, warm: int = 1
) -> Measure:
    """Fill a measure; the first rounds aren't counted."""
    for turn in range(rounds + warm):
        for timer, kept in ((ours, measure.ours), (floor, measure.floor)):
            if timer is not None:
                spent = timer()
                kept += [spent] if turn >= warm else []
    return measure
