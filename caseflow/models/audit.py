"""The second log (安全审计), and where each chain of hashes stands."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base
from .types import Code, Id, Moment


class ChainHead(Base):
    """The last link of one chain: the events of an office, or the second log (``stages.chain``)."""

    __tablename__ = "chain_head"

    name: Mapped[Code] = mapped_column(primary_key=True)
    length: Mapped[int] = mapped_column(BigInteger, default=0)  # links ever made
    hash: Mapped[str] = mapped_column(String(64), default="")
    # of the second log alone: what was past its keeping and is gone
    dropped: Mapped[int] = mapped_column(BigInteger, default=0)
    dropped_hash: Mapped[str] = mapped_column(String(64), default="")


class AuditEntry(Base):
    """Who did what that is no act on a case: signed in, was refused, exported, looked at, changed a setting.

    Holds nothing of an applicant. The case and the organ are told by their ids without a key of the
    database: the log outlives what it tells of.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_office_id", "office_id", "id"),
        Index("ix_audit_entry_actor_id", "actor_id", "id"),
        Index("ix_audit_entry_case_id", "case_id", "id"),
        Index("ix_audit_entry_at", "at", "id"),
    )

    id: Mapped[Id]
    at: Mapped[Moment]
    what: Mapped[Code]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    office_id: Mapped[int | None] = mapped_column(BigInteger)
    case_id: Mapped[int | None] = mapped_column(BigInteger)
    address: Mapped[str] = mapped_column(String(64), default="")  # from where; "" for a command
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    hash: Mapped[str] = mapped_column(String(64))
