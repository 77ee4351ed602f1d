"""Playing scenes through the real acts of the desk, each on its own day, all cases in one course of time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from ..db import db
from ..law.issuing import offers
from ..law.receipt import rule_for
from ..law.replay import replay
from ..law.workdays import Calendar
from ..models import Case
from ..stages import (
    archive,
    correct,
    fees,
    handle,
    letters,
    proceedings,
    reasons,
    record,
    register,
    reply,
    review,
    secrecy,
)
from ..stages.desk import Work
from . import words

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


# -- the acts ------------------------------------------------------------------------------------


def _confirm(play: Play, case_id: int, day: date) -> None:
    register.confirm_receipt(play.work("clerk", day), *play.seen(case_id), day, "电话与申请人确认")


def _accept(play: Play, case_id: int, day: date, by: str = "clerk") -> None:
    review.accept(play.work("lead", day), *play.seen(case_id), day, play.people[by])


def _assign(play: Play, case_id: int, day: date, to: str) -> None:
    handle.assign(play.work("lead", day), *play.seen(case_id), play.people[to], "原经办人休假")


def _ask_correction(play: Play, case_id: int, day: date, days: int, note: str) -> None:
    until = play.calendar.add(day, days)
    review.request_correction(play.work("clerk", day), *play.seen(case_id), day, until, note)


def _receive_correction(play: Play, case_id: int, day: date) -> None:
    review.receive_correction(play.work("clerk", day), *play.seen(case_id), day, "补正材料已经写明文件名称")


def _lapse(play: Play, case_id: int, day: date) -> None:
    note = "补正期限届满，没有收到补正，也没有说明理由"
    review.lapse_correction(play.work("lead", day), *play.seen(case_id), day, note)


def _consult(play: Play, case_id: int, day: date, party: str, note: str) -> None:
    handle.consult_third_party(play.work("clerk", day), *play.seen(case_id), day, party, note)


def _joint_organ(play: Play, case_id: int, day: date, party: str, note: str) -> None:
    handle.consult_joint_organ(play.work("clerk", day), *play.seen(case_id), day, party, note)


def _ask_reasons(play: Play, case_id: int, day: date, days: int, note: str) -> None:
    until = play.calendar.add(day, days)
    reasons.ask_reasons(play.work("clerk", day), *play.seen(case_id), day, until, note)


def _reasons(play: Play, case_id: int, day: date, note: str) -> None:
    reasons.receive_reasons(play.work("clerk", day), *play.seen(case_id), day, note)


def _defer(play: Play, case_id: int, day: date, days: int, note: str) -> None:
    until = play.calendar.add(day, days)
    reasons.defer(play.work("lead", day), *play.seen(case_id), until, note)


def _fee(play: Play, case_id: int, day: date, count: int, note: str) -> None:
    fees.fee_notice(play.work("clerk", day), *play.seen(case_id), day, "pages", count, None, note)


def _had_letter(play: Play, case_id: int, day: date) -> None:
    handle.deliver_consultation(play.work("clerk", day), *play.seen(case_id), day, 1)


def _opinion(play: Play, case_id: int, day: date, opinion: str, note: str) -> None:
    handle.record_opinion(play.work("clerk", day), *play.seen(case_id), day, 1, opinion, None, note)


def _ask_extension(play: Play, case_id: int, day: date, days: int, note: str) -> None:
    handle.ask_extension(play.work("clerk", day), *play.seen(case_id), days, note)


def _extend(play: Play, case_id: int, day: date, days: int) -> None:
    handle.approve_extension(play.work("lead", day), *play.seen(case_id), days, day, "同意，当日告知申请人")


def _draft(play: Play, case_id: int, day: date, result: str, note: str = "拟按此答复") -> None:
    work = play.work(play.handler(case_id), day)
    reply.draft_reply(work, *play.seen(case_id), result, note)


def _send_back(play: Play, case_id: int, day: date, note: str) -> None:
    reply.send_back(play.work("lead", day), *play.seen(case_id), note)


def _approve(play: Play, case_id: int, day: date) -> None:
    """Approved once what it releases was reviewed; then its letters are issued."""
    if db.session.scalars(select(Case.secrecy_awaited).where(Case.id == case_id)).one():
        by = secrecy.Reviewed("王敏", day, "陈晓", day, "李建华")
        secrecy.review_secrecy(play.work("clerk", day), *play.seen(case_id), day, by, "open")
    reply.approve_reply(play.work("lead", day), *play.seen(case_id), "同意")
    _issue(play, case_id, day, ("draft_reply", "review_secrecy"))


def _issue(play: Play, case_id: int, day: date, told: Sequence[str]) -> None:
    """The letter of each of these acts that has one now; of two that tell the same result, the first."""
    entries, issued = record.entries(db.session(), case_id), set()
    for offer in offers(replay(entries), entries):
        act, letter = offer.about.act, offer.letter
        if act in told and act not in issued and letter.code != "service":
            issued.add(act)
            typed = words.typed(letter)
            letters.issue(play.work("clerk", day), *play.seen(case_id), letter.code, offer.about.seq, typed)


PROOFS = {"ems": "", "email": "邮件已送达的回执", "in_person": "申请人当面签收"}


def _send(play: Play, case_id: int, day: date, how: str = "ems") -> None:
    proof = f"1000{case_id:09d}CN" if how == "ems" else ""
    reply.send_reply(play.work("clerk", day), *play.seen(case_id), day, how, proof or PROOFS[how])


def _deliver(play: Play, case_id: int, day: date) -> None:
    reply.deliver_reply(play.work("clerk", day), *play.seen(case_id), day, "邮政查询单")


def _void(play: Play, case_id: int, day: date, note: str) -> None:
    reply.void_reply(play.work("lead", day), *play.seen(case_id), note)


def _withdraw(play: Play, case_id: int, day: date, note: str) -> None:
    archive.withdraw(play.work("clerk", day), *play.seen(case_id), day, note)


def _archive(play: Play, case_id: int, day: date) -> None:
    archive.archive(play.work("clerk", day), *play.seen(case_id), day, "材料齐全")


def _open_suit(play: Play, case_id: int, day: date, kind: str, after: bool = False) -> None:
    proceedings.open_proceeding(play.work("clerk", day), *play.seen(case_id), day, kind, after)


def _close_suit(play: Play, case_id: int, day: date, n: int, result: str) -> None:
    proceedings.close_proceeding(play.work("clerk", day), *play.seen(case_id), day, n, result)


def _correct_delivery(play: Play, case_id: int, day: date, to: int) -> None:
    """The day of delivery, recorded last, was another one."""
    seen = play.seen(case_id)
    new = play.day(to)
    correct.correct_day(play.work("lead", day), *seen, seen[1], new, "按回执更正送达日期")


ACTS: dict[str, Callable[..., None]] = {
    "confirm": _confirm,
    "accept": _accept,
    "assign": _assign,
    "ask_correction": _ask_correction,
    "receive_correction": _receive_correction,
    "lapse": _lapse,
    "consult": _consult,
    "joint_organ": _joint_organ,
    "ask_reasons": _ask_reasons,
    "reasons": _reasons,
    "defer": _defer,
    "fee": _fee,
    "had_letter": _had_letter,
    "opinion": _opinion,
    "ask_extension": _ask_extension,
    "extend": _extend,
    "draft": _draft,
    "send_back": _send_back,
    "approve": _approve,
    "send": _send,
    "deliver": _deliver,
    "void": _void,
    "withdraw": _withdraw,
    "archive": _archive,
    "open_suit": _open_suit,
    "close_suit": _close_suit,
    "correct_delivery": _correct_delivery,
}
