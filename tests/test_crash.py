"""A process killed between writing and committing leaves nothing; what was acknowledged is there."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from tests.support.children import Child
from tests.support.office import row, seq

if TYPE_CHECKING:
    from caseflow.config import Settings
    from tests.support.office import DeskOffice

TODAY = date(2026, 9, 21)


def everything() -> dict[str, int]:
    """How many rows each table holds."""
    from caseflow.db import Base, db

    db.session.rollback()
    tables = Base.metadata.sorted_tables
    return {t.name: db.session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


def test_a_registration_killed_before_its_commit_leaves_no_row_and_gives_its_number_back(
    office: DeskOffice, settings: Settings
) -> None:
    before = everything()
    Child(settings, "killed", "register", asdict(office), TODAY.isoformat(), 1).go().killed()
    assert everything() == before
    assert row(office.register(TODAY)).number == "2026-1"


def test_an_act_killed_before_its_commit_leaves_the_case_as_it_was(
    office: DeskOffice, settings: Settings
) -> None:
    case_id = office.accepted(TODAY)
    seen, before = seq(case_id), everything()
    Child(settings, "killed", "draft", asdict(office), TODAY.isoformat(), case_id, seen).go().killed()
    assert everything() == before
    case = row(case_id)
    assert (case.seq, case.stage, case.draft_result) == (seen, "handle", "")


def test_a_letter_killed_before_its_commit_leaves_no_row_and_gives_its_number_back(
    office: DeskOffice, settings: Settings
) -> None:
    from caseflow.db import db
    from caseflow.models import Letter
    from caseflow.stages import letters

    case_id = office.accepted(TODAY)
    seen, before = seq(case_id), everything()
    Child(settings, "killed", "issue", asdict(office), TODAY.isoformat(), case_id, seen).go().killed()
    assert everything() == before
    key = letters.issue(office.work("clerk", TODAY), case_id, seen, "receipt", 1, {})
    assert db.session.get_one(Letter, key).number == "狮政公开回〔2026〕第1号"


def test_an_act_that_was_answered_is_there_although_the_process_was_killed(
    office: DeskOffice, settings: Settings
) -> None:
    child = Child(settings, "killed_after", "register", asdict(office), TODAY.isoformat(), 1).go()
    (number,) = json.loads(child.listen())
    child.killed()
    assert everything()["case"] == 1
    assert row(1).number == number
    assert row(office.register(TODAY)).number == "2026-2"


def test_a_pass_killed_before_its_commit_leaves_nothing_and_is_made_up_for(
    office: DeskOffice, settings: Settings
) -> None:
    from caseflow.alerts import inbox
    from caseflow.calendars import store

    day = row(office.accepted(TODAY)).due_on
    assert day
    before = everything()
    Child(settings, "killed", "make_pass", day.isoformat()).go().killed()
    assert everything() == before
    assert Child(settings, "make_pass", day.isoformat()).go().result() == {
        "alerts": 1,
        "shown": 2,
        "letters": 0,
    }
    assert everything()["alert"] == 1
    assert inbox.unread(office.people["clerk"], day, store.current()) == 1
