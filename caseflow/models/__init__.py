"""The tables: columns and relations only; what writes them is in ``stages``."""

from .alerts import Alert, AlertRecipient, JobRun, Lease, Mail, TermRule
from .annual import AnnualDraft
from .audit import AuditEntry, ChainHead
from .calendar import CalendarDay, CalendarYear, ClosingDay
from .cases import Case, CaseCounter, CaseLink, CaseTerm, ProceedingRow
from .counter import LetterOpening, Site, Ticket, Visit
from .keyring import SealingKey
from .offices import Installation, Office
from .papers import Document, Letter, LetterCounter, LetterTemplate, StoredFile
from .people import FormerPassword, Person, PolicyReport, RecoveryCode, SignInFailure, SignInSession
from .publications import Publication, PublicationFile, PublicationGram
from .record import Event, Identity, Note, Particulars
from .signed import SignedYear
from .typed import TypedTable

__all__ = [
    "Alert",
    "AlertRecipient",
    "AnnualDraft",
    "AuditEntry",
    "CalendarDay",
    "CalendarYear",
    "Case",
    "CaseCounter",
    "CaseLink",
    "CaseTerm",
    "ChainHead",
    "ClosingDay",
    "Document",
    "Event",
    "FormerPassword",
    "Identity",
    "Installation",
    "JobRun",
    "Lease",
    "Letter",
    "LetterCounter",
    "LetterOpening",
    "LetterTemplate",
    "Mail",
    "Note",
    "Office",
    "Particulars",
    "Person",
    "PolicyReport",
    "ProceedingRow",
    "Publication",
    "PublicationFile",
    "PublicationGram",
    "RecoveryCode",
    "SealingKey",
    "SignInFailure",
    "SignInSession",
    "SignedYear",
    "Site",
    "StoredFile",
    "TermRule",
    "Ticket",
    "TypedTable",
    "Visit",
]
