"""`caseflow alerts run`, `verify`, `sweep`, `backup`, `restore` as one calls them from the terminal."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import time_machine
from click.testing import CliRunner, Result
from sqlalchemy import select, text

from tests.upkeep.desk import busy, place, put_in
from tests.upkeep.test_sweep import keep

if TYPE_CHECKING:
    from flask import Flask

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


def test_a_signed_head_is_written_once_and_the_record_held_against_it(
    app: Flask, office: DeskOffice, tmp_path: Path
) -> None:
    from caseflow import keys
    from caseflow.db import db
    from caseflow.models import ChainHead

    office.register(date(2026, 9, 21))
    keys.create(app.extensions["caseflow"]["settings"].keys_file)
    file = tmp_path / "head.json"
    assert "1 条链，摘要" in said(run("head", "--out", str(file)))
    assert "已经" in refused(run("head", "--out", str(file)))
    assert "核对 1 件，全部一致" in said(run("verify", "--head", str(file)))
    text_of = file.read_text()
    assert said(run("head")) != text_of
    file.write_text(text_of.replace('"length": 1', '"length": 2', 1))
    assert "签名不符" in refused(run("verify", "--head", str(file)))
    db.session.rollback()
    assert db.session.get_one(ChainHead, "audit").length == 2


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
    assert said(run("verify")) == "核对 8 件、1 份文件，全部一致"


def test_without_files_nothing_is_said_of_them(office: DeskOffice) -> None:
    office.register(date(2026, 9, 21))
    assert said(run("verify")) == "核对 1 件，全部一致"


def test_each_difference_is_a_line_and_the_command_fails(office: DeskOffice) -> None:
    from caseflow.db import transaction

    busy(office)
    with transaction() as session:
        session.execute(text("UPDATE \"case\" SET stage = 'reply' WHERE number = '2026-1'"))
        session.execute(text("UPDATE note SET text = '改过' WHERE id = 1"))
    result = run("verify")
    assert refused(result) == "错误：核对 8 件、1 份文件，有 3 处不一致"
    assert result.stdout.splitlines() == [
        "SSFB 2026-1 stage：行内 reply，回放 review",
        "SSFB 2026-2 说明 1：内容与事件里的校验值不符",
        "SSFB 2026-2 检索索引与内容不符，caseflow reindex 可以重建",
    ]


# --- files -------------------------------------------------------------------------------------------------

OLD = datetime(2026, 10, 20, 7, tzinfo=UTC)


def test_a_lost_and_a_changed_file_are_named_by_case_and_number_and_the_command_fails(
    office: DeskOffice,
) -> None:
    case = office.register(date(2026, 9, 21))
    gone, changed = put_in(office, case, b"%PDF-1", b"%PDF-2")
    place(gone).unlink()
    place(changed).write_bytes(b"%PDF-3")
    result = run("verify")
    assert refused(result) == "错误：核对 1 件、2 份文件，有 2 处不一致"
    assert sorted(result.stdout.splitlines()) == [
        "SSFB 2026-1 材料 1：内容已不存在",
        "SSFB 2026-1 材料 2：内容与校验值不符",
    ]


def test_a_content_left_over_is_mentioned_and_no_difference(office: DeskOffice) -> None:
    busy(office)
    keep(b"left over", OLD)
    assert said(run("verify")).splitlines() == [
        "另有 1 个没有记录用到的文件，caseflow sweep 可以列出",
        "核对 8 件、1 份文件，全部一致",
    ]


def test_a_sweep_lists_and_only_removes_when_told_to(office: DeskOffice) -> None:
    busy(office)
    sha256 = keep(b"left over", OLD)
    line = f"{sha256} 2026-10-20 15:00 9 字节"
    for _ in range(2):
        assert said(run("sweep")).splitlines() == [
            line,
            "没有记录用到的文件 1 个，共 9 字节，加上 --remove 删除",
        ]
    assert said(run("sweep", "--remove")).splitlines() == [line, "已删除 1 个，共 9 字节"]
    assert not place(sha256).exists()
    assert noted("swept") == [{"count": 1}]
    assert said(run("sweep")) == "没有记录用到的文件 0 个，共 0 字节"
    assert said(run("verify")) == "核对 8 件、1 份文件，全部一致"


def test_old_keys_left_behind_are_noted(office: DeskOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    from caseflow.upkeep import keyring

    for gone in ([], ["2025", "2026"]):
        monkeypatch.setattr(keyring, "forget", lambda settings, age, gone=gone: gone)
        said(run("keys", "forget"))
    assert noted("keys_forgotten") == [{"keys": 2}]


def noted(what: str) -> list[dict[str, object]]:
    """The details of each such entry of the second log."""
    from caseflow.db import db
    from caseflow.models import AuditEntry

    db.session.rollback()
    query = select(AuditEntry.details).where(AuditEntry.what == what)
    return list(db.session.scalars(query.order_by(AuditEntry.id)))


def test_a_sweep_names_rows_without_their_files_and_fails(office: DeskOffice) -> None:
    case = office.register(date(2026, 9, 21))
    (gone,) = put_in(office, case, b"%PDF-1")
    place(gone).unlink()
    result = run("sweep", "--remove")
    assert refused(result) == "错误：有 1 处找不到文件，请从备份恢复"
    assert result.stdout.splitlines() == ["已删除 0 个，共 0 字节", "SSFB 2026-1 材料 1：内容已不存在"]


def test_a_backup_that_lacks_a_file_is_written_and_fails(office: DeskOffice, tmp_path: Path) -> None:
    case = office.register(date(2026, 9, 21))
    (gone,) = put_in(office, case, b"%PDF-1")
    place(gone).unlink()
    result = run("backup", str(tmp_path / "b.zip"))
    assert (
        refused(result) == "错误：其他的都已备份，但有 1 份文件缺失或者已损坏，caseflow verify 会写明是哪几份"
    )
    assert result.stdout.startswith("已备份到 ")
    assert (tmp_path / "b.zip").exists()


@pytest.mark.parametrize(
    ("number", "why"), [(errno.ENOSPC, "磁盘满了"), (errno.EFBIG, "这个磁盘存不下这么大的文件")]
)
def test_a_full_disk_is_told_in_one_line_and_nothing_stays(
    office: DeskOffice,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    why: str,
) -> None:
    from caseflow.files import store

    def full(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    busy(office)
    file, other = tmp_path / "b.zip", tmp_path / "other"
    run("backup", str(file))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert refused(run("backup", str(tmp_path / "c.zip"))) == f"错误：写不了 {tmp_path / 'c.zip'}：{why}"
    assert not list(tmp_path.glob("*c.zip*"))
    monkeypatch.setenv("CASEFLOW_INSTANCE", str(other))
    monkeypatch.delenv("DATABASE_URL")
    with monkeypatch.context() as patch:
        patch.setattr(store, "keep", full)
        assert refused(run("restore", str(file))) == f"错误：恢复不了，实例仍然是空的：{why}"
    assert said(run("restore", str(file))).endswith("全部一致")


# --- backups -----------------------------------------------------------------------------------------------


def test_a_backup_is_put_back_and_verified(
    office: DeskOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy(office)
    file = tmp_path / "b.zip"
    told, apart = said(run("backup", str(file))).splitlines()
    assert told.startswith(f"已备份到 {file}：8 件，")
    assert told.endswith("行、1 份文件")
    assert apart == "密钥在 b.zip.key，没有它恢复不了：与备份分开存放"
    monkeypatch.setenv("CASEFLOW_INSTANCE", str(tmp_path / "none"))
    proved = said(run("restore", "--check", str(file)))
    assert proved.startswith("可以恢复：2026-10-25 15:30 的备份，8 件，")
    assert proved.endswith("每一项的校验值都对")
    assert not (tmp_path / "none").exists(), "touches nothing"
    monkeypatch.setenv("CASEFLOW_INSTANCE", str(tmp_path / "other"))
    monkeypatch.delenv("DATABASE_URL")
    lines = said(run("restore", str(file))).splitlines()
    assert lines == ["已恢复 2026-10-25 15:30 的备份：8 件", "核对 8 件、1 份文件，全部一致"]
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
    assert refused(run("restore", "--check", str(file))) == refused(result)


def test_a_place_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    result = run("backup", str(tmp_path / "nowhere" / "b.zip"))
    assert refused(result).startswith("错误：写不了 ")
    assert len(result.stderr.splitlines()) == 1
