"""Playing a scene through the real acts of the desk, each on its own day, all cases in one course of time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from ..db import db
from ..law.workdays import Calendar
from ..law.workflow import BY_CODE
from ..models import Case
from ..moment import ZONE
from ..stages import archive, correct, handle, proceedings, register, reply, review
from ..stages.desk import Work
from . import words
from .words import PEOPLE

ROLE_OF = {key: role for key, _, _, role in PEOPLE}
OPENING, BETWEEN_ACTS = time(9, 0), timedelta(minutes=7)


@dataclass(frozen=True)
class Step:
    """One act, ``ago`` working days before today."""

    act: str
    ago: int
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Scene:
    """One request from its arrival on."""

    applicant_class: str
    name: str
    content: str
    channel: str
    steps: Sequence[Step]


@dataclass
class Play:
    """The office, the day it is, and the cases as they come in."""

    office_id: int
    people: Mapping[str, int]
    today: date
    now: datetime
    calendar: Calendar
    cases: dict[int, list[int]] = field(default_factory=dict)  # by scene
    acted: dict[date, int] = field(default_factory=dict)

    def day(self, ago: int) -> date:
        """The working day from which ``ago`` working days have passed until today, today included."""
        day = self.today
        while not (self.calendar.is_working(day) and self.calendar.count(day, self.today) == ago):
            day -= timedelta(days=1)
        return day

    def all(self, scenes: Sequence[Scene]) -> None:
        """Play all scenes, day after day, so that numbers and moments ascend as they would."""
        acts = [(self.day(step.ago), index, step) for index, scene in enumerate(scenes) for step in scene.steps]
        for day, index, step in sorted(acts, key=lambda act: act[0]):
            if step.act == "register":
                self.cases[index] = self._register(day, index, scenes[index], step.options)
            else:
                self._act(day, self.cases[index][step.options.get("of", 0)], step)

    def work(self, who: str, day: date) -> Work:
        """The work of a person on a day, a few minutes after the act before."""
        nth = self.acted[day] = self.acted.get(day, -1) + 1
        at = datetime.combine(day, OPENING, ZONE) + nth * BETWEEN_ACTS
        return Work(self.people[who], ROLE_OF[who], self.office_id, day, min(at, self.now), self.calendar)

    def _register(self, day: date, index: int, scene: Scene, options: Mapping[str, Any]) -> list[int]:
        confirmed = None if options.get("unconfirmed") else day
        arrival = register.Arrival(
            scene.channel, options.get("mail", ""), submitted=self.day(options.get("sent", 0) + _ago(options)),
            arrived=day if scene.channel == "letter" else None, confirmed=confirmed,
        )  # fmt: skip
        return []

    def _act(self, day: date, case_id: int, step: Step) -> None:
        ACTS[step.act](self, day, case_id, **step.options)
