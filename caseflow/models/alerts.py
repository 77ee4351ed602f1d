"""Alerts, who is shown them, and the scheduler's own rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base
from .types import Code, Id, Moment, UtcDateTime


class Alert(Base):
    """One per case, term, due day and rung: the unique key is what makes a repeated pass harmless."""

    __tablename__ = "alert"
    __table_args__ = (UniqueConstraint("case_id", "term", "due_on", "rung"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    term: Mapped[Code]
    due_on: Mapped[date] = mapped_column(Date)
    rung: Mapped[int]  # working days left: 5, 2, 0; -1 once overdue
    created_at: Mapped[Moment]


class AlertRecipient(Base):
    """Who is shown an alert, and when that person acknowledged it."""

    __tablename__ = "alert_recipient"

    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


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
