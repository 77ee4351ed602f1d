"""Figures of a past day: as recorded by then, or by date with what was recorded since; nothing changes silently."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from caseflow.law.casefile import Entry
from caseflow.law.replay import corrected, replay
from tests.law.days import CALENDAR
from tests.law.walks import walks
from tests.stages.walk import Walk
from tests.support.office import found, row, seq

if TYPE_CHECKING:
    from caseflow.models import Case
    from caseflow.reports.on_time.figures import Figures
    from caseflow.reports.on_time.past import Told
    from caseflow.reports.on_time.report import Report
    from tests.support.office import DeskOffice

MARCH, FRIDAY = date(2024, 3, 1), date(2024, 3, 29)  # day 0, and day 20
JAN, DEC = date(2024, 1, 1), date(2024, 12, 31)


def figures_of(office: DeskOffice, day: date | None, view: str = "recorded", today: date = DEC) -> Report:
    from caseflow.reports.on_time import Span
    from caseflow.reports.on_time.report import report

    return report([office.id], Span(JAN, DEC), today, day, view)


def rate(office: DeskOffice, day: date | None, view: str = "recorded") -> tuple[int, int, int]:
    """Sent, on time, and overdue beside them."""
    found = figures_of(office, day, view).figures
    return found.sent, found.on_time, found.overdue


def since(office: DeskOffice, day: date) -> list[tuple[str, str]]:
    """What the view by date names: the case, and the act recorded since."""
    past = figures_of(office, day, "dated").past
    assert past
    return [(case.number, told.entry.act) for case in past.since for told in case.events]


# -- one case at a time -------------------------------------------------------------------------------


def test_a_reply_voided_later_stays_in_the_past_figure_and_is_said_beside_the_present_one(
    office: DeskOffice,
) -> None:
    """Elsewhere a reopened case silently rewrites an earlier month."""
    from caseflow.reports.on_time import Span, voided
    from caseflow.stages import reply

    case_id = office.replied(MARCH, date(2024, 3, 11))
    reply.void_reply(office.work("lead", date(2024, 4, 8)), case_id, seq(case_id), "错发给他人")
    assert rate(office, None) == (0, 0, 1)
    assert figures_of(office, None).void_words == "另有 1 件答复发出以后撤销，不在其内"
    assert [bool(voided([office.id], Span(MARCH, date(2024, 3, last)))) for last in (10, 11)] == [False, True]
    for view in ("recorded", "dated"):
        assert rate(office, date(2024, 3, 10), view) == (0, 0, 0)
        assert rate(office, date(2024, 4, 7), view) == (1, 1, 0)
        assert rate(office, date(2024, 4, 8), view) == (0, 0, 1)
        assert figures_of(office, date(2024, 4, 7), view).void_words == "这一段发出的答复中，1 件后来撤销"
    assert since(office, date(2024, 4, 7)) == []


def test_a_reply_recorded_later_is_in_the_figure_by_date_and_named(office: DeskOffice) -> None:
    from caseflow.stages import reply
    from tests.support.office import approve

    case_id = office.accepted(MARCH)
    reply.draft_reply(office.work("clerk", FRIDAY), case_id, seq(case_id), "granted", "依据")
    approve(office.work("lead", FRIDAY), case_id)
    late = office.work("clerk", date(2024, 4, 8))
    reply.send_reply(late, case_id, seq(case_id), FRIDAY, "ems")
    monday = date(2024, 4, 1)
    assert rate(office, monday) == (0, 0, 1)
    assert rate(office, monday, "dated") == (1, 1, 0)
    assert since(office, monday) == [(row(case_id).number, "send_reply")]
    assert since(office, date(2024, 4, 8)) == since(office, date(2024, 3, 28)) == []


def test_a_day_corrected_later_changes_the_figure_by_date_alone_and_is_named(office: DeskOffice) -> None:
    from caseflow.stages import correct

    case_id = office.replied(MARCH, date(2024, 4, 1))
    (sent,) = [e.seq for e in _entries(case_id) if e.act == "send_reply"]
    correct.correct_day(office.work("lead", date(2024, 5, 6)), case_id, seq(case_id), sent, FRIDAY, "记错了")
    april = date(2024, 4, 30)
    assert rate(office, april) == (1, 0, 0)
    assert rate(office, april, "dated") == rate(office, None) == (1, 1, 0)
    assert since(office, april) == [(row(case_id).number, "correct")]
    assert rate(office, FRIDAY) == (0, 0, 0)
    assert rate(office, FRIDAY, "dated") == (1, 1, 0)


def test_what_a_ledger_brought_later_was_not_recorded_by_then_but_had_happened(office: DeskOffice) -> None:
    from caseflow.calendars import store
    from caseflow.db import transaction
    from caseflow.stages import bulk

    entries = [
        Entry(1, "register", MARCH, {"channel": "in_person", "applicant_class": "other",
                                     "received": MARCH.isoformat(), "submitted": MARCH.isoformat()}),
        Entry(2, "accept", MARCH, {"handler": "王敏"}),
        Entry(3, "send_reply", FRIDAY, {"result": "granted"}),
    ]  # fmt: skip
    prepared = bulk.Prepared(office.id, "2024-1", {"name": "某人", "content": "某事"}, entries)
    imported = datetime(2024, 6, 3, 1, tzinfo=UTC)
    with transaction() as session:
        bulk.write(session, [prepared], store.current(), lambda entry: imported)
    april = date(2024, 4, 30)
    assert rate(office, april) == (0, 0, 0)
    assert rate(office, april, "dated") == rate(office, None) == (1, 1, 0)
    assert rate(office, date(2024, 3, 28), "dated") == (0, 0, 0)
    for view in ("recorded", "dated"):
        past = figures_of(office, april, view).past
        assert past
        assert (past.imported, past.since) == (1, ())
    past = figures_of(office, date(2024, 6, 3)).past
    assert past
    assert past.imported == 0


def test_the_day_ends_at_midnight_in_china(office: DeskOffice) -> None:
    from dataclasses import replace

    from caseflow.stages import reply

    case_id = office.replied(MARCH, FRIDAY)
    midnight = datetime.combine(FRIDAY, time(16), UTC)  # 00:00 on Saturday in China
    work = replace(office.work("lead", FRIDAY), today=FRIDAY + timedelta(days=1), now=midnight)
    reply.void_reply(work, case_id, seq(case_id), "错发给他人")
    assert rate(office, FRIDAY) == rate(office, FRIDAY, "dated") == (1, 1, 0)
    assert rate(office, FRIDAY + timedelta(days=1)) == (0, 0, 1)
    monday = FRIDAY + timedelta(days=3)
    office.register(monday)  # nothing has happened to it since
    open_ = [figures_of(office, day).figures.open for day in (monday - timedelta(days=1), monday)]
    assert open_ == [1, 2]


def _entries(case_id: int) -> list[Entry]:
    from caseflow.db import db
    from caseflow.stages import record

    return record.entries(db.session(), case_id)


# -- any history --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def one_calendar() -> Iterator[None]:
    """Every edition is the calendar of the law's own tests."""
    from caseflow.calendars import store

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "edition", lambda version: CALENDAR)
        yield


def _told(entries: list[Entry], lags: list[int]) -> list[Told]:
    """The entries, each recorded some days after it happened, never before the one before it."""
    from caseflow.reports.on_time.past import Told

    told, last = [], date.min
    for entry, lag in zip(entries, lags, strict=False):
        last = max(last, entry.on + timedelta(days=lag))
        told.append(Told(entry, datetime.combine(last, time(1), UTC), 1))
    return told


LAGS = st.lists(st.sampled_from([0, 0, 0, 1, 5, 30]), min_size=20, max_size=20)


@pytest.mark.soak
@given(walks(), LAGS, st.integers(-3, 90))
def test_by_date_and_as_recorded_differ_only_by_what_was_recorded_late(
    one_calendar: None, entries: list[Entry], lags: list[int], after: int
) -> None:
    from caseflow.reports.on_time import past

    told = _told(entries, lags)
    day = entries[0].on + timedelta(days=after)
    cut = past.end_of(day)
    late = [t for t in told if t.at >= cut and t.entry.on <= day and t.entry.act not in past.SILENT]
    assert not past._differs(told, day) or late
    # what comes later changes neither
    until = [t for t in told if t.at < cut]
    assert past._recorded(told, day) == past._recorded(until, day)
    happened = [t for t in told if t.entry.on <= day]
    assert _moved(past._dated(told, day)) == _moved(past._dated(happened, day))


def _moved(row: Any) -> Any:
    from caseflow.reports.on_time.source import MATTER

    return row and {name: row[name] for name in MATTER if name != "office_id"}


@pytest.mark.soak
@given(walks(steps=14))
def test_an_act_called_silent_moves_no_figure(entries: list[Entry]) -> None:
    from caseflow.reports.on_time.past import SILENT
    from caseflow.stages.record import summary

    for n, entry in enumerate(entries):
        if entry.act in SILENT:
            before, after = (summary(replay(entries[: n + more]), CALENDAR) for more in (0, 1))
            assert _moved(before) == _moved(after), entry.act


# -- an office through the months ---------------------------------------------------------------------

START = date(2024, 11, 1)
STEPS = 80
WALKS = max(1, settings().max_examples // 500)
EVENTFUL = 4  # a walk in which much is recorded late: the only one of a usual run
PHASES = [Phase.explicit, *([Phase.reuse, Phase.generate] if WALKS > 1 else [])]
SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]

Lines = dict[tuple[str, str], "Figures"]


@pytest.mark.soak
def test_a_past_day_is_counted_later_as_it_was_counted_on_the_day_itself(office: DeskOffice) -> None:
    """Whatever is done afterwards: sent, voided, corrected, recorded late."""
    from caseflow.stages import people

    offices = 0
    compared: Counter[str] = Counter()

    @settings(max_examples=WALKS, suppress_health_check=SLOW, phases=PHASES)
    @given(st.integers(0, 2**32))
    @example(EVENTFUL)
    def walk_through(seed: int) -> None:
        nonlocal offices
        offices += 1
        walk = Walk(found(f"P{offices}", f"第{offices}机关"), Random(seed), START)
        people.change_department(walk.office.id, walk.office.people["clerk"], "法规科")
        then: dict[date, Lines] = {}
        chance = Random(seed)
        for _ in range(STEPS):
            walk.step()
            if walk.today in then or chance.random() < 0.35:  # the last of a day is what it ended with
                then[walk.today] = _lines(walk.office, walk.today)
        for day in then:
            assert _lines(walk.office, day, "recorded") == then[day] == _counted(walk.office, day, "recorded")
            by_date = _lines(walk.office, day, "dated")
            assert by_date == _counted(walk.office, day, "dated")
            compared["days"] += 1
            compared["late"] += by_date != then[day]

    walk_through()
    assert compared["days"] > 10
    assert compared["late"], "no walk recorded anything late"


def _lines(office: DeskOffice, day: date, view: str | None = None) -> Lines:
    """All figures as of a day: now, if it is that day, or later."""
    from caseflow.db import db
    from caseflow.reports.on_time import Span
    from caseflow.reports.on_time.report import report

    db.session.rollback()
    span = Span(START, day)
    made = report([office.id], span, day, day, view) if view else report([office.id], span, day)
    found = {(d.code, line.key): line.figures for d, part in made.parts for line in part}
    found |= {("course", line.key): line.figures for line in made.course}
    return {key: figures for key, figures in found.items() if figures != type(figures)()}


def _counted(office: DeskOffice, day: date, view: str) -> Lines:
    """The same by hand: every case replayed, looked at one by one."""
    from caseflow.reports.on_time import BREAKDOWN, total
    from caseflow.reports.on_time.dimensions import COURSE, STRAIGHT

    counted: dict[tuple[str, str], list[Figures]] = {}
    for case in _cases(office.id):
        r = _stood(case, day, view)
        if r is None or not (figures := _of_one(r, day)).sent + figures.open + figures.otherwise:
            continue
        handler = str(r["handler_id"]) if r["handler_id"] else f"={r['handler']}"
        keys = {"office": str(office.id), "handler": handler, "department": f"={r['department']}"}
        keys |= {name: r[name] for name in ("channel", "applicant_class", "result")}
        for dimension in BREAKDOWN:
            if dimension.code != "result" or not figures.open:
                counted.setdefault((dimension.code, keys[dimension.code]), []).append(figures)
        for code in [c for c in COURSE if r[c]] or [STRAIGHT] if not figures.open else []:
            counted.setdefault(("course", code), []).append(figures)
    if not any(key.strip("=") for code, key in counted if code == "department"):  # a split that says nothing
        counted = {key: parts for key, parts in counted.items() if key[0] != "department"}
    return {key: total(parts) for key, parts in counted.items()}


def _of_one(r: dict[str, Any], day: date) -> Figures:
    """What one case adds to its lines."""
    from caseflow.reports.on_time import Figures

    if r["received_on"] and r["new_year"] is None:
        return Figures()  # a re-reply that is counted no second time
    if r["replied_on"]:
        sent = r["replied_on"] <= day
        good = r["due_on"] is not None and r["replied_on"] <= r["due_on"]
        return Figures(
            int(sent), int(sent and good), int(sent and r["plain_on_time"]), days=Counter({r["days_used"]: 1})
        )
    if r["closed_on"]:
        left, lapsed = (int(r["closed_by"] == how) for how in ("withdrawn", "lapsed"))
        return Figures(lapsed=lapsed, withdrawn=left)
    waits = r["waiting"] and not (r["waiting"] == "consultation" and r["hold_until"] < day)
    runs = r["due_on"] is not None and not waits
    return Figures(open=1, waiting=int(not runs), overdue=int(runs and r["due_on"] < day))


def _stood(case: Case, day: date, view: str) -> dict[str, Any] | None:
    """The derived columns of a case as of the end of a day."""
    from caseflow.calendars import store
    from caseflow.db import db
    from caseflow.models import Event
    from caseflow.stages.record import entry_of, summary

    events = list(db.session.scalars(select(Event).where(Event.case_id == case.id).order_by(Event.seq)))
    midnight = datetime.combine(day, time(16), UTC)
    if view == "recorded":
        kept = [entry_of(e) for e in events if e.at < midnight]
    else:
        on_the_way = ("draft_reply", "approve_reply", "send_back", "correct", "register")
        kept = [e for e in corrected(map(entry_of, events)) if e.on <= day or e.act in on_the_way]
        kept = kept if any(e.on <= day and e.act != "correct" for e in kept) else []
    return summary(replay(kept), store.edition(1)) if kept else None


def _cases(office_id: int) -> list[Case]:
    from caseflow.db import db
    from caseflow.models import Case

    return list(db.session.scalars(select(Case).where(Case.office_id == office_id)))
