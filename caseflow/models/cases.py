"""The case row: the summary of its events, written by ``stages.record`` and by nothing else."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Boolean, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from ..db import Base
from ..law.applicants import CLASSES
from .counter import Ticket
from .offices import Office
from .record import Particulars
from .types import Code, Id, Name

UNARCHIVED = "stage = 'archive'"
# What can't be right about a closed case or its applicant: nearly none, and a year's report asks for all of them
ODD = (
    "replied_on < received_on OR closed_on IS NOT NULL AND result = '' OR replied_on IS NOT NULL AND due_on IS NULL "
    f"OR applicant_class NOT IN ({', '.join(repr(code) for code in CLASSES)})"
)
MISSED = "replied_on IS NULL AND closed_on > due_on"  # overdue when it was closed without a reply
UNMASKED = "archived_on IS NOT NULL AND masked_seq < seq"


class Case(Base):
    """One request. Every column but the first block is derived from events."""

    __tablename__ = "case"
    __table_args__ = (
        UniqueConstraint("office_id", "number"),
        # the worklists see open cases only, whatever the history weighs; their counts need no row. closed_on is
        # never set in it, but SQLite reads the row for a column that an index only implies
        Index(
            "ix_case_open_due", "office_id", "due_on", "id", "waiting", "hold_until", "received_on", "handler_id", "stage",
            "extension_asked", "draft_approved", "secrecy_awaited", "closed_on",
            sqlite_where=text("closed_on IS NULL"), postgresql_where=text("closed_on IS NULL"),
        ),
        # closed, and the folder still open
        Index(
            "ix_case_unarchived", "office_id", "handler_id",
            sqlite_where=text(UNARCHIVED), postgresql_where=text(UNARCHIVED),
        ),
        # the tables of a year are counted from these two alone
        Index("ix_case_result", "office_id", "result_year", "applicant_class", "result", "on_time", "new_year", "replied_on"),
        Index("ix_case_new", "office_id", "new_year", "applicant_class", "channel"),
        Index("ix_case_registered", "office_id", "registered_on", "id"),
        # for the list by receipt alone, which says these words: SQLite would take it for anything with a receipt
        Index(
            "ix_case_received", "office_id", "received_on", "id",
            sqlite_where=text("seq > 0"), postgresql_where=text("seq > 0"),
        ),
        Index("ix_case_replied", "office_id", "replied_on", "on_time", "new_year"),
        Index("ix_case_handler", "office_id", "handler_id"),
        Index("ix_case_closed", "office_id", "closed_on", "id"),
        Index("ix_case_ledger_hash", "office_id", "ledger_hash"),
        # the few that a fee was asked for: what a year's report says of it
        Index(
            "ix_case_charged", "office_id", "charged",
            sqlite_where=text("charged = 1"), postgresql_where=text("charged"),
        ),
        Index("ix_case_odd", "office_id", sqlite_where=text(ODD), postgresql_where=text(ODD)),
        Index("ix_case_missed", "office_id", "closed_on", sqlite_where=text(MISSED), postgresql_where=text(MISSED)),
        # what still holds personal data, whatever was masked before
        Index(
            "ix_case_retention", "office_id", "archived_on",
            sqlite_where=text(UNMASKED), postgresql_where=text(UNMASKED),
        ),
    )  # fmt: skip

    id: Mapped[Id]
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    number: Mapped[str] = mapped_column(String(40))
    imported: Mapped[bool] = mapped_column(Boolean, default=False)
    ledger_hash: Mapped[str | None] = mapped_column(String(64))  # the ledger row it came from
    form_key: Mapped[str | None] = mapped_column(String(32), unique=True)  # the page it was typed on

    seq: Mapped[int] = mapped_column(default=0)  # of its last event; two hands on one case
    stage: Mapped[Code]
    channel: Mapped[Code]
    applicant_class: Mapped[Code]
    particulars_id: Mapped[int | None]  # the newest version; particulars.case_id holds the key
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    handler: Mapped[Name] = mapped_column(default="")
    department: Mapped[Name] = mapped_column(
        default=""
    )  # 承办科室: the handler's when the case was given to them
    registered_on: Mapped[date] = mapped_column(Date)
    received_on: Mapped[date | None] = mapped_column(Date)  # legal receipt (art. 31)
    waiting: Mapped[Code] = mapped_column(default="")  # correction | fee | consultation
    hold_until: Mapped[date | None] = mapped_column(Date)
    # of a request closed without a reply only where the day had passed: somebody answers for it (责任追究)
    due_on: Mapped[date | None] = mapped_column(Date)
    provisional: Mapped[bool] = mapped_column(Boolean, default=False)
    calendar_version: Mapped[int] = mapped_column(default=0)
    corrected: Mapped[bool] = mapped_column(Boolean, default=False)
    charged: Mapped[bool] = mapped_column(Boolean, default=False)  # a fee was asked for (art. 42)
    consulted: Mapped[bool] = mapped_column(Boolean, default=False)
    extended: Mapped[int] = mapped_column(default=0)  # working days granted
    deferred: Mapped[bool] = mapped_column(Boolean, default=False)  # put off to a later day (art. 35)
    extension_asked: Mapped[int] = mapped_column(default=0)
    draft_result: Mapped[Code] = mapped_column(default="")
    draft_approved: Mapped[bool] = mapped_column(Boolean, default=False)
    secrecy_awaited: Mapped[bool] = mapped_column(Boolean, default=False)  # by the draft, before its approval
    result: Mapped[Code] = mapped_column(default="")
    closed_by: Mapped[Code] = mapped_column(default="")
    replied_on: Mapped[date | None] = mapped_column(Date)  # the day of sending
    closed_on: Mapped[date | None] = mapped_column(Date)
    delivered_on: Mapped[date | None] = mapped_column(Date)
    archived_on: Mapped[date | None] = mapped_column(Date)
    on_time: Mapped[bool | None] = mapped_column(Boolean)
    plain_on_time: Mapped[bool | None] = mapped_column(Boolean)  # within 20 working days of the receipt
    days_used: Mapped[int | None]  # working days counted to the reply
    masked_seq: Mapped[int] = mapped_column(default=0)  # the event that masked its personal data; 0 for none
    new_year: Mapped[int | None]
    result_year: Mapped[int | None]

    particulars: Mapped[Particulars | None] = relationship(
        primaryjoin=lambda: foreign(Case.particulars_id) == Particulars.id,
        lazy="raise_on_sql",
        viewonly=True,
    )
    ticket: Mapped[Ticket | None] = relationship(lazy="raise_on_sql", viewonly=True)
    office: Mapped[Office] = relationship(lazy="raise_on_sql", viewonly=True, innerjoin=True)
    proceedings: Mapped[list[ProceedingRow]] = relationship(order_by=lambda: ProceedingRow.n, viewonly=True)
    terms: Mapped[list[CaseTerm]] = relationship(
        order_by=lambda: (CaseTerm.due_on, CaseTerm.term, CaseTerm.n), lazy="raise_on_sql", viewonly=True
    )


class CaseTerm(Base):
    """One term that runs on a case now (``law.terms``), derived from events like the case row."""

    __tablename__ = "case_term"
    __table_args__ = (Index("ix_case_term_due", "term", "due_on", "case_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    term: Mapped[Code] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, default=0)  # of several consultations, which
    starts_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)


class CaseCounter(Base):
    """The last number an office gave in a year; taken inside the write transaction."""

    __tablename__ = "case_counter"

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class CaseLink(Base):
    """Two cases that belong together: ``other_id`` tells of it, by an event of its own (``law.casefile``).

    Split from one form (一事一申请), answered anew (重新答复), or another organ's and registered there.
    """

    __tablename__ = "case_link"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True, index=True)
    kind: Mapped[Code]


class ProceedingRow(Base):
    """The summary of one 行政复议 or 行政诉讼, derived from events like the case row."""

    __tablename__ = "proceeding"
    __table_args__ = (
        # table 4 is counted from it alone
        Index(
            "ix_proceeding_table4", "office_id", "new_year", "result_year", "kind", "after_reconsideration", "result",
            "case_id",
        ),
    )  # fmt: skip

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    kind: Mapped[Code]
    after_reconsideration: Mapped[bool] = mapped_column(Boolean, default=False)
    opened_on: Mapped[date] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    result: Mapped[Code] = mapped_column(default="")
    new_year: Mapped[int]  # of table 4, by the same rule as a case's
    result_year: Mapped[int | None]

    case: Mapped[Case] = relationship(lazy="raise_on_sql", viewonly=True, innerjoin=True)
