"""Year tables of offices that don't work here, as they were published and taken over."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base
from .types import Id, Moment, Name


class TypedTable(Base):
    """One version of an office's table of a year: never changed, the newest holds; without figures it was withdrawn."""

    __tablename__ = "typed_table"
    __table_args__ = (UniqueConstraint("office_id", "year", "version"),)

    id: Mapped[Id]
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    year: Mapped[int]
    version: Mapped[int]  # from 1
    edition: Mapped[str] = mapped_column(String(4))
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # law.published.as_json
    zeroed: Mapped[bool] = mapped_column(Boolean, default=False)  # somebody said that its blanks are 0
    name: Mapped[Name]  # of the file; "" where it was withdrawn
    sha256: Mapped[str] = mapped_column(String(64), default="")  # of the file
    taken_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    taken_at: Mapped[Moment]
