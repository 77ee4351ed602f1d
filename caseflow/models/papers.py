"""Files and official letters of cases. What they say is in the store; events keep their ids and hashes."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base
from .types import Code, Id, Moment, Name


class StoredFile(Base):
    """One content of the store; written after the content itself."""

    __tablename__ = "stored_file"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)  # bytes
    kept_at: Mapped[Moment]


class Letter(Base):
    """One issue of an official letter: never changed. A later version of the same number voids it (作废)."""

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("office_id", "series", "year", "n", "version"),
        Index("ix_letter_case_id", "case_id"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    kind: Mapped[Code]  # law.letters
    about: Mapped[int]  # the seq of the event it tells of
    series: Mapped[Code]
    year: Mapped[int]
    n: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    number: Mapped[str] = mapped_column(String(80))  # as it is written: 狮政公开复〔2026〕第3号
    issued_on: Mapped[date] = mapped_column(Date)  # 成文日期
    issued_at: Mapped[Moment]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    typed: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict
    )  # what the clerk said, for a new version
    sha256: Mapped[str | None] = mapped_column(
        ForeignKey("stored_file.sha256"), index=True
    )  # None: masked, gone


class LetterCounter(Base):
    """The last number an office gave in a series and year; taken inside the write transaction."""

    __tablename__ = "letter_counter"

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    series: Mapped[Code] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class LetterTemplate(Base):
    """A template that an administrator put in the place of the shipped one; the newest version holds."""

    __tablename__ = "letter_template"

    kind: Mapped[Code] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str | None] = mapped_column(
        ForeignKey("stored_file.sha256")
    )  # None: the shipped one again
    name: Mapped[Name]  # of the uploaded file
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[Moment]


class Document(Base):
    """One file of a case, numbered within it as the folder's list has it."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("case_id", "n"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    n: Mapped[int]
    kind: Mapped[Code]  # stages.papers.KINDS
    name: Mapped[Name]  # the file's own name; only ever shown, or sent in a header
    sha256: Mapped[str | None] = mapped_column(
        ForeignKey("stored_file.sha256"), index=True
    )  # None: masked, gone
    desk_only: Mapped[bool] = mapped_column(Boolean, default=False)  # not for supervisors
    released: Mapped[bool] = mapped_column(Boolean, default=False)  # went to the applicant with the reply
    added_at: Mapped[Moment]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    stored: Mapped[StoredFile | None] = relationship(lazy="joined", viewonly=True)
