"""The letters of a pass: for each person one digest of what needs them, and one of what is due today.

They are written with the alerts they tell of, in the pass's own transaction; ``deliver`` sends them after
its commit. A letter names the case, the term and the day; nothing that is known of an applicant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Date, Select, and_, bindparam, func, select, update
from sqlalchemy.orm import Session, aliased

from ..config import Settings
from ..db import extension_state
from ..law.terms import BY_CODE, TOLD_ONCE
from ..law.words import left_words, with_weekday
from ..law.workdays import Calendar
from ..models import Alert, AlertRecipient, Case, Mail, Office, Person
from . import deputies, outbox, runs
from .concern import AsOf

Standing = Select[int, int]  # alert and person of what stands, acknowledged or not; as of a bound day

DIGEST, URGENT = "digest", "urgent"
LISTED = 50  # lines of a letter
END = "请登录依申请公开办理系统查看。这封信由系统自动发出，不用回复。"


@dataclass(frozen=True)
class Line:
    """One alert that a person is to be told of."""

    alert_id: int
    person_id: int
    address: str
    person: str
    office: str
    term: str
    urgent: bool  # a reply, and no working day left
    due_on: date
    number: str | None  # of the case; a term of the office itself has none
    handler: str | None
    told_by: int | None  # the letter that told this address of it already

    @property
    def kind(self) -> str:
        """A reply due today goes at once, all else into the digest."""
        return URGENT if self.urgent else DIGEST

    @property
    def key(self) -> tuple[str, int]:
        """What is told at most once: an alert to an address."""
        return self.address.lower(), self.alert_id


def compose(
    session: Session, today: date, now: datetime, calendar: Calendar, standing: Standing, by_clock: bool
) -> int:
    """Write the letters of one pass into its transaction; returns how many.

    Each alert goes into one letter to an address, though two persons share it. Passes by the clock write
    within the hours of mail only, and one digest a day for each person. Without a mail server: none.
    """
    settings: Settings = extension_state("settings")
    if not settings.smtp_url or (by_clock and not runs.is_open(now, calendar)):
        return 0
    _take_back(session, today)
    served = _have_digest(session, today) if by_clock else set()
    told: dict[tuple[str, int], int] = {}  # by which letter an address was told of an alert
    count = 0
    for (person_id, *_), group in groupby(_lines(session, today, calendar, standing), _letter):
        lines = list(group)
        if lines[0].kind == DIGEST and person_id in served:
            continue
        told |= {line.key: line.told_by for line in lines if line.told_by}
        if fresh := [line for line in lines if line.key not in told]:
            letter = _write(session, fresh, today, now, calendar)
            told |= {line.key: letter for line in fresh}
            count += 1
        _mark(session, lines, told)
    return count


def _letter(line: Line) -> tuple[int, bool]:
    """One letter for each person and kind, the urgent one first."""
    return line.person_id, line.kind != URGENT


def _take_back(session: Session, today: date) -> None:
    """Letters of another day that surely never left are written anew from what stands now: when a mail
    server comes back after ten days, its people get one digest, not ten; and what a clock that was wrong
    had to tell is not told."""
    old = (
        select(Mail.id)
        .where(Mail.state == "waiting", Mail.told_on != today, Mail.case_id.is_(None))
        .order_by(Mail.id)
    )
    outbox.take_back(session, session.scalars(old.with_for_update(of=Mail)).all())


def _have_digest(session: Session, today: date) -> set[int]:
    query = select(Mail.person_id).where(Mail.kind == DIGEST, Mail.told_on == today)
    return set(session.scalars(query))


def _lines(session: Session, today: date, calendar: Calendar, standing: Standing) -> Iterable[Line]:
    """What nobody was told of yet, letter by letter, the most urgent first; last what is over.

    Nothing stands for whoever can't sign in any more."""
    values = {
        **AsOf.of(today, calendar).values(), "next": calendar.add(today, 1), "relieved": _relieved(session, today),
    }  # fmt: skip
    return sorted((Line(*row) for row in session.execute(_untold(standing), values)), key=_letter)


@cache
def _untold(standing: Standing) -> Select[*tuple[Any, ...]]:
    """The statement, made once: that takes longer than to run it."""
    shown, handler, today = standing.subquery(), aliased(Person), bindparam("today", type_=Date)
    none_left = and_(Alert.due_on >= today, Alert.due_on < bindparam("next", type_=Date))
    over = and_(Alert.term.in_(TOLD_ONCE), Alert.due_on < today)
    alert_id, person_id = shown.c
    return (
        select(
            Alert.id, Person.id, Person.email, Person.name, Office.name, Alert.term,
            and_(Alert.term == "reply", none_left), Alert.due_on, Case.number, handler.name, _told_by(Person.email),
        )
        .select_from(shown)
        .join(AlertRecipient, (AlertRecipient.alert_id == alert_id) & (AlertRecipient.person_id == person_id))
        .join(Alert, Alert.id == AlertRecipient.alert_id)
        .join(Person, Person.id == AlertRecipient.person_id)
        .join(Office, Office.id == Alert.office_id)
        .outerjoin(Case, Case.id == Alert.case_id)
        .outerjoin(handler, handler.id == Case.handler_id)
        .where(AlertRecipient.mail_id.is_(None), AlertRecipient.acknowledged_at.is_(None))
        .where(Person.email != "", Person.id.not_in(bindparam("relieved", expanding=True)))
        .order_by(over, Alert.due_on, Alert.id)
    )  # fmt: skip


def _told_by(address: Any) -> Any:
    """The letter to the same address that told of the alert, in SQL; NULL where there is none."""
    other = aliased(AlertRecipient)
    return (
        select(func.min(Mail.id))
        .join(other, other.mail_id == Mail.id)
        .where(other.alert_id == Alert.id, func.lower(Mail.address) == func.lower(address))
        .correlate(Alert, Person)
        .scalar_subquery()
    )


def _relieved(session: Session, today: date) -> list[int]:
    """Who is away and needs no letter, since whoever stands in for them gets it."""
    pairs = deputies.stand_ins(session, today)
    reached = session.scalars(
        select(Person.id).where(Person.id.in_({d for _, d in pairs}), Person.email != "")
    )
    reached_ids = set(reached)
    return [person for person, deputy in pairs if deputy in reached_ids]


def _write(session: Session, lines: Sequence[Line], today: date, now: datetime, calendar: Calendar) -> int:
    first = lines[0]
    letter = Mail(
        person_id=first.person_id, address=first.address, kind=first.kind, created_at=now, next_at=now,
        told_on=today, subject=subject(lines, today), body=body(lines, today, calendar),
    )  # fmt: skip
    session.add(letter)
    session.flush()
    return letter.id


def _mark(session: Session, lines: Iterable[Line], told: Mapping[tuple[str, int], int]) -> None:
    rows = [{"alert_id": n.alert_id, "person_id": n.person_id, "mail_id": told[n.key]} for n in lines]
    session.execute(update(AlertRecipient), rows)


def subject(lines: Sequence[Line], today: date) -> str:
    """How many, and when the first is due."""
    due = lines[0].due_on
    day, count = with_weekday(due, today), len(lines)
    if lines[0].kind == URGENT:  # one line a case
        return f"依申请公开：{count} 件今天必须答复（{day} 到期）"
    if BY_CODE[lines[0].term].is_over(due, today):  # all of them
        return f"依申请公开：{count} 项期限已过"
    return f"依申请公开：{count} 项需要办理，最急的 {day} {'已经' if due < today else ''}到期"


def body(lines: Sequence[Line], today: date, calendar: Calendar) -> str:
    """The letter: a line for each alert, up to LISTED of them."""
    head = "以下各件今天必须答复" if lines[0].kind == URGENT else "以下各项需要办理"
    told = [f"{n}. {_said(line, today, calendar)}" for n, line in enumerate(lines[:LISTED], 1)]
    if len(lines) > LISTED:
        told.append(f"另有 {len(lines) - LISTED} 项，登录以后查看。")
    opening = f"{lines[0].person}：\n\n{head}（{lines[0].office}，{with_weekday(today)}）：\n\n"
    return opening + "\n".join(told) + f"\n\n{END}\n"


def _said(line: Line, today: date, calendar: Calendar) -> str:
    """2026-12　答复　11月24日 周二 到期，剩 1 个工作日（经办人 王敏）."""
    term, day = BY_CODE[line.term], with_weekday(line.due_on, today)
    when = f"{day} 到期，{left_words(today, line.due_on, calendar)}"
    if term.is_over(line.due_on, today):
        when = f"{day} 已过，{term.lapse}"
    who = f"（经办人 {line.handler}）" if line.handler else ""
    return f"{line.number or '本机关'}　{term.label}　{when}{who}"
