"""The acts of the desk: each writes one event, and only those may do it whom the table names."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from caseflow.db import db
from caseflow.law.workflow import ACTS, ARCHIVED, BY_CODE, POSITIONS, ROLES, Act, may
from caseflow.models import Event
from caseflow.stages import register
from caseflow.stages.errors import Changed, Forbidden, NotFound, Refused
from tests.stages.drive import (
    ARRIVAL,
    BEFORE,
    DO,
    FORM,
    TUESDAY,
    WAY,
    act_alone,
    answers,
    assert_replayed,
    at,
    do,
    ready,
)
from tests.support.office import DeskOffice, found, row, seq

ON_ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What the table forbids is refused before anything is asked of the database but the case itself."""


def lines() -> list[tuple[str, Act, str]]:
    """Each act at each of its positions and by each of its roles, as few as do; on PostgreSQL each act once."""
    everything = db.engine.dialect.name == "sqlite"
    found_ = []
    for act in ACTS:
        places = [*act.stages, *([ARCHIVED] if act.afterwards else [])]
        enough = max(len(places), len(act.roles)) if places and everything else len(places[:1])
        found_ += [(places[n % len(places)], act, act.roles[n % len(act.roles)]) for n in range(enough)]
    return found_


OF_A_NEW_CASE = 2  # registered, and accepted at once


def events() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Event)) or 0


def summary_of(case_id: int) -> dict[str, Any]:
    """Every column of the row that events decide."""
    case = row(case_id)
    return {column.key: getattr(case, column.key) for column in case.__table__.columns}


def test_every_act_of_the_table_is_driven_here() -> None:
    assert {"register", *DO} == set(BY_CODE)
    assert set(WAY) == set(POSITIONS)
    assert set(BEFORE) <= set(DO)


def test_every_act_writes_exactly_one_event_by_whoever_the_table_names(office: DeskOffice) -> None:
    before = events()
    case_id = at(office, "register")
    assert events() == before + 1
    for position, act, role in lines():
        case_id, today = ready(office, position, act.code)
        count, last, moment = events(), seq(case_id), office.work("clerk", today).now
        do(office, case_id, act.code, today, who=role)
        assert events() == count + 1 + (act.code == "redo_reply") * OF_A_NEW_CASE, act.code
        event = db.session.scalars(select(Event).where(Event.case_id == case_id, Event.seq == last + 1)).one()
        assert (event.act, event.on, event.at, event.source) == (act.code, today, moment, "desk")
        assert event.actor_id == office.people[role]
        assert row(case_id).stage == (act.to or position)
        assert_replayed(case_id)


@ON_ONE_ENGINE
def test_whoever_the_table_does_not_name_may_not(office: DeskOffice) -> None:
    """Every act × every position, and each act × each role at one or more of them: what is closed changes nothing."""
    for n, position in enumerate(POSITIONS):
        case_id = at(office, position)
        before, count = summary_of(case_id), events()
        for act in ACTS:
            named, others = act.roles, [role for role in ROLES if role not in act.roles]
            for role in (named[n % len(named)], others[n % len(others)]):
                if act.code != "register" and not may(role, position, act.code):
                    _refused(office, case_id, act, role)
        assert (summary_of(case_id), events()) == (before, count)


def _refused(office: DeskOffice, case_id: int, act: Act, role: str) -> None:
    expected = Refused if role in act.roles else Forbidden
    with pytest.raises(expected, match="阶段" if role in act.roles else act.code):
        act_alone(office, case_id, act.code, TUESDAY, who=role)


def test_only_clerks_register(office: DeskOffice) -> None:
    for role in (role for role in ROLES if role != "clerk"):
        with pytest.raises(Forbidden):
            register.register(office.work(role, TUESDAY), ARRIVAL, register.Application(**FORM))
    assert events() == 0


def test_another_office_s_case_is_not_there(office: DeskOffice) -> None:
    other = found("QZFB", "泉州市人民政府办公室")
    for position in POSITIONS:
        case_id = at(office, position)
        before, count = summary_of(case_id), events()
        for act in (act for place, act, _ in lines() if place == position):
            theirs, answered = other.work(act.roles[0], TUESDAY), answers(other, TUESDAY)
            for id_ in (case_id, case_id + 1_000_000):  # a case of ours, and none at all
                with pytest.raises(NotFound):
                    DO[act.code](theirs, id_, seq(case_id), answered)
        assert (summary_of(case_id), events()) == (before, count)


def test_the_second_of_two_writers_is_told_and_nothing_is_written(office: DeskOffice) -> None:
    for position in POSITIONS:
        case_id = at(office, position)
        seen, before, count = seq(case_id), summary_of(case_id), events()
        for act in (act for place, act, _ in lines() if place == position):
            for older in (seen - 1, seen + 1):
                with pytest.raises(Changed) as changed:
                    do(office, case_id, act.code, seen=older)
                assert (changed.value.seen, changed.value.seq) == (older, seen), act.code
        assert (summary_of(case_id), events()) == (before, count)


def test_of_two_people_with_the_same_page_open_the_first_wins(office: DeskOffice) -> None:
    case_id = at(office, "handle")
    seen = seq(case_id)
    do(office, case_id, "ask_extension", seen=seen)
    with pytest.raises(Changed):
        do(office, case_id, "draft_reply", seen=seen)
    assert (row(case_id).stage, row(case_id).seq) == ("handle", seen + 1)
