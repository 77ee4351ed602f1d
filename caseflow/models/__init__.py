"""The tables: columns and relations only; what writes them is in ``stages``."""

from .alerts import Alert, AlertRecipient, JobRun, Lease
from .calendar import CalendarDay, CalendarYear
from .cases import Case, CaseCounter, CaseLink, ProceedingRow
from .offices import Installation, Office
from .people import Person, SignInFailure
from .record import Event, Identity, Note, Particulars

__all__ = [
    "Alert",
    "AlertRecipient",
    "CalendarDay",
    "CalendarYear",
    "Case",
    "CaseCounter",
    "CaseLink",
    "Event",
    "Identity",
    "Installation",
    "JobRun",
    "Lease",
    "Note",
    "Office",
    "Particulars",
    "Person",
    "ProceedingRow",
    "SignInFailure",
]
