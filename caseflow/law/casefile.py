"""A case as its events tell it: the facts that ``replay`` gathers, and what follows from them.

Nothing here knows rows or pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .clock import Clock, clock
from .facts import Consultation, Extension, Facts, Pause
from .publishing import PROPOSED, PUBLISHED, Publishing, current
from .receipt import rule_for
from .secrecy import SecrecyReview
from .supervision import Accountability, Watch
from .workdays import Calendar

Details = Mapping[str, Any]

# How cases belong together, by the one that tells of it
SPLIT = "split"  # 一事一申请: of one form
REDO = "redo"  # 重新答复: the request answered anew (art. 51)
NOT_OURS = "not_ours"  # answered as another organ's, registered there on a receipt of its own (art. 36)


@dataclass(frozen=True)
class Entry:
    """One event as the law sees it: ``on`` is the day it happened, ``seq`` the order it was recorded."""

    seq: int
    act: str
    on: date
    details: Details
    actor_id: int | None = None
    ledger: bool = False  # brought in by a ledger (台账导入), not done at the desk


@dataclass(frozen=True)
class Reasons:
    """说明理由 (art. 35): asked on a day, by ``until``, ``given`` when they came. The clock runs meanwhile."""

    asked: date
    until: date
    given: date | None = None


@dataclass(frozen=True)
class Draft:
    """A reply in the making: its result, who wrote it, whether the lead has approved it."""

    result: str
    by: int | None
    reply_no: str = ""
    approved_on: date | None = None

    @property
    def approved(self) -> bool:
        """Whether the lead has signed it (审签)."""
        return self.approved_on is not None


@dataclass(frozen=True)
class Proceeding:
    """One 行政复议 or 行政诉讼 about the case, numbered within it."""

    n: int
    kind: str  # reconsideration | suit
    after_reconsideration: bool
    opened: date
    closed: date | None = None
    result: str = ""  # upheld | corrected | other
    new_from: int = 0  # the year it counts in at the earliest, where its own was signed (law.counting)
    result_from: int = 0
    appealed: date | None = None  # the day on which the suit came to the second instance (二审)
    redone: int | None = None  # corrected: the case under which the request is answered anew (art. 51)

    @property
    def in_first_instance(self) -> bool:
        """A suit that nobody has appealed in yet, and whose end isn't recorded; it is one proceeding in both instances."""
        return self.kind == "suit" and self.appealed is None and self.closed is None

    @property
    def new_year(self) -> int:
        """The first year whose table 4 it stands in."""
        return max(self.opened.year, self.new_from)

    @property
    def result_year(self) -> int | None:
        """The year whose table 4 shows how it ended; None while it is pending."""
        return max(self.closed.year, self.result_from, self.new_year) if self.closed else None


@dataclass(frozen=True)
class Issued:
    """An official letter that was issued: of what kind, about which entry, under which number."""

    kind: str
    about: int  # the seq of the entry it tells of
    number: str
    version: int
    on: date


@dataclass
class CaseFile:
    """What the events add up to."""

    stage: str = "register"
    channel: str = "other"
    mail: str = ""
    applicant_class: str = "other"
    registered: date | None = None
    submitted: date | None = None
    arrived: date | None = None  # in the house, by post
    received: date | None = None  # the legal day of receipt (art. 31); of a re-reply, the decision's
    redo_of: int | None = None  # 重新答复: the case whose reply was corrected (art. 51)
    first_received: date | None = None  # of a re-reply: the legal receipt of the request itself
    ordered_to: date | None = None  # the day that the decision or judgment set for it
    counted: bool = True  # whether it stands in table 3 and in rates: a re-reply mostly doesn't
    links: list[tuple[int, str]] = field(default_factory=list)  # the cases it belongs to, and how
    handler_id: int | None = None
    handler: str = ""
    department: str = ""  # 承办科室
    pauses: list[Pause] = field(default_factory=list)
    consultations: list[Consultation] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    extension_asked: int = 0  # working days asked for and not yet decided
    extension_asked_on: date | None = None
    reasons: Reasons | None = None
    deferred_to: date | None = None
    deferred_on: date | None = None  # the day it was decided; a ledger doesn't tell it
    internal: tuple[date, date] | None = None  # given at 分办: from, through
    draft: Draft | None = None
    secrecy: SecrecyReview | None = None  # of what is to be released now
    result: str = ""
    replied: date | None = None  # the day of sending
    closed: date | None = None  # sent, lapsed or withdrawn
    closed_by: str = ""  # reply | lapsed | withdrawn | not_received
    closed_by_ledger: bool = False
    new_from: int = 0  # the year it counts in at the earliest, where its own was signed (law.counting)
    result_from: int = 0
    decided_at: int = 0  # the seq of the draft or the lapse that its letter tells of
    dispatch_proven: bool = False  # a proof was named with the sending or the delivery
    reply_no: str = ""
    delivered: date | None = None
    returned: date | None = None  # came back undelivered, and has not been sent again
    sent_again: date | None = None  # the last time; the day of the first sending decides
    archived: date | None = None
    proceedings: list[Proceeding] = field(default_factory=list)
    letters: dict[tuple[str, int], Issued] = field(
        default_factory=dict
    )  # by kind and entry: the one that holds
    outdated: set[int] = field(default_factory=set)  # files that tell of a reply which is no more
    documents: dict[int, str] = field(default_factory=dict)  # files by their number in the case: what each is
    watch: Watch | None = None  # the one that was not ended (解除督办)
    accountability: Accountability | None = None
    publications: list[Publishing] = field(default_factory=list)  # 公开答复: every version, in order
    accepted: bool = False  # was it ever in 办理
    amended: bool = False  # was anything corrected (更正)
    masked: date | None = None  # the day its personal data were masked (隐去个人信息)
    masked_at: int = 0  # the seq of that event
    latest: date | None = None  # the last day on which anything happened
    seq: int = 0
    # the last clock made, with all it was made from: an act asks for it several times over
    _made: tuple[Facts, Calendar, Clock] | None = field(default=None, repr=False, compare=False)

    def facts(self) -> Facts | None:
        """The clock's facts; None before the legal receipt is confirmed."""
        if self.received is None:
            return None
        if self.redo_of:
            began = why = "收到复议决定、判决"
            article = "第五十一条"
        else:
            rule = rule_for(self.channel, self.mail)
            began, why, article = "收到申请", rule.why, rule.article
        return Facts(
            received=self.received,
            pauses=tuple(sorted(self.pauses, key=lambda p: p.asked or p.met or date.min)),
            consultations=tuple(sorted(self.consultations, key=lambda c: c.sent)),
            extensions=tuple(self.extensions),
            deferred_to=self.deferred_to,
            closed=self.closed,
            ordered_to=self.ordered_to,
            began_by=began,
            receipt_why=why,
            receipt_article=article,
        )

    def clock(self, calendar: Calendar) -> Clock | None:
        """The statutory clock; None before the legal receipt is confirmed."""
        facts = self.facts()
        if facts is None:
            return None
        if self._made is None or self._made[0] != facts or self._made[1] is not calendar:
            self._made = (facts, calendar, clock(facts, calendar))
        return self._made[2]

    def on_time(self, calendar: Calendar) -> bool | None:
        """Whether the reply was sent on or before the due day; None where no reply was sent."""
        ticking = self.clock(calendar)
        return self.sent_by(ticking.due if ticking else None)

    def plain_on_time(self, calendar: Calendar) -> bool | None:
        """Whether the reply was sent within the first 20 working days after the receipt (day 0).

        Whatever stopped, restarted or lengthened the term. None where no reply was sent.
        """
        ticking = self.clock(calendar)
        return self.sent_by(ticking.plain_due if ticking else None)

    def sent_by(self, last: date | None) -> bool | None:
        """Whether the reply was sent on or before a day, never where there is none; None where no reply was sent."""
        if self.replied is None or self.closed_by != "reply":
            return None
        return last is not None and self.replied <= last

    def missed(self, calendar: Calendar) -> date | None:
        """The due day that had passed when the request was withdrawn; None where none had.

        A reply has its own day of sending, and what lapses had no due day any more.
        """
        ticking = self.clock(calendar) if self.closed_by == "withdrawn" else None
        if not (ticking and ticking.due and self.closed) or ticking.waits_on(self.closed):
            return None
        return ticking.due if ticking.due < self.closed else None

    def overdue(self, calendar: Calendar, today: date) -> bool:
        """Whether its reply was sent, or it was withdrawn, after the due day, or that day passed by ``today`` while
        its term runs."""
        if self.closed:
            return self.on_time(calendar) is False or self.missed(calendar) is not None
        ticking = self.clock(calendar)
        return bool(ticking and ticking.due and ticking.due < today and not ticking.waits_on(today))

    @property
    def is_open(self) -> bool:
        """Not yet answered, lapsed or withdrawn."""
        return self.closed is None

    def take_back(self, *kinds: str) -> None:
        """What was decided is no more: its letters don't hold, files of these kinds tell of something else."""
        gone = {self.decided_at, self.secrecy.seq if self.secrecy else 0}
        self.letters = {key: issued for key, issued in self.letters.items() if issued.about not in gone}
        self.outdated |= {n for n, kind in self.documents.items() if kind in kinds}
        self.secrecy, self.decided_at = None, 0

    @property
    def new_year(self) -> int | None:
        """The report year in which the request is new; None before the legal receipt, and where it isn't counted."""
        return max(self.received.year, self.new_from) if self.received and self.counted else None

    @property
    def result_year(self) -> int | None:
        """The report year of the result, never before the one in which it is new; None without a result."""
        if self.closed is None or not self.result or not self.counted:
            return None
        return max(self.closed.year, self.result_from, self.new_year or 0)

    @property
    def pending(self) -> Pause | None:
        """The correction or payment still awaited."""
        awaited = [p for p in self.pauses if p.met is None]
        return awaited[-1] if awaited and self.is_open else None

    @property
    def watched(self) -> Watch | None:
        """The watch that is to be answered; closing the case ends it (办结)."""
        return self.watch if self.watch and self.watch.answered is None and self.is_open else None

    @property
    def proposed(self) -> Publishing | None:
        """The version of 公开答复 that waits for the lead."""
        return current(self.publications, PROPOSED)

    @property
    def published(self) -> Publishing | None:
        """The version that everybody reads."""
        return current(self.publications, PUBLISHED)

    @property
    def open_consultations(self) -> list[tuple[int, Consultation]]:
        """Consultations without an opinion, by their number within the case."""
        return [(c.n, c) for c in self.consultations if c.opinion is None]


def day(value: str | date | None) -> date | None:
    """A date as events keep it (ISO text), or None."""
    return date.fromisoformat(value) if isinstance(value, str) else value
