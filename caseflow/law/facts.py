"""What the clock needs to know of a case: facts as they happened, lawful or not.

Restart (补正, 缴费), exclusion (征求意见), extension (延期) and deferral (延迟答复) are four different
things. All counts are working days.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from .workdays import Calendar

REPLY_DAYS = 20  # art. 33: working days to reply
EXTENSION_DAYS = 20  # art. 33: at most so many more
CORRECTION_NOTICE_DAYS = 7  # art. 30: working days for the one notice
CONSULTATION_DAYS = 15  # art. 32, 34: working days the other has from its receipt of the letter
PAYMENT_DAYS = 20  # 国办函〔2020〕109号: working days to pay, from the receipt of the notice

PauseKind = Literal["correction", "fee"]
Party = Literal["third_party", "joint_organ"]


@dataclass(frozen=True)
class Pause:
    """A wait for the applicant: asked on ``asked``, to be met by ``until``; ``met`` restarts the term.

    补正 (art. 30) and 缴费 (art. 42) work alike: no due day while waiting, then the full term anew.
    """

    kind: PauseKind
    asked: date | None
    until: date | None = None
    met: date | None = None
    told: date | None = None  # the day the notice of the fee came; unknown: that of the notice

    @property
    def starts(self) -> date | None:
        """Day 0 of the applicant's term: the day the notice came, else the day it was given."""
        return self.told or self.asked

    def last_day(self, calendar: Calendar) -> date | None:
        """The applicant's last day: as the office set it, for a fee else 20 working days; None where nobody knows.

        The 20 working days are never kept as a day: they move with the calendar.
        """
        if self.until is None and self.kind == "fee" and self.starts:
            return calendar.add(self.starts, PAYMENT_DAYS)
        return self.until


@dataclass(frozen=True)
class Consultation:
    """征求意见: ``sent`` to ``opinion`` is not counted (art. 33), at most 15 working days from ``delivered``.

    A third party's silence leaves the decision to the office (art. 32), that of an organ which made
    the information too is consent (art. 34); the clock is the same. Without ``delivered`` a recorded
    opinion is taken as given, and an open consultation is reckoned as delivered on the day it was sent:
    never a later due day than can be proved.
    """

    sent: date
    delivered: date | None = None
    opinion: date | None = None
    party: Party = "third_party"
    n: int = field(default=0, compare=False)  # its number within the case; the clock doesn't ask for it

    def limit(self, calendar: Calendar) -> date:
        """The last of the other's 15 working days (art. 32, 34)."""
        return calendar.add(self.delivered or self.sent, CONSULTATION_DAYS)

    def end(self, calendar: Calendar) -> date:
        """The last day not counted: the opinion, or the end of the 15 days, whichever is first."""
        if self.opinion is None:
            return self.limit(calendar)
        return min(self.opinion, self.limit(calendar)) if self.delivered else self.opinion


@dataclass(frozen=True)
class Extension:
    """延期 by ``days`` working days, approved on ``approved`` (unknown in a what-if)."""

    days: int
    approved: date | None = None


@dataclass(frozen=True)
class Facts:
    """What the clock needs to know of a case, and nothing else."""

    received: date
    pauses: tuple[Pause, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    extensions: tuple[Extension, ...] = ()
    deferred_to: date | None = None  # art. 35: a later day set and told to the applicant
    closed: date | None = None
    ordered_to: date | None = None  # art. 51: the last day that a decision or judgment sets for the new reply
    began_by: str = "收到申请"  # what day 0 is the day of
    receipt_why: str = "收到申请"
    receipt_article: str = "第三十一条"
