"""`caseflow archive` and `verify-archive`: one case, or a year that is taken up where it was left."""

from __future__ import annotations

import hashlib
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from caseflow.db import db
from caseflow.models import AuditEntry
from tests.folders.case import LATER, PDF, answered, archived, put_in
from tests.stages.drive import do
from tests.support.office import found
from tests.upkeep.desk import place

if TYPE_CHECKING:
    from tests.support.office import DeskOffice

pytestmark = pytest.mark.usefixtures("terminal")

NEXT_YEAR = date(2027, 1, 11)


def run(*words: str | Path) -> Result:
    from caseflow.cli import main

    return CliRunner().invoke(main, [str(word) for word in words])


def said(result: Result) -> str:
    """The last line of a command that went well."""
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout.splitlines()[-1]


def refused(result: Result, code: int = 1) -> str:
    """The last line of a command that did not."""
    assert result.exit_code == code
    return result.stderr.splitlines()[-1]


def test_a_case_is_packed_by_its_number_and_the_folder_is_checked_without_a_database(
    office: DeskOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archived(office)
    out = tmp_path / "案卷.zip"
    assert said(run("archive", "2026-1", "--out", out)) == f"{out}：2026-1 的案卷，14 个文件，另有校验清单"
    assert out.stat().st_mode & 0o777 == 0o600
    told = select(AuditEntry.case_id, AuditEntry.details).where(AuditEntry.what == "exported")
    assert [tuple(row) for row in db.session.execute(told)] == [(1, {"kind": "案卷", "form": "zip"})]
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert said(run("verify-archive", out)) == f"{out}：每个文件都与校验清单一致，没有缺少，没有多出"
    out.write_bytes(out.read_bytes().replace(b"%PDF-1.7 ", b"%PDF-1.8 ", 1))
    result = run("verify-archive", out)
    assert refused(result) == f"错误：{out}：有 1 处不一致"
    assert result.stdout == "001-申请材料_申请书𠮷_一.pdf：读不出来，已经损坏\n"


def test_what_names_no_case_or_no_place_is_told(office: DeskOffice, tmp_path: Path) -> None:
    office.accepted(LATER)
    found("JJSB", "晋江市人民政府办公室").accepted(LATER)
    out = tmp_path / "案卷.zip"
    assert refused(run("archive", "2026-9", "--out", out)) == "错误：没有登记编号 2026-9 的案件"
    assert (
        refused(run("archive", "2026-1", "--office", "XX", "--out", out))
        == "错误：没有登记编号 2026-1 的案件"
    )
    both = "错误：几个机关都有 2026-1，用 --office 写明：JJSB、SSFB"
    assert refused(run("archive", "2026-1", "--out", out)) == both
    nowhere = tmp_path / "没有" / "案卷.zip"
    assert refused(run("archive", "2026-1", "--office", "SSFB", "--out", nowhere)) == (
        f"错误：写不进 {nowhere}：没有这个文件夹"
    )
    assert refused(run("archive", "--out", out), 2) == "错误：写上登记编号，或者用 --year 写明年度"
    assert "机关不止一个" in refused(run("archive", "--year", "2026", "--out", out), 2)
    assert not out.exists()
    assert said(run("archive", "2026-1", "--office", "JJSB", "--out", out)).endswith("5 个文件，另有校验清单")
    year = run("archive", "--year", "2026", "--office", "JJSB", "--out", out)
    assert refused(year) == f"错误：{out} 是文件，写上文件夹"
    case = run("archive", "2026-1", "--office", "JJSB", "--out", tmp_path)
    assert refused(case) == f"错误：{tmp_path} 已经存在，没有覆盖；换一个文件名"
    before = out.read_bytes()
    other = run("archive", "2026-1", "--office", "SSFB", "--out", out)
    assert refused(other) == f"错误：{out} 已经存在，没有覆盖；换一个文件名"
    assert out.read_bytes() == before


def test_the_years_of_two_offices_go_to_one_place_and_neither_takes_the_others(
    office: DeskOffice, tmp_path: Path
) -> None:
    out = tmp_path / "2026"
    for code, its in (("SSFB", office), ("JJSB", found("JJSB", "晋江市人民政府办公室"))):
        archived(its)
        assert said(run("archive", "--year", "2026", "--office", code, "--out", out)).endswith("已有 0 个")
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert first.keys() == {"案卷-SSFB-2026-1.zip", "案卷-JJSB-2026-1.zip"}
    for code in ("SSFB", "JJSB"):
        assert said(run("archive", "--year", "2026", "--office", code, "--out", out)).endswith("已有 1 个")
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first


def test_a_year_is_taken_up_where_it_was_left_and_what_differs_is_made_anew(
    office: DeskOffice, tmp_path: Path
) -> None:
    changed, _, lost = archived(office), archived(office), archived(office)
    answered(office)  # closed, not archived
    late = answered(office)
    do(office, late, "archive", NEXT_YEAR)  # belongs to the year in which it was closed
    put_in(office, lost, "delivery", "独一份.pdf")
    sha256 = hashlib.sha256(PDF + "独一份.pdf".encode()).hexdigest()
    out = tmp_path / "2026"
    out.mkdir()
    old, young = (out / f".案卷-SSFB-2026-{n}.zip.part" for n in (1, 2))  # of runs that were killed
    for part in (old, young):
        part.write_bytes(b"PK")
    os.utime(old, (0, 0))
    told = f"{out}：2026 年办结、已归档 4 件"
    assert said(run("archive", "--year", "2026", "--out", out)) == f"{told}，做成案卷 4 个，已有 0 个"
    names = [f"案卷-SSFB-2026-{n}.zip" for n in (1, 2, 3, 5)]
    assert sorted(path.name for path in out.iterdir()) == [young.name, *names]
    first = {name: (out / name).read_bytes() for name in names}
    times = {name: (out / name).stat().st_mtime_ns for name in names}

    (out / names[1]).write_bytes(first[names[1]].replace(b"%PDF-1.7", b"%PDF-1.8", 1))  # a damaged one
    (out / names[2]).unlink()
    put_in(office, changed, "delivery", "回执.pdf")  # the record went on
    assert said(run("archive", "--year", "2026", "--out", out)) == f"{told}，做成案卷 3 个，已有 1 个"
    again = {name: (out / name).read_bytes() for name in names}
    assert {name for name in names if again[name] != first[name]} == {names[0]}
    assert (out / names[3]).stat().st_mtime_ns == times[names[3]]

    place(sha256).unlink()  # lost from the store, but what stands is whole
    assert said(run("archive", "--year", "2026", "--out", out)).endswith("做成案卷 0 个，已有 4 个")
    (out / names[2]).unlink()
    result = run("archive", "--year", "2026", "--out", out)
    assert refused(result) == "错误：有 1 件的案卷没有做成"
    lines = result.stdout.splitlines()
    assert lines[0] == "2026-3 的案卷做不成：“010-送达凭据_独一份.pdf”内容已不存在，请从备份恢复"
    assert lines[1] == f"{told}，做成案卷 0 个，已有 3 个"
    assert said(run("archive", "--year", "2025", "--out", out)) == (
        f"{out}：2025 年办结、已归档 0 件，没有可做的案卷"
    )


def test_the_bar_moves_by_each_case_whether_its_folder_was_made_or_stood_already(
    office: DeskOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caseflow.cli import folders

    for _ in range(2):
        archived(office)
    moved: list[tuple[str, int]] = []

    class Bar:
        """A bar that counts."""

        def __init__(self, label: str, length: int) -> None:
            moved.append((label, length))

        def __enter__(self) -> Bar:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def update(self, by: int) -> None:
            moved.append(("", by))

    monkeypatch.setattr(folders, "bar", Bar)
    for _ in range(2):
        said(run("archive", "--year", "2026", "--out", tmp_path / "2026"))
    assert moved == [("案卷", 2), ("", 1), ("", 1)] * 2
