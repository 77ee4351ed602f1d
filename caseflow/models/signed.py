"""The signed reports of a year: figures, words and the cases behind each cell, frozen."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base
from .types import Id, Moment


class SignedYear(Base):
    """One signing of an office's year: never changed; a further edition stands beside it."""

    __tablename__ = "signed_year"
    __table_args__ = (UniqueConstraint("office_id", "year", "edition"),)

    id: Mapped[Id]
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    year: Mapped[int]
    edition: Mapped[int]  # 第几版, from 1
    frozen: Mapped[dict[str, Any]] = mapped_column(JSON)  # closing.freeze
    explanation: Mapped[str] = mapped_column(Text, default="")  # of a further edition
    hash: Mapped[str] = mapped_column(String(64))
    signed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[Moment]
