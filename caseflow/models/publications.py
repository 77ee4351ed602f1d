"""公开答复: replies that the office chose to publish, every version; events keep their ids and hashes.

Which version everybody reads is derived from the events of the case, like the case row.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Boolean, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base
from .offices import Office
from .papers import StoredFile
from .types import Code, Id, Moment, Name

PUBLIC = "state = 'published'"


class Publication(Base):
    """One version of what is published of a case: its words are never changed, only masked."""

    __tablename__ = "publication"
    __table_args__ = (
        UniqueConstraint("case_id", "version"),
        # what everybody reads, the newest first; what waits in an office
        Index("ix_publication_public", "published_on", "id", sqlite_where=text(PUBLIC), postgresql_where=text(PUBLIC)),
        Index("ix_publication_office_id", "office_id", "state"),
    )  # fmt: skip

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    version: Mapped[int]  # from 1
    ground: Mapped[Code]  # law.publishing.GROUNDS
    title: Mapped[Name]
    question: Mapped[str] = mapped_column(Text)  # the request in words that point at nobody
    answer: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[Moment]
    state: Mapped[Code]  # law.publishing.STATES, derived
    published_on: Mapped[date | None] = mapped_column(Date)  # derived: the day it was approved

    office: Mapped[Office] = relationship(lazy="raise_on_sql", viewonly=True, innerjoin=True)
    files: Mapped[list[PublicationFile]] = relationship(
        order_by=lambda: PublicationFile.n, lazy="raise_on_sql", viewonly=True
    )


class PublicationFile(Base):
    """One file that goes with a published reply."""

    __tablename__ = "publication_file"

    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)  # from 1
    name: Mapped[Name]
    sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"), index=True)  # None: masked
    # the program can't read all that it says: whoever proposed and whoever approved looked through every page
    by_hand: Mapped[bool] = mapped_column(Boolean)

    stored: Mapped[StoredFile | None] = relationship(lazy="joined", viewonly=True)


class PublicationGram(Base):
    """What a version is found by: every two neighbouring characters that it says, and its other words."""

    __tablename__ = "publication_gram"

    gram: Mapped[str] = mapped_column(Text, primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), primary_key=True, index=True)
