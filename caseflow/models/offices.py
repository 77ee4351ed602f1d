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
    # what its letters say: 机关代字, where it is and can be asked, where its decisions are challenged
    letter_word: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    contact: Mapped[str] = mapped_column(String(60), default="")
    reconsideration_organ: Mapped[str] = mapped_column(String(100), default="")
    court: Mapped[str] = mapped_column(String(100), default="")
    review_channel: Mapped[str] = mapped_column(String(200), default="")
    # a government reports by 31 March, a department by 31 January (art. 49)
    government: Mapped[bool] = mapped_column(Boolean, default=False)
    # whether a re-reply (重新答复, art. 51) counts in table 3 once more; each says so as it begins
    counts_redone: Mapped[bool] = mapped_column(Boolean, default=False)
    # 公众窗口: whether the public may apply online
    counter_open: Mapped[bool] = mapped_column(Boolean, default=True)
    # whole years after that of archiving; then personal data are masked. None: they are kept
    retention_years: Mapped[int | None]


class Installation(Base):
    """The one row that says what this instance is: a demonstration or a real office."""

    __tablename__ = "installation"

    id: Mapped[Id]
    demo: Mapped[bool] = mapped_column(Boolean)
    started_at: Mapped[Moment]
