"""`caseflow alerts run`, `verify`, `backup`, `restore` as one calls them from the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import time_machine
from click.testing import CliRunner, Result
from sqlalchemy import select, text

from tests.upkeep.desk import busy

if TYPE_CHECKING:
    from tests.support.office import DeskOffice

pytestmark = pytest.mark.usefixtures("terminal")


@pytest.fixture(autouse=True)
def _sunday() -> Iterator[None]:
    """Half past three on a Sunday afternoon: a command doesn't wait for Monday's eight o'clock."""
    with time_machine.travel(datetime(2026, 10, 25, 7, 30, tzinfo=UTC), tick=False):
        yield


def run(*words: str) -> Result:
    from caseflow.cli import main

    return CliRunner().invoke(main, [*words])


def said(result: Result) -> str:
    """What a command that went well printed."""
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout.strip()


def refused(result: Result) -> str:
    """The last line of a command that did not."""
    assert result.exit_code == 1
    return result.stderr.splitlines()[-1]


def test_a_pass_is_made_whatever_the_hour_and_a_second_adds_nothing(office: DeskOffice) -> None:
    office.accepted(date(2026, 9, 21))  # due tomorrow
    assert said(run("alerts", "run")) == "2026-10-25：新提醒 1 条，新通知 2 人次"
    assert said(run("alerts", "run")) == "2026-10-25：新提醒 0 条，新通知 0 人次"


def test_a_pass_may_be_made_as_of_another_morning(office: DeskOffice) -> None:
    from caseflow.db import db
    from caseflow.models import JobRun

    office.accepted(date(2026, 9, 21))
    assert said(run("alerts", "run", "--today", "2026-10-09")) == "2026-10-09：新提醒 0 条，新通知 0 人次"
    assert said(run("alerts", "run", "--today", "2026-10-27")) == "2026-10-27：新提醒 1 条，新通知 3 人次"
    db.session.rollback()
    planned = list(db.session.scalars(select(JobRun.planned_for).order_by(JobRun.id)))
    assert planned == [datetime(2026, 10, 9, tzinfo=UTC), datetime(2026, 10, 27, tzinfo=UTC)]


def test_a_day_that_is_none_is_told() -> None:
    result = run("alerts", "run", "--today", "2026-02-30")
    assert result.exit_code == 2
    assert "2026-02-30" in result.stderr


def test_a_record_that_holds_ends_well(office: DeskOffice) -> None:
    busy(office)
    assert said(run("verify")) == "核对 8 件，全部一致"


def test_each_difference_is_a_line_and_the_command_fails(office: DeskOffice) -> None:
    from caseflow.db import transaction

    busy(office)
    with transaction() as session:
        session.execute(text("UPDATE \"case\" SET stage = 'reply' WHERE number = '2026-1'"))
        session.execute(text("UPDATE note SET text = '改过' WHERE id = 1"))
    result = run("verify")
    assert refused(result) == "错误：核对 8 件，有 2 处不一致"
    assert result.stdout.splitlines() == [
        "SSFB 2026-1 stage：行内 reply，回放 review",
        "SSFB 2026-2 说明 1：内容与事件里的校验值不符",
    ]


def test_a_backup_is_put_back_and_verified(
    office: DeskOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy(office)
    file = tmp_path / "b.zip"
    assert said(run("backup", str(file))).startswith(f"已备份到 {file}：8 件，")
    monkeypatch.setenv("CASEFLOW_INSTANCE", str(tmp_path / "other"))
    monkeypatch.delenv("DATABASE_URL")
    lines = said(run("restore", str(file))).splitlines()
    assert lines == ["已恢复 2026-10-25 15:30 的备份：8 件", "核对 8 件，全部一致"]
    assert refused(run("restore", str(file))) == "错误：这个实例里已经有数据，只能恢复到空的实例"


def test_a_backup_to_a_name_that_is_taken_is_refused_and_leaves_it(tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    file.write_text("an older one")
    assert refused(run("backup", str(file))) == f"错误：{file} 已经存在，没有覆盖；换一个文件名，例如写上日期"
    assert file.read_text() == "an older one"


def test_a_damaged_file_is_refused_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    run("backup", str(file))
    file.write_bytes(file.read_bytes()[:-40])
    result = run("restore", str(file))
    assert refused(result) == "错误：不是备份文件，或者已损坏；换一份备份"
    assert len(result.stderr.splitlines()) == 1


def test_a_place_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    result = run("backup", str(tmp_path / "nowhere" / "b.zip"))
    assert refused(result).startswith("错误：写不了 ")
    assert len(result.stderr.splitlines()) == 1
