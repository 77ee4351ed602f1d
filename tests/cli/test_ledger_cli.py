"""`caseflow import` and `caseflow export`: what they print, their exit codes, and that a ledger goes round."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from caseflow.demo.office import LEDGER, PROCEEDINGS
from tests.ledger.tables import cases, counts, csv_file, row

if TYPE_CHECKING:
    from caseflow.config import Settings


@pytest.fixture
def run(settings: Settings) -> Any:
    """Run a command on a fresh instance."""
    from caseflow.cli import main

    env = {"CASEFLOW_INSTANCE": str(settings.instance), "DATABASE_URL": settings.database_url}
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words], env=env)


@pytest.fixture
def look(app: Any) -> Any:
    """The instance, to see what the commands wrote."""
    with app.app_context():
        yield


SEED = ("import", LEDGER, "--office", "SSFB", "--proceedings", PROCEEDINGS)


def report(result: Result) -> dict[str, Any]:
    """The JSON of a command that printed nothing else."""
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_year_2020_comes_in_with_one_command(run, look):
    result = run(*SEED)
    assert result.exit_code == 0, result.output
    assert result.stdout == "shishi-2020-ledger.csv：导入 7 件，复议诉讼 1 件，已在册 0 件\n"
    before = counts()
    assert run(*SEED).stdout == "shishi-2020-ledger.csv：导入 0 件，已在册 7 件\n"
    assert counts() == before


def test_the_report_is_to_be_had_as_json(run, look):
    told = report(run(*SEED, "--format", "json"))
    assert told == {
        "file": "shishi-2020-ledger.csv", "dry_run": False, "office": "SSFB", "added": 7, "passed_over": 0, "counted_later": 0,
        "proceedings_added": 1, "errors": [], "unknown_columns": [], "unread_sheets": [],
    }  # fmt: skip


def test_a_dry_run_writes_nothing(run, look):
    before = counts()
    result = run(*SEED, "--dry-run")
    assert (result.exit_code, result.stdout) == (
        0,
        "shishi-2020-ledger.csv：可以导入 7 件，复议诉讼 1 件，已在册 0 件\n",
    )
    assert counts() == before


def test_bad_rows_end_with_one_and_are_named_by_line_column_and_reason(run, look, tmp_path):
    file = csv_file(tmp_path / "a.csv", [row(收到日期="2026-02-30", 用途="x"), row("2026-6", 申请人="")])
    result = run("import", file, "--office", "SSFB")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "第 2 行 收到日期：“2026-02-30”不是日期，写成 2020-03-02 这样",
        "第 3 行 申请人：不能空着",
        "不认识的列，没有导入：用途",
        "a.csv：有 2 处要改，一行也没有导入",
    ]
    told = report(run("import", file, "--office", "SSFB", "--format", "json"))
    assert told["errors"][1] == {"line": 3, "column": "申请人", "reason": "不能空着"}
    assert (told["unknown_columns"], told["added"]) == (["用途"], 0)
    assert cases() == {}


def test_a_file_that_is_no_ledger_ends_with_one_too(run, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("姓名\n林国栋\n", encoding="utf-8")
    result = run("import", file)
    assert result.exit_code == 1
    assert result.stdout.startswith("没有找到台账的表头")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["import", "nowhere.csv"], "nowhere.csv"),
        (["import", LEDGER, "--office", "石狮"], "机关代码用 1 至 40 个字母"),
        (["export", "a.pdf"], "文件名以 .csv 或者 .xlsx 结尾"),
        (["export", "a.csv", "--office", "NOBODY"], "没有机关 NOBODY"),
        (["export", "a.csv", "--year", "99"], "99"),
    ],
)
def test_a_command_that_makes_no_sense_ends_with_two(run, words, said):
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_export_imported_again_changes_nothing(run, look, tmp_path, suffix):
    run(*SEED)
    path = tmp_path / f"2020.{suffix}"
    result = run("export", path, "--office", "SSFB", "--year", "2020")
    assert result.exit_code == 0, result.output
    beside = tmp_path / "2020-复议诉讼.csv"
    said = [f"{path}：7 件", *([f"{beside}：复议诉讼"] if suffix == "csv" else [])]
    assert result.stdout.splitlines() == said
    before = counts()  # that it was exported is in the second log
    again = run("import", path, "--office", "SSFB", *(["--proceedings", beside] if suffix == "csv" else []))
    assert again.stdout == f"2020.{suffix}：导入 0 件，已在册 7 件\n"
    assert counts() == before


def test_an_export_masks_certificates_and_telephones_unless_a_reason_is_given_and_noted(run, look, tmp_path):
    from caseflow.db import db
    from caseflow.models import AuditEntry

    numbers = {"证件号码": "000000199001011234", "联系电话": "10012345678"}
    run("import", csv_file(tmp_path / "in.csv", [row(**numbers)]), "--office", "SSFB")
    masked, whole = tmp_path / "masked.csv", tmp_path / "whole.csv"
    run("export", masked)
    assert "0000**********1234,100****5678" in masked.read_text("utf-8-sig")
    refused = run("export", whole, "--full")
    assert (refused.exit_code, whole.exists()) == (2, False)
    refused = run("export", whole, "--full", "--reason", "核对 350581199001011024")
    assert (refused.exit_code, "不写申请人的姓名和号码" in refused.output) == (2, True)
    run("export", whole, "--full", "--reason", "移交新系统")
    assert "000000199001011234,10012345678" in whole.read_text("utf-8-sig")
    for file in (masked, whole):
        assert run("import", file).stdout.endswith("导入 0 件，已在册 1 件\n")
    noted = db.session.scalars(
        db.select(AuditEntry.details).where(AuditEntry.what == "exported").order_by(AuditEntry.id)
    )
    assert [(told["full"], told["reason"]) for told in noted] == [(False, ""), (True, "移交新系统")]


def test_an_export_names_the_requests_that_cannot_stand_in_it(run, office, tmp_path):
    from caseflow.stages import register

    day = date(2026, 9, 21)
    office.register(day)
    arrival = register.Arrival("online", submitted=day)
    register.register(office.work("clerk", day), arrival, register.Application("other", "某协会", "某报告"))
    told = run("export", tmp_path / "a.csv").stdout.splitlines()
    assert told == [
        f"{tmp_path / 'a.csv'}：1 件",
        "没有收到日期的 1 件没有导出（还没有双方确认，或者确认以前已经撤回）：2026-2",
    ]


def test_an_export_never_leaves_half_a_file(run, tmp_path):
    run(*SEED)
    kept = tmp_path / "kept"
    kept.mkdir()
    result = run("export", kept / "nowhere" / "a.csv")
    assert result.exit_code == 1
    assert "写不进" in result.stderr
    assert list(kept.iterdir()) == []


def test_a_new_office_stands_under_its_parent(run, look, tmp_path):
    run("import", csv_file(tmp_path / "a.csv", []), "--office", "CITY")
    run("import", csv_file(tmp_path / "b.csv", [row(机关="甲局")]), "--office", "AA", "--parent", "CITY")
    from sqlalchemy import select

    from caseflow.db import db
    from caseflow.models import Office

    city, bureau = db.session.scalars(select(Office).order_by(Office.id)).all()
    assert (bureau.name, bureau.parent_id) == ("甲局", city.id)
