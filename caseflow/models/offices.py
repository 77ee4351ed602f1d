"""Organs (机关) and this installation."""

from __future__ import annotations

from sqlalchemy import Boolean, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base
from .types import Id, Moment, Name


class Office(Base):
    """One organ that answers requests in its own name; offices form a tree."""

    __tablename__ = "office"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[Name]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"), index=True)
    # a government reports by 31 March, a department by 31 January (art. 49)
    government: Mapped[bool] = mapped_column(Boolean, default=False)


class Installation(Base):
    """The one row that says what this instance is: a demonstration or a real office."""

    __tablename__ = "installation"

    id: Mapped[Id]
    demo: Mapped[bool] = mapped_column(Boolean)
    started_at: Mapped[Moment]
