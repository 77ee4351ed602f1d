"""The clock against a counter that walks the calendar day by day, on histories made up at random."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from caseflow.law.clock import Clock, clock
from caseflow.law.explain import position, sentence
from caseflow.law.facts import Consultation, Extension, Facts, Party, Pause
from caseflow.law.workdays import days_between
from caseflow.law.working import Step
from tests.law.days import BEGINNINGS, CALENDAR, day
from tests.law.naive import (
    ONE_DAY,
    counted_days,
    day_0,
    due_day,
    is_consulting,
    is_deferred,
    last_day_out,
    last_day_to_meet,
    nth_working_day_after,
    pending,
)

# --- histories ---------------------------------------------------------------------------------------------

SOON = st.integers(0, 30).map(timedelta)
LATER = st.integers(0, 120).map(timedelta)
ROLL = st.booleans()
KINDS: list[Literal["correction", "fee"]] = ["correction", "fee"]
PARTIES: list[Party] = ["third_party", "joint_organ"]


@st.composite
def histories(draw: st.DrawFn) -> Facts:
    received = draw(BEGINNINGS)
    pauses = draw(st.lists(_pause(received), max_size=3))  # those of a ledger may overlap
    if draw(ROLL) and pauses:
        pauses[-1] = Pause(pauses[-1].kind, pauses[-1].asked, pauses[-1].until)
    consultations = draw(st.lists(_consultation(received), max_size=4))
    extensions = draw(st.lists(st.integers(1, 20).map(Extension), max_size=2))
    deferred = received + draw(LATER) if draw(ROLL) else None
    closed = received + draw(LATER) if draw(ROLL) else None
    told = sorted(pauses, key=lambda p: p.asked or received)
    return Facts(received, tuple(told), tuple(consultations), tuple(extensions), deferred, closed)


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
    return Consultation(sent, delivered, opinion, draw(st.sampled_from(PARTIES)))


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
    assert found.due == due_day(facts)
    if start is None or found.due is None:
        return
    term = counted_days(facts, start)
    assert (found.anchor, found.allowed, found.deferred) == (
        start,
        len(term),
        is_deferred(facts, term[-1]),
    )
    left_out = [d for d in days_between(start + ONE_DAY, min(term[-1], found.due)) if is_consulting(facts, d)]
    assert found.excluded == sum(map(CALENDAR.is_working, left_out))


@pytest.mark.soak
@example(FULL)
@given(histories())
def test_a_due_day_is_provisional_where_a_notice_still_to_come_may_move_it(facts: Facts) -> None:
    found, start = clock(facts, CALENDAR), day_0(facts)
    set_for_good = found.deferred and not any(pause.met for pause in facts.pauses)
    if start is None or set_for_good:
        assert not found.provisional
        return
    assert found.provisional is any(d.year > 2026 for d in (start, counted_days(facts, start)[-1]))


@pytest.mark.soak
@example(FULL)
@given(histories())
def test_what_is_awaited_and_until_when(facts: Facts) -> None:
    found, awaited = clock(facts, CALENDAR), pending(facts)
    if awaited:
        assert (found.waiting, found.hold_until) == (awaited.kind, last_day_to_meet(awaited))
        return
    start = day_0(facts)
    assert start is not None
    counted = counted_days(facts, start)[-1]
    ends = [
        nth_working_day_after(c.delivered or c.sent, 15)
        for c in facts.consultations
        if c.opinion is None and c.sent < counted
    ]
    if facts.closed or not ends or is_deferred(facts, counted):
        assert (found.waiting, found.hold_until, found.awaited) == ("", None, ())
    else:
        assert (found.waiting, found.hold_until) == ("consultation", max(ends))
        assert [last for last, _ in found.awaited] == sorted(ends)


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
    term = [d for d in counted_days(facts, start) if d <= found.due or not found.deferred]
    running = found.steps[-1 - _length(found) : -1]
    assert [d for step in running if step.counted for d in _working(step)] == term
    assert [step.total for step in running] == _sums([step.counted for step in running])
    assert sum(step.counted for step in running) == len(term)
    assert sum(step.counted for step in running if step.kind == "counted") == min(len(term), 20)
    last = found.steps[-1]
    assert (last.kind, last.start, last.end, last.total) == ("due", found.due, found.due, len(term))
    assert last.article == ("第三十五条" if found.deferred else "第三十三条")


WORDS = {
    (True, False): ("征求第三方意见", "第三十二、三十三条"),
    (False, True): ("征求共同制作机关意见", "第三十三、三十四条"),
    (True, True): ("征求第三方和共同制作机关意见", "第三十二、三十三、三十四条"),
}


@pytest.mark.soak
@example(FULL)
@given(histories())
def test_an_excluded_stretch_names_those_whose_days_it_holds_and_their_articles(facts: Facts) -> None:
    found = clock(facts, CALENDAR)
    stretches = [step for step in found.steps if step.kind == "excluded"]
    for (start, end), step in zip(found.gaps, stretches, strict=False):
        held = [d for d in days_between(start + ONE_DAY, min(end, found.due or end))]
        asked = {c.party for c in facts.consultations for d in held if c.sent < d <= last_day_out(c)}
        name, article = WORDS["third_party" in asked, "joint_organ" in asked]
        out = sum(map(CALENDAR.is_working, held))
        assert (step.what, step.article) == (f"{name}，所需 {out} 个工作日不计算在内", article)


@pytest.mark.soak
@example(FULL, 50)
@given(histories(), st.integers(0, 200))
def test_the_sentence_says_whom_it_waits_for_and_until_when(facts: Facts, elapsed: int) -> None:
    today = facts.received + timedelta(days=elapsed)
    found = clock(facts, CALENDAR)
    said = sentence(facts, found, today)
    assert said.endswith("。")
    assert position(found, today, CALENDAR)
    asked = {party for last, party in found.awaited if today <= last}
    assert ("征求共同制作机关意见" in said) is (asked == {"joint_organ"})
    assert ("征求第三方意见" in said) is (asked == {"third_party"})
    assert ("征求第三方和共同制作机关意见" in said) is (len(asked) == 2)
    assert ("没有到期日" in said) is (found.due is None)
    assert said.startswith("按第三十五条确定延迟答复") is found.deferred


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
    longer = replace(facts, extensions=(*facts.extensions, Extension(more)))
    before, after = clock(facts, CALENDAR), clock(longer, CALENDAR)
    assert after.allowed == before.allowed + more
    if before.due is None:
        assert after.due is None
    elif before.deferred:  # a day that was set is met or passed, never brought forward
        assert after.due is not None
        assert after.due >= before.due
    else:
        assert after.due is not None
        assert after.due >= CALENDAR.add(before.due, more)


@pytest.mark.soak
@given(histories(), st.integers(0, 120))
def test_a_term_that_started_anew_is_never_cut_short_by_a_day_set_before(facts: Facts, days: int) -> None:
    plain = clock(replace(facts, deferred_to=None), CALENDAR)
    set_on = facts.received + timedelta(days=days)
    found = clock(replace(facts, deferred_to=set_on), CALENDAR)
    if plain.due is None:
        assert found.due is None
    elif any(pause.met for pause in facts.pauses):
        assert found.due == max(plain.due, set_on)
    else:
        assert found.due == set_on


@pytest.mark.soak
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_in_which_facts_are_told_does_not_matter(facts: Facts, chance: Random) -> None:
    mixed = list(facts.consultations)
    chance.shuffle(mixed)
    told = replace(facts, consultations=tuple(mixed), extensions=facts.extensions[::-1])
    assert clock(told, CALENDAR) == clock(facts, CALENDAR)
    assert clock(replace(told, pauses=facts.pauses[::-1]), CALENDAR).due == clock(facts, CALENDAR).due
