"""The clock against a counter that walks the calendar day by day, on histories made up at random."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from random import Random
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from caseflow.law.clock import Clock, clock
from caseflow.law.facts import Consultation, Extension, Facts, Pause
from caseflow.law.workdays import days_between
from caseflow.law.working import Step
from tests.law.days import BEGINNINGS, CALENDAR, day

ONE_DAY = timedelta(days=1)


# --- the counter, written the plain way --------------------------------------------------------------------


@cache
def nth_working_day_after(start: date, count: int) -> date:
    current = start
    while count:
        current += ONE_DAY
        if CALENDAR.is_working(current):
            count -= 1
    return current


def is_consulting(facts: Facts, current: date) -> bool:
    """Whether this day lies after a sending and not after its opinion or the end of the 15 days."""
    for c in facts.consultations:
        fifteenth = nth_working_day_after(c.delivered or c.sent, 15)
        if c.opinion is None:
            last = fifteenth
        elif c.delivered is None:
            last = c.opinion
        else:
            last = c.opinion if c.opinion < fifteenth else fifteenth
        if c.sent < current <= last:
            return True
    return False


def day_0(facts: Facts) -> date | None:
    """The receipt or the last restart; None while the applicant is awaited."""
    start = facts.received
    for pause in facts.pauses:
        if pause.met is None and facts.closed is None:
            return None
        if pause.met and pause.met > start:
            start = pause.met
    return start


def counted_days(facts: Facts, start: date, count: int) -> list[date]:
    """The days 1, 2, … count of the term, one by one."""
    found: list[date] = []
    current = start
    while len(found) < count:
        current += ONE_DAY
        if CALENDAR.is_working(current) and not is_consulting(facts, current):
            found.append(current)
    return found


# --- histories ---------------------------------------------------------------------------------------------

SOON = st.integers(0, 30).map(timedelta)
LATER = st.integers(0, 120).map(timedelta)
ROLL = st.booleans()
KINDS: list[Literal["correction", "fee"]] = ["correction", "fee"]


@st.composite
def histories(draw: st.DrawFn) -> Facts:
    received = draw(BEGINNINGS)
    pauses = draw(st.lists(_pause(received), max_size=3))  # those of a ledger may overlap
    if draw(ROLL) and pauses:
        pauses[-1] = Pause(pauses[-1].kind, pauses[-1].asked, pauses[-1].until)
    consultations = draw(st.lists(_consultation(received), max_size=4))
    extensions = draw(st.lists(st.integers(1, 20).map(Extension), max_size=2))
    closed = received + draw(LATER) if draw(ROLL) else None
    return Facts(received, tuple(pauses), tuple(consultations), tuple(extensions), closed=closed)


@st.composite
def _pause(draw: st.DrawFn, received: date) -> Pause:
    asked = received + draw(LATER)
    until = asked + draw(SOON) if draw(ROLL) else None
    return Pause(draw(st.sampled_from(KINDS)), asked, until, asked + draw(SOON))


@st.composite
def _consultation(draw: st.DrawFn, received: date) -> Consultation:
    sent = received + draw(LATER)
    delivered = sent + draw(SOON) if draw(ROLL) else None
    opinion = (delivered or sent) + draw(SOON) if draw(ROLL) else None
    return Consultation(sent, delivered, opinion)


FULL = Facts(
    day("周一 2026-09-21"),
    (Pause("correction", day("周一 2026-09-28"), day("周一 2026-10-19"), day("周五 2026-10-16")),),
    (Consultation(day("周三 2026-10-28"), day("周四 2026-10-29"), day("周三 2026-11-11")),),
    (Extension(5),),
)


# --- what must agree ---------------------------------------------------------------------------------------


@pytest.mark.soak
@example(FULL)
@given(histories())
def test_the_due_day_is_the_one_that_is_counted_day_by_day(facts: Facts) -> None:
    found, start = clock(facts, CALENDAR), day_0(facts)
    if start is None:
        assert found.due is None
        return
    allowed = 20 + sum(extension.days for extension in facts.extensions)
    term = counted_days(facts, start, allowed)
    assert (found.anchor, found.allowed, found.due) == (start, allowed, term[-1])
    left_out = [d for d in days_between(start + ONE_DAY, term[-1]) if is_consulting(facts, d)]
    assert found.excluded == sum(map(CALENDAR.is_working, left_out))
    assert found.provisional is any(d.year > 2026 for d in (start, term[-1]))


@pytest.mark.soak
@example(FULL, 50)
@given(histories(), st.integers(0, 200))
def test_the_days_used_are_those_that_were_counted(facts: Facts, elapsed: int) -> None:
    found = clock(facts, CALENDAR)
    start, asked = found.anchor, found.anchor + timedelta(days=elapsed)
    passed = [d for d in days_between(start + ONE_DAY, asked) if CALENDAR.is_working(d)]
    assert found.used(asked, CALENDAR) == len([d for d in passed if not is_consulting(facts, d)])


@pytest.mark.soak
@example(FULL)
@given(histories())
def test_the_steps_tell_the_same_story(facts: Facts) -> None:
    found = clock(facts, CALENDAR)
    assert found.steps[0].kind == "receipt"
    assert found.steps[0].start == found.steps[0].end == facts.received
    for step in found.steps:
        assert step.what
        assert step.article.startswith("第"), step
        assert step.start <= step.end, step
    if found.due is None:
        assert found.steps[-1].kind == "waiting"
        return
    start = day_0(facts)
    assert start is not None
    term = counted_days(facts, start, found.allowed)
    running = found.steps[-1 - _length(found) : -1]
    assert [d for step in running if step.counted for d in _working(step) if step.counted] == term
    assert [step.total for step in running] == _sums([step.counted for step in running])
    assert sum(step.counted for step in running) == found.allowed
    assert sum(step.counted for step in running if step.kind == "counted") == 20
    last = found.steps[-1]
    assert (last.kind, last.start, last.end, last.total) == ("due", found.due, found.due, found.allowed)


@pytest.mark.soak
@example(FULL)
@given(histories())
def test_every_working_day_from_receipt_to_due_day_stands_in_one_step(facts: Facts) -> None:
    found = clock(facts, CALENDAR)
    steps = [b for a, b in pairwise(found.steps) if b.kind != "due" and not _at_once(a, b)]
    told = [d for step in steps for d in _working(step)]
    end = found.due or max((step.end for step in steps), default=facts.received)
    whole = [d for d in days_between(facts.received + ONE_DAY, end) if CALENDAR.is_working(d)]
    assert told == whole


def _at_once(before: Step, step: Step) -> bool:
    """Whether a wait has no day of its own: the one it was asked on stands in the step before."""
    return step.kind in {"restart", "waiting"} and step.start == step.end == before.end


def _length(found: Clock) -> int:
    """How many steps the running term has before its last, the due day."""
    kinds = [step.kind for step in found.steps[:-1]]
    return next((n for n, kind in enumerate(reversed(kinds)) if kind in {"receipt", "restart"}), len(kinds))


def _working(step: Step) -> list[date]:
    return [d for d in days_between(step.start, step.end) if CALENDAR.is_working(d)]


def _sums(counts: list[int]) -> list[int]:
    return [sum(counts[: n + 1]) for n in range(len(counts))]


# --- what can only lengthen --------------------------------------------------------------------------------


@pytest.mark.soak
@given(histories(), st.integers(1, 20))
def test_an_extension_never_shortens_and_adds_its_days_to_the_term(facts: Facts, more: int) -> None:
    longer = Facts(
        facts.received, facts.pauses, facts.consultations, (*facts.extensions, Extension(more)),
        closed=facts.closed,
    )  # fmt: skip
    before, after = clock(facts, CALENDAR), clock(longer, CALENDAR)
    assert after.allowed == before.allowed + more
    if before.due is not None:
        assert after.due is not None
        assert after.due >= CALENDAR.add(before.due, more)


@pytest.mark.soak
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_in_which_facts_are_told_does_not_matter(facts: Facts, chance: Random) -> None:
    mixed = list(facts.consultations)
    chance.shuffle(mixed)
    told = Facts(
        facts.received, facts.pauses[::-1], tuple(mixed), facts.extensions[::-1], closed=facts.closed
    )
    assert clock(told, CALENDAR).due == clock(facts, CALENDAR).due
