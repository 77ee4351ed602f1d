"""Drafts of the annual report: what people wrote into it, every version."""

from __future__ import annotations

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base
from .types import Code, Id, Moment


class AnnualDraft(Base):
    """One version of an office's report of a year: never changed, the newest holds.

    It holds the whole of what was written. A part that nobody wrote is not in ``texts``: it follows the figures.
    """

    __tablename__ = "annual_draft"
    __table_args__ = (UniqueConstraint("office_id", "year", "version"),)

    id: Mapped[Id]
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    year: Mapped[int]
    version: Mapped[int]  # from 1
    texts: Mapped[dict[str, str]] = mapped_column(JSON)  # by part, of law.annual.TEXTS
    figures: Mapped[dict[str, str | None]] = mapped_column(
        JSON
    )  # of part two, law.annual_two.as_json; a blank is null
    part: Mapped[Code] = mapped_column(
        default=""
    )  # what this version changed, "" where it is an older one again
    restored: Mapped[int | None]  # the version that it is again; 0: as the figures alone give it
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[Moment]
