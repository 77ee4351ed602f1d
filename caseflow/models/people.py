"""People who sign in, and their failed tries."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Boolean, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base
from .offices import Office
from .types import Code, Id, Moment, Name


class Person(Base):
    """Someone of an office with exactly one role."""

    __tablename__ = "person"

    id: Mapped[Id]
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[Name]
    role: Mapped[Code]
    department: Mapped[Name] = mapped_column(default="")  # 科室; "" where the office has none
    email: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str] = mapped_column(String(255))
    must_change: Mapped[bool] = mapped_column(Boolean, default=False)
    disabled: Mapped[bool] = mapped_column(Boolean, default=False)
    # warned while this one is away; two may stand in for each other, so the key is looked at on commit
    deputy_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", deferrable=True, initially="DEFERRED")
    )
    away_from: Mapped[date | None] = mapped_column(Date)
    away_until: Mapped[date | None] = mapped_column(Date)  # the last day away
    epoch: Mapped[int] = mapped_column(default=1)  # raised to end all sessions of this person

    office: Mapped[Office] = relationship(lazy="joined", innerjoin=True)


class SignInFailure(Base):
    """One failed sign-in; ``subject`` is an account or an address, hashed."""

    __tablename__ = "sign_in_failure"

    id: Mapped[Id]
    subject: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[Moment]
