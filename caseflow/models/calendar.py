"""The working-day calendar: editions of years and their exceptions to Monday-to-Friday."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Boolean, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base
from .types import Id, Moment


class CalendarYear(Base):
    """One edition of one year; a correction is a further edition, the old one stays."""

    __tablename__ = "calendar_year"
    __table_args__ = (UniqueConstraint("year", "version"),)

    id: Mapped[Id]
    year: Mapped[int]
    version: Mapped[int]  # edition of the whole calendar in which this year was entered
    document: Mapped[str] = mapped_column(String(200))
    official: Mapped[bool] = mapped_column(Boolean, default=True)  # False: local days only, no notice yet
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: shipped, or by command
    entered_at: Mapped[Moment]


class CalendarDay(Base):
    """One day that differs from Monday-to-Friday."""

    __tablename__ = "calendar_day"

    year_id: Mapped[int] = mapped_column(ForeignKey("calendar_year.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    works: Mapped[bool] = mapped_column(Boolean)
    name: Mapped[str] = mapped_column(String(60), default="")
    local: Mapped[bool] = mapped_column(Boolean, default=False)  # by a local rule or notice, not the State's
    document: Mapped[str] = mapped_column(String(200), default="")  # where it is not the year's own


class ClosingDay(Base):
    """A day on which one office is closed: shown, never counted; only the State lengthens a term."""

    __tablename__ = "closing_day"

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
