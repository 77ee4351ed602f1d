"""Who wants to act on what, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .casefile import CaseFile
from .clock import Clock
from .workdays import Calendar


@dataclass(frozen=True)
class Desk:
    """Who wants to act on what, and when: everything a guard may look at."""

    case: CaseFile
    clock: Clock | None
    calendar: Calendar
    today: date
    actor_id: int | None
    role: str
