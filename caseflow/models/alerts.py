"""Alerts, who is shown them, and the scheduler's own rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base
from .types import Code, Id, Moment, UtcDateTime


class Alert(Base):
    """One per case, term, due day and rung: the unique key is what makes a repeated pass harmless."""

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("case_id", "term", "due_on", "rung"),
        # an office's own terms (art. 49) have no case, and NULLs would be told apart
        Index(
            "ix_alert_office_term", "office_id", "term", "due_on", "rung", unique=True,
            sqlite_where=text("case_id IS NULL"), postgresql_where=text("case_id IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[Id]
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    term: Mapped[Code]
    due_on: Mapped[date] = mapped_column(Date)
    rung: Mapped[int]  # working days left; -1, -2 … on each working day overdue
    raised_on: Mapped[date] = mapped_column(Date)  # the earliest day for which a pass found it reached
    created_at: Mapped[Moment]


class AlertRecipient(Base):
    """Who is shown an alert, and when that person acknowledged it."""

    __tablename__ = "alert_recipient"

    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mail.id"), index=True)  # the one that tells of it


class Mail(Base):
    """One letter of the outbox: written with what it tells of, sent after the commit.

    To somebody of an office, or to the applicant of a case who asked to be told by e-mail.
    """

    __tablename__ = "mail"
    __table_args__ = (Index("ix_mail_state", "state", "next_at"),)

    id: Mapped[Id]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))  # to its applicant
    address: Mapped[str] = mapped_column(String(200))
    kind: Mapped[Code]  # digest | urgent, or the act that an applicant is told of
    told_on: Mapped[date] = mapped_column(Date)  # the day whose state it tells
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Moment]
    state: Mapped[Code] = mapped_column(default="waiting")  # waiting | sending | sent | given_up
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[Moment]
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(Text, default="")


class TermRule(Base):
    """What an administrator set for a term: its rungs, and its length where the law sets none."""

    __tablename__ = "term_rule"

    term: Mapped[Code] = mapped_column(primary_key=True)
    rungs: Mapped[str] = mapped_column(String(80))  # working days left, "10,5,2,0"
    overdue: Mapped[bool] = mapped_column(Boolean)  # then each working day overdue
    days: Mapped[int | None]  # calendar days, where the length is the office's own


class JobRun(Base):
    """One planned run of a job; unique, so that two leaders can't both do it."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("job", "planned_for"),)

    id: Mapped[Id]
    job: Mapped[Code]
    planned_for: Mapped[Moment]
    token: Mapped[int]  # of the lease it ran under
    started_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    error: Mapped[str] = mapped_column(Text, default="")


class Lease(Base):
    """Who leads; ``token`` rises with every change of leader and fences the old one off."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80))
    token: Mapped[int]
    expires_at: Mapped[Moment]
