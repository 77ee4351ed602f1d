"""Invented histories as bare events, for many cases at once: lawful, and in the shape the desk writes.

Every day is reckoned in working days from the legal receipt, so holidays never get in the way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from random import Random
from typing import Any

from ..law.casefile import Entry
from ..law.facts import REPLY_DAYS
from ..law.receipt import rule_for
from ..law.secrecy import LETS_OUT
from ..law.workdays import Calendar
from ..stages.register import Arrival, arrival_details

LONGEST = 70  # working days from receipt after which any closed history is over

RESULTS = (
    ("granted", 40), ("partial", 14), ("refused_state_secret", 1), ("refused_prohibited_by_law", 1),
    ("refused_public_safety", 1), ("refused_third_party", 2), ("refused_internal_affairs", 2), ("refused_process", 3),
    ("refused_enforcement_file", 3), ("refused_administrative_inquiry", 3), ("unavailable_not_held", 16),
    ("unavailable_needs_creation", 4), ("not_processed_petition", 4), ("not_processed_repeat", 3),
    ("not_processed_publication", 1), ("not_processed_excessive", 1), ("not_processed_reconfirm", 1),
)  # fmt: skip
SENT_HOW = (("ems", 5), ("email", 4), ("in_person", 1))


class Weighted:
    """Chances by weight, ready to be drawn from a million times."""

    def __init__(self, pairs: Sequence[tuple[Any, int]]) -> None:
        self.values = [value for value, weight in pairs for _ in range(weight)]

    def draw(self, rng: Random) -> Any:
        """One of the values."""
        return self.values[int(rng.random() * len(self.values))]


_RESULTS, _HOW = Weighted(RESULTS), Weighted(SENT_HOW)


class History:
    """The events of one case in the making."""

    def __init__(
        self, rng: Random, calendar: Calendar, received: date, clerk: int, name: str, lead: int
    ) -> None:
        self.rng, self.calendar, self.received = rng, calendar, received
        self.clerk, self.name, self.lead = clerk, name, lead
        self.entries: list[Entry] = []
        self.anchor = received  # day 0 of the term that runs

    def after(self, days: int, since: date | None = None) -> date:
        """So many working days after ``since``, after the receipt if it isn't given."""
        return self.calendar.add(since or self.received, days)

    def add(self, act: str, on: date, actor: int, **details: Any) -> None:
        """The next event."""
        self.entries.append(Entry(len(self.entries) + 1, act, on, details, actor))

    def register(self, channel: str, applicant_class: str, unconfirmed: bool = False) -> None:
        """How it came; a letter is one that was signed for."""
        letter, known = channel == "letter", None if unconfirmed else self.received
        arrival = Arrival(
            channel, "signed" if letter else "", submitted=self.received, arrived=known if letter else None,
            confirmed=known if rule_for(channel).needs_confirmation else None,
        )  # fmt: skip
        details = arrival_details(arrival) | {"applicant_class": applicant_class}
        self.add("register", self.received, self.clerk, **details)

    def accept(self, days: int = 1) -> None:
        """Given to its handler."""
        self.add("accept", self.after(days), self.lead, handler_id=self.clerk, handler=self.name)

    def ask_correction(self, days: int, term: int) -> date:
        """One notice; returns its day."""
        asked = self.after(days)
        self.add("request_correction", asked, self.clerk, until=self.after(term, asked).isoformat())
        return asked

    def reply(self, used: int) -> None:
        """Drafted, approved, sent ``used`` working days after day 0, delivered and archived."""
        sent = self.after(used, self.anchor)
        drafted = max(self.after(max(used - 2, 0), self.anchor), self.entries[-1].on)
        self.draft(drafted)
        self.approve(max(self.after(max(used - 1, 0), self.anchor), drafted))
        self.add("send_reply", sent, self.clerk, how=_HOW.draw(self.rng))

    def draft(self, on: date) -> None:
        """A reply with some result."""
        self.add("draft_reply", on, self.clerk, result=_RESULTS.draw(self.rng))

    def approve(self, on: date) -> None:
        """Approved, after the secrecy review where it releases something."""
        if self.entries[-1].details["result"] in LETS_OUT:
            same, day = on.isoformat(), self.entries[-1].on
            self.add(
                "review_secrecy", on, self.clerk, conclusion="open", first_by=self.name, first_on=day.isoformat(),
                second_by="科室负责人", second_on=same, final_by="分管负责人",
            )  # fmt: skip
        self.add("approve_reply", on, self.lead)

    def file_away(self, today: date) -> None:
        """Delivered and archived, as far as that was before today."""
        closed = self.entries[-1].on
        for act, days in (("deliver_reply", 2), ("archive", 10)):
            if self.entries[-1].act == "withdraw" and act == "deliver_reply":
                continue
            day = self.after(days, closed)
            if day <= today:
                self.add(act, day, self.clerk)


# -- closed --------------------------------------------------------------------------------------


def _plain(h: History) -> None:
    h.reply(h.rng.randint(3, REPLY_DAYS))


def _late(h: History) -> None:
    h.reply(h.rng.randint(REPLY_DAYS + 1, REPLY_DAYS + 9))


def _corrected(h: History) -> None:
    asked = h.ask_correction(h.rng.randint(1, 7), 10)
    h.anchor = h.after(h.rng.randint(2, 10), asked)
    h.add("receive_correction", h.anchor, h.clerk)
    h.reply(h.rng.randint(3, REPLY_DAYS))


def _consulted(h: History) -> None:
    sent = h.after(h.rng.randint(2, 6))
    delivered = h.after(2, sent)
    h.add("consult_third_party", sent, h.clerk, n=1)
    h.add("deliver_consultation", delivered, h.clerk, n=1)
    came = h.rng.randint(3, 14)
    opinion = h.rng.choice(("consent", "partial", "object"))
    h.add(
        "record_opinion",
        h.after(came, delivered),
        h.clerk,
        n=1,
        opinion=opinion,
        delivered=delivered.isoformat(),
    )
    h.reply(h.calendar.count(h.received, h.entries[-1].on) + h.rng.randint(2, 10))


def _extended(h: History) -> None:
    asked, days = h.rng.randint(14, 19), h.rng.choice((5, 10, 15, 20))
    h.add("ask_extension", h.after(asked), h.clerk, days=days)
    told = h.after(asked + 1)
    h.add("approve_extension", told, h.lead, days=days, told=told.isoformat())
    h.reply(REPLY_DAYS + h.rng.randint(1, days))


def _withdrawn(h: History) -> None:
    h.add("withdraw", h.after(h.rng.randint(2, 15)), h.clerk)


def _lapsed(h: History) -> None:
    asked = h.ask_correction(h.rng.randint(1, 7), 10)
    h.add("lapse_correction", h.after(12, asked), h.lead, result="other_correction_lapsed")


CLOSED = Weighted((
    (_plain, 76), (_late, 4), (_corrected, 6), (_consulted, 4), (_extended, 5), (_withdrawn, 3), (_lapsed, 2),
))  # fmt: skip


def close(h: History, today: date) -> None:
    """Bring a registered case to its end; one received lately was answered quickly."""
    since = h.calendar.count(h.received, today)
    h.accept(min(1, since))
    if since < LONGEST:
        h.reply(h.rng.randint(1, max(since - 1, 1)) if since <= REPLY_DAYS else h.rng.randint(8, REPLY_DAYS))
    else:
        CLOSED.draw(h.rng)(h)
    h.file_away(today)
    if since > 2 * LONGEST and h.rng.random() < 0.03:
        _brought(h)


def _brought(h: History) -> None:
    """行政复议 or 行政诉讼 after the end, most of them decided."""
    kind = h.rng.choice(("reconsideration", "suit"))
    on = h.after(25, h.entries[-1].on)
    h.add("open_proceeding", on, h.clerk, n=1, kind=kind, after_reconsideration=False)
    if h.rng.random() < 0.8:
        result = h.rng.choice(("upheld", "upheld", "corrected", "other"))
        h.add("close_proceeding", h.after(40, on), h.clerk, n=1, result=result)


# -- open: working days since receipt, and how far it has come -----------------------------------


def _registered(h: History, since: int) -> None:
    """Nothing further yet."""


def _waiting(h: History, since: int) -> None:
    h.ask_correction(min(since, 4), 10)


def _handled(h: History, since: int) -> None:
    h.accept()


def _consulting(h: History, since: int) -> None:
    h.accept()
    sent = h.after(max(since - 6, 1))
    h.add("consult_third_party", sent, h.clerk, n=1)
    h.add("deliver_consultation", h.after(1, sent), h.clerk, n=1)


def _asking(h: History, since: int) -> None:
    h.accept()
    h.add("ask_extension", h.after(since - 1), h.clerk, days=10)


def _longer(h: History, since: int) -> None:
    h.accept()
    h.add("ask_extension", h.after(17), h.clerk, days=15)
    h.add("approve_extension", h.after(18), h.lead, days=15, told=h.after(18).isoformat())


def _drafted(h: History, since: int) -> None:
    h.accept()
    h.draft(h.after(since - 1))


def _signed(h: History, since: int) -> None:
    _drafted(h, since)
    h.approve(h.after(since))


# kind, how long ago at least and at most, confirmed
Open = tuple[Callable[[History, int], None], int, int, bool]
OPEN = Weighted((
    ((_registered, 0, 4, False), 8),  # 登记: receipt to be confirmed
    ((_registered, 0, 5, True), 12),  # 审核
    ((_waiting, 4, 13, True), 6),
    ((_waiting, 16, 30, True), 3),  # the correction is overdue
    ((_handled, 2, 14, True), 26),  # 正常
    ((_handled, 15, 17, True), 9),  # 临近
    ((_handled, 18, 20, True), 9),  # 紧急
    ((_handled, 21, 32, True), 5),  # 逾期
    ((_consulting, 8, 20, True), 6),
    ((_asking, 12, 19, True), 4),
    ((_longer, 20, 33, True), 5),
    ((_drafted, 6, 22, True), 8),
    ((_signed, 6, 20, True), 5),
))  # fmt: skip
