"""Playing scenes through the real acts of the desk, each on its own day, all cases in one course of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from ..db import db
from ..law.receipt import rule_for
from ..law.workdays import Calendar
from ..models import Case
from ..stages import register
from ..stages.desk import Work
from . import words
from .acts import ACTS

ROLE_OF = {key: role for key, _, _, role in words.PEOPLE}
OPENING, BETWEEN_ACTS = time(1), timedelta(minutes=7)  # nine in China


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


class Play:
    """The office, the day it is, and the cases as they come in."""

    def __init__(
        self, office_id: int, people: Mapping[str, int], today: date, now: datetime, calendar: Calendar
    ) -> None:
        self.office_id, self.people, self.now, self.calendar = office_id, people, now, calendar
        self.day = lru_cache(lambda ago: days_ago(calendar, today, ago))
        self.cases: dict[int, list[int]] = {}  # by scene
        self.acted: dict[date, int] = {}  # acts on a day so far

    def all(self, scenes: Sequence[Scene]) -> None:
        """Play all scenes, day after day, so that numbers and moments ascend as they would."""
        steps = [(index, step) for index, scene in enumerate(scenes) for step in scene.steps]
        for index, step in sorted(steps, key=lambda one: -one[1].ago):
            if step.act == "register":
                self.cases[index] = self._register(scenes[index], step)
            else:
                options = {**step.options}
                case_id = self.cases[index][options.pop("of", 0)]
                ACTS[step.act](self, case_id, self.day(step.ago), **options)

    def work(self, who: str, day: date) -> Work:
        """The work of a person on a day, a few minutes after the act before."""
        nth = self.acted[day] = self.acted.get(day, -1) + 1
        at = datetime.combine(day, OPENING, UTC) + nth * BETWEEN_ACTS
        return Work(self.people[who], ROLE_OF[who], self.office_id, day, min(at, self.now), self.calendar)

    def seen(self, case_id: int) -> tuple[int, int]:
        """A case as its page would show it: its id and the number of its last event."""
        db.session.rollback()
        return case_id, db.session.scalars(select(Case.seq).where(Case.id == case_id)).one()

    def handler(self, case_id: int) -> str:
        """The key of the clerk who handles a case."""
        handler_id = db.session.scalars(select(Case.handler_id).where(Case.id == case_id)).one()
        return next(key for key, person_id in self.people.items() if person_id == handler_id)

    def _register(self, scene: Scene, step: Step) -> list[int]:
        day, options = self.day(step.ago), step.options
        posted = self.day(step.ago + options.get("posted", 0))
        mail = options.get("mail", "")
        confirmed = rule_for(scene.channel, mail).needs_confirmation and not options.get("unconfirmed")
        arrival = register.Arrival(
            scene.channel, mail, submitted=posted,
            arrived=day if mail else None, confirmed=day if confirmed else None,
            oral=options.get("oral", False),
        )  # fmt: skip
        form = words.form(scene.applicant_class, scene.name, scene.content)
        application = register.Application(
            scene.applicant_class, **form, agent=options.get("agent", ""), remark=options.get("remark", "")
        )
        cases = register.register(self.work("clerk", day), arrival, application, options.get("more", ()))
        return [case.id for case in cases]


def days_ago(calendar: Calendar, today: date, ago: int) -> date:
    """The working day from which ``ago`` working days have passed until today, today included."""
    day = today
    while not (calendar.is_working(day) and calendar.count(day, today) >= ago):
        day -= timedelta(days=1)
    return day
