"""Letters are verified against the events of their issue: none changed, none taken away, none slipped in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from caseflow.db import db, transaction
from caseflow.models import Letter
from caseflow.upkeep import verify
from tests.stages.drive import do
from tests.support.office import DeskOffice

MONDAY = date(2026, 9, 21)
NAME = "SSFB 2026-1 文书 狮政公开回〔2026〕第1号 第 1 版"


@pytest.fixture
def case_id(office: DeskOffice) -> int:
    """A case with its receipt issued."""
    case_id = office.accepted(MONDAY)
    do(office, case_id, "issue_letter", MONDAY)
    return case_id


def found() -> list[str]:
    db.session.rollback()
    return list(verify.differences())


def test_a_letter_as_it_was_issued_is_no_difference(office: DeskOffice, case_id: int) -> None:
    assert found() == []
    do(office, case_id, "issue_letter", MONDAY)  # a second version
    assert found() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [("number", "狮政公开回〔2026〕第9号"), ("version", 7), ("kind", "correction"), ("about", 2)],
)
def test_a_letter_that_was_changed_is_named(case_id: int, column: str, value: Any) -> None:
    with transaction() as session:
        session.execute(update(Letter).values({column: value}))
    assert any(line.startswith(f"{NAME} {column}：") for line in found())


def test_a_letter_taken_away_is_named(case_id: int) -> None:
    with transaction() as session:
        session.execute(delete(Letter))
    assert f"{NAME}：已不存在" in found()


def test_a_letter_that_no_event_knows_is_named(case_id: int) -> None:
    row = dict(db.session.execute(select(Letter.__table__)).mappings().one())
    with transaction() as session:
        session.execute(
            insert(Letter).values(**row | {"id": row["id"] + 1, "n": 2, "number": "狮政公开回〔2026〕第2号"})
        )
    assert "SSFB 2026-1 文书 狮政公开回〔2026〕第2号 第 1 版：没有事件提到它" in found()
