"""The public's counter (公众窗口): the tickets by which requests are followed, who looks now, what was opened there."""

from __future__ import annotations

from sqlalchemy import Boolean, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base
from .types import Id, Moment, Name


class Site(Base):
    """A government website with a form of its own, which sends its requests by the HTTP interface."""

    __tablename__ = "site"

    id: Mapped[Id]
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    name: Mapped[Name]
    issue: Mapped[int] = mapped_column(default=1)  # of its token: an earlier one is worth nothing
    disabled: Mapped[bool] = mapped_column(Boolean, default=False)
    made_at: Mapped[Moment]  # of that token


class Ticket(Base):
    """查询凭证: the number and the code by which an applicant follows a request; of the code only a hash is kept."""

    __tablename__ = "ticket"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    query_number: Mapped[str] = mapped_column(String(12), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    electronic: Mapped[bool] = mapped_column(Boolean, default=False)  # 同意电子送达
    notify: Mapped[bool] = mapped_column(Boolean, default=False)  # to be told by e-mail
    told_seq: Mapped[int] = mapped_column(default=0)  # the last event that was looked at for an e-mail
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))  # through which it came, if any
    made_at: Mapped[Moment]


class Visit(Base):
    """Somebody who entered number and code, until a moment; found by the hash of the token in their cookie."""

    __tablename__ = "visit"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    until: Mapped[Moment] = mapped_column(index=True)


class LetterOpening(Base):
    """When the applicant first opened a letter at the counter: what proves that it was served."""

    __tablename__ = "letter_opening"

    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), primary_key=True)
    opened_at: Mapped[Moment]
