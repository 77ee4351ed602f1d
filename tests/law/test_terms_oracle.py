"""Which terms run, and until when, told event by event: each act begins some and ends others."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given

from caseflow.law.casefile import Entry
from caseflow.law.replay import replay
from caseflow.law.terms import Running, running
from tests.law.days import CALENDAR
from tests.law.naive import day_0, due_day, nth_working_day_after
from tests.law.walks import walks

CLOSING = {"send_reply", "withdraw", "lapse_correction", "lapse_fee"}


def told(entry: Entry, name: str) -> date | None:
    value = entry.details.get(name)
    return date.fromisoformat(value) if value else None


class Diary:
    """What a careful clerk keeps beside the file: the terms begun and not ended, by name and number."""

    def __init__(self) -> None:
        self.received: date | None = None
        self.open: dict[tuple[str, int], tuple[date, date]] = {}
        self.closed: dict[tuple[str, int], tuple[date, date]] = {}
        self.is_open, self.handling, self.over = True, False, False

    def begin(self, name: str, start: date, last: date, n: int = 0) -> None:
        self.open[name, n] = start, last

    def end(self, name: str, n: int = 0) -> None:
        self.open.pop((name, n), None)

    def note(self, e: Entry) -> None:
        n, until = e.details.get("n", 0), told(e, "until")
        if e.act in {"register", "confirm_receipt"}:
            received = told(e, "received") if e.act == "register" else e.on
            if received:
                self.received = received
                self.begin("correction_notice", received, nth_working_day_after(received, 7))
        elif e.act == "request_correction" and until:
            self.end("correction_notice")
            self.begin("correction", e.on, until)
        elif e.act in {"fee_notice", "deliver_fee_notice"}:
            self.begin("payment", e.on, nth_working_day_after(e.on, 20))
        elif e.act == "ask_reasons" and until:
            self.begin("reasons", e.on, until)
        elif e.act in {"consult_third_party", "consult_joint_organ", "deliver_consultation"}:
            self.begin("consultation", e.on, nth_working_day_after(e.on, 15), n)
        elif e.act in {"receive_correction", "pay_fee", "receive_reasons"}:
            self.end({"receive_correction": "correction", "pay_fee": "payment"}.get(e.act, "reasons"))
        elif e.act == "record_opinion":
            self.end("consultation", n)
        else:
            self.note_stage(e)

    def note_stage(self, e: Entry) -> None:
        if e.act in {"accept", "assign"}:
            self.end("correction_notice")
            self.handling = True
            if last := told(e, "internal_until"):
                self.begin("internal", e.on, last)
        elif e.act == "draft_reply":
            self.handling = False
        elif e.act in {"send_back", "void_reply"}:
            self.handling, self.is_open, self.closed = True, True, {}
        elif e.act in CLOSING:
            self.is_open = False
            self.closed["archive", 0] = e.on, e.on + timedelta(days=30)
            if e.act == "send_reply":
                self.closed["delivery", 0] = e.on, e.on + timedelta(days=15)
        elif e.act == "resend_reply":
            self.closed["delivery", 0] = e.on, e.on + timedelta(days=15)
        elif e.act == "deliver_reply":
            self.closed.pop(("delivery", 0))
        elif e.act == "archive":
            self.closed = {}

    def terms(self) -> set[Running]:
        """The terms that run now, the reply aside."""
        if self.received is None:
            return set()
        kept = self.open if self.is_open else self.closed
        shown = {key: span for key, span in kept.items() if key[0] != "internal" or self.handling}
        return {Running(name, start, last, n) for (name, n), (start, last) in shown.items()}


@pytest.mark.soak
@given(walks())
def test_the_terms_that_run_are_those_begun_and_not_ended(entries: list[Entry]) -> None:
    diary, file = Diary(), replay(entries)
    for entry in entries:
        diary.note(entry)
    found = running(file, file.clock(CALENDAR), CALENDAR)
    assert len(found) == len(set(found))
    assert {term for term in found if term.term != "reply"} == diary.terms()


@pytest.mark.soak
@given(walks())
def test_the_reply_runs_exactly_while_the_case_is_open_and_nobody_waits_for_the_applicant(
    entries: list[Entry],
) -> None:
    file = replay(entries)
    facts = file.facts()
    found = [term for term in running(file, file.clock(CALENDAR), CALENDAR) if term.term == "reply"]
    if facts is None or not file.is_open or day_0(facts) is None:
        assert found == []
    else:
        assert [(term.starts, term.due, term.n) for term in found] == [(day_0(facts), due_day(facts), 0)]
