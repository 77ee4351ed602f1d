"""People who sign in, and their failed tries."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base
from .offices import Office
from .types import Code, Id, Moment, Name, Sealed, UtcDateTime


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
    password_since: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None = from before this was kept
    # 动态口令: the secret of TOTP; "" = none
    second_factor: Mapped[str] = mapped_column(Sealed("person.second_factor", 200), default="")
    second_factor_step: Mapped[int] = mapped_column(BigInteger, default=0)  # of the last code that was used

    office: Mapped[Office] = relationship(lazy="joined", innerjoin=True)


class SignInSession(Base):
    """A session: found by the hash of the token in its cookie, over once it is ended, idle or too old."""

    __tablename__ = "sign_in_session"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    since: Mapped[Moment] = mapped_column(index=True)
    seen: Mapped[Moment]  # the last request, up to a minute before
    address: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(60))
    awaits_code: Mapped[bool] = mapped_column(
        Boolean, default=False
    )  # the password was right, the code isn't in yet
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_why: Mapped[Code] = mapped_column(default="")


class FormerPassword(Base):
    """A password that can't be taken again; kept only where the rule looks at it."""

    __tablename__ = "former_password"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    hash: Mapped[str] = mapped_column(String(255))
    at: Mapped[Moment]


class RecoveryCode(Base):
    """Takes the place of the second factor once; its row goes with it. Of 119 random bits, so a plain hash will do."""

    __tablename__ = "recovery_code"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    hash: Mapped[str] = mapped_column(String(64))


class SignInFailure(Base):
    """One failed sign-in; ``subject`` is an account or an address, hashed."""

    __tablename__ = "sign_in_failure"

    id: Mapped[Id]
    subject: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[Moment]


class PolicyReport(Base):
    """How often browsers reported to have kept something out of our pages, for each part of the policy."""

    __tablename__ = "policy_report"

    part: Mapped[Code] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
    first_at: Mapped[Moment]
    last_at: Mapped[Moment]
