"""Letters are verified against the events of their issue: none changed, none taken away, none slipped in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Delete, Update, delete, insert, select, update

from caseflow.db import db, transaction
from caseflow.models import Letter, LetterCounter
from caseflow.upkeep import verify
from tests.stages.drive import do
from tests.support.office import DeskOffice

MONDAY = date(2026, 9, 21)
FRIDAY = date(2026, 9, 25)
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
    [
        ("number", "狮政公开回〔2026〕第9号"), ("version", 7), ("kind", "correction"), ("about", 2),
        ("issued_on", FRIDAY), ("issued_by", None),
    ],
)  # fmt: skip
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


def test_the_numbers_of_letters_run_without_a_gap_up_to_their_counter(
    office: DeskOffice, case_id: int
) -> None:
    """Two receipts, the first in two versions; then each part of a number and the counter are changed."""
    do(office, case_id, "issue_letter", MONDAY)
    do(office, office.accepted(MONDAY), "issue_letter", MONDAY)
    assert found() == []
    second = "SSFB 2026-2 文书 狮政公开回〔2026〕第2号 第 1 版 编号：行内"
    counter = "SSFB 文书 回〔2026〕编号：计数器"
    changes: list[tuple[Any, dict[str, Any], list[str]]] = [
        (Letter, {"n": 502}, [
            f"{second} 回〔2026〕第502号，事件里 狮政公开回〔2026〕第2号", "SSFB 文书 回〔2026〕第502号：前一号不存在",
            f"{counter} 2，最后一号 502",
        ]),
        (Letter, {"n": 1, "version": 7}, ["SSFB 文书 回〔2026〕第1号：不止一份文书用这一号", f"{counter} 2，最后一号 1"]),
        (Letter, {"year": 2025}, [f"{second} 回〔2025〕第2号，事件里 狮政公开回〔2026〕第2号", f"{counter} 2，最后一号 1"]),
        (Letter, {"series": "复"}, [f"{second} 复〔2026〕第2号，事件里 狮政公开回〔2026〕第2号", f"{counter} 2，最后一号 1"]),
        (LetterCounter, {"last": 9}, [f"{counter} 9，最后一号 2"]),
        (LetterCounter, {"last": 1}, [f"{counter} 1，最后一号 2"]),
    ]  # fmt: skip
    for table, values, told in changes:
        row = Letter.case_id != case_id if table is Letter else LetterCounter.last > 0
        columns = [getattr(table, name) for name in values]
        before = dict(zip(values, db.session.execute(select(*columns).where(row)).one(), strict=True))
        change(update(table).where(row).values(values))
        lines = found()
        assert [line for line in told if line not in lines] == []
        change(update(table).where(row).values(before))
    change(delete(LetterCounter))
    assert found() == [f"{counter} 0，最后一号 2"]


def change(statement: Update | Delete) -> None:
    with transaction() as session:
        session.execute(statement)
