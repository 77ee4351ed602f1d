"""The record: events, and apart from them all that is personal or free text.

Events are never changed or deleted and hold nothing personal: they keep the id, version and salted
hash of the row that does.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base
from .types import Code, Id, Moment, Name, Sealed

OF_VOID = "act = 'void_reply'"


class Event(Base):
    """One act on a case: ``on`` is the day it happened, ``at`` the moment it was recorded."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("case_id", "seq"),
        # the past: what was recorded since a day, and of which day it tells; the replies that were voided
        Index("ix_event_at", "at", "act", "on", "case_id"),
        Index("ix_event_void", "case_id", sqlite_where=text(OF_VOID), postgresql_where=text(OF_VOID)),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    seq: Mapped[int]
    act: Mapped[Code]
    on: Mapped[date] = mapped_column(Date)
    at: Mapped[Moment]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    source: Mapped[str] = mapped_column(String(10), default="desk")  # desk | ledger | counter
    calendar_version: Mapped[int]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    hash: Mapped[str] = mapped_column(String(64))  # of its link in the chain of the office (stages.chain)


class Particulars(Base):
    """What the request form says (art. 29), one row a version."""

    __tablename__ = "particulars"
    __table_args__ = (UniqueConstraint("case_id", "version"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    version: Mapped[int]
    name: Mapped[Name] = mapped_column(index=True)
    contact_person: Mapped[Name] = mapped_column(default="")  # of an organisation
    agent: Mapped[Name] = mapped_column(default="")
    co_applicants: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    certificate_type: Mapped[str] = mapped_column(String(40), default="")
    content: Mapped[str] = mapped_column(Text)  # the information asked for, in the applicant's words
    obtain_by: Mapped[str] = mapped_column(String(40), default="")  # 获取方式
    form: Mapped[str] = mapped_column(String(40), default="")  # 提供形式
    remark: Mapped[str] = mapped_column(Text, default="")
    # sealed: with it anybody could try certificate numbers against the hash that an event keeps of the form
    salt: Mapped[str] = mapped_column(Sealed("particulars.salt", 120))

    identity: Mapped[Identity | None] = relationship(lazy="raise_on_sql", viewonly=True)


class Identity(Base):
    """Certificate number and telephone, kept in a table apart, and sealed."""

    __tablename__ = "identity"

    particulars_id: Mapped[int] = mapped_column(ForeignKey("particulars.id"), primary_key=True)
    certificate_number: Mapped[str] = mapped_column(Sealed("identity.certificate_number", 400), default="")
    phone: Mapped[str] = mapped_column(Sealed("identity.phone", 400), default="")
    # by which the same applicant is found (stages.record.hashed)
    certificate_hash: Mapped[str] = mapped_column(String(30), default="", index=True)


class Note(Base):
    """Free text of an act: reasons, items to correct, a third party and its opinion."""

    __tablename__ = "note"
    __table_args__ = (UniqueConstraint("case_id", "version"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    version: Mapped[int]
    party: Mapped[Name] = mapped_column(default="")  # whom the act concerned, if anyone
    text: Mapped[str] = mapped_column(Text, default="")
    salt: Mapped[str] = mapped_column(String(32))
