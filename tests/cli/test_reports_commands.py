"""`caseflow year-table` and `caseflow due`: answers on the terminal, one clear line for what can't be."""

from __future__ import annotations

import io
import json
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
import pytest
import time_machine
from click.testing import CliRunner, Result

from tests.reports.register import shishi_2020

if TYPE_CHECKING:
    from caseflow.config import Settings
    from tests.support.office import DeskOffice

PUBLISHED = Path(__file__).parents[1] / "reports" / "shishi-2020-year-table.json"


def run(*words: str) -> Result:
    from caseflow.cli import main

    return CliRunner().invoke(main, [*words])


def one_line(result: Result) -> str:
    """The one line on the error stream of a refused command."""
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return line


# -- due -------------------------------------------------------------------------------------------


def due(*words: str) -> dict[str, Any]:
    result = run("due", *words, "--format", "json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize(
    ("words", "day"),
    [
        (["2020-02-24"], "2020-03-23"),
        (["2020-04-10"], "2020-05-11"),
        (["2020-05-29"], "2020-06-29"),
        (["2020-07-15", "--corrected", "2020-07-29"], "2020-08-26"),
        (["2026-09-21", "--paid", "2026-11-02"], "2026-11-30"),
        (["2026-09-21", "--corrected", "2026-10-16", "--paid", "2026-11-02"], "2026-11-30"),
        (["2020-08-21", "--consult", "2020-08-27:2020-09-10"], "2020-10-09"),
        (["2020-09-18", "--extend", "15"], "2020-11-12"),
        (["2020-11-02"], "2020-11-30"),
    ],
)
def test_the_due_days_of_2020_come_out(words: list[str], day: str) -> None:
    assert due(*words)["due"] == day


def test_the_json_has_exactly_its_keys() -> None:
    found = due("2020-09-25", "--extend", "5", "--consult", "2020-10-09:2020-10-15")
    assert list(found) == ["received", "due", "provisional", "allowed", "steps"]
    assert {tuple(step) for step in found["steps"]} == {("from", "to", "counted", "what", "article")}
    assert (found["received"], found["allowed"], found["provisional"]) == ("2020-09-25", 25, False)
    assert sum(step["counted"] for step in found["steps"]) == 25


def test_a_consultation_is_taken_as_given_without_its_limit_of_15_working_days() -> None:
    short = due("2024-03-01", "--consult", "2024-03-04:2024-03-11")
    long = due("2024-03-01", "--consult", "2024-03-04:2024-06-28")
    assert (short["due"], long["due"]) == ("2024-04-08", "2024-07-25")


def test_several_consultations_that_overlap_count_once() -> None:
    once = due("2024-03-01", "--consult", "2024-03-04:2024-03-15")
    twice = due("2024-03-01", "--consult", "2024-03-04:2024-03-12", "--consult", "2024-03-08：2024-03-15")
    assert twice["due"] == once["due"]


def test_a_due_day_in_a_year_without_a_notice_is_provisional() -> None:
    assert due("2026-12-03")["provisional"] is False
    assert due("2026-12-04")["provisional"] is True
    assert "暂定" in run("due", "2026-12-04").stdout


@pytest.mark.parametrize("text", ["2020-03-02", "2020/3/2", "2020年3月2日"])
def test_days_are_read_as_people_write_them(text: str) -> None:
    assert due(text)["received"] == "2020-03-02"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["2020-02-30"], "不是日期"),
        (["tomorrow"], "不是日期"),
        ([""], "不是日期"),
        (["1998-03-02"], "施行之日"),
        (["2020-03-02", "--corrected", "2020-03-01"], "--corrected 2020-03-01 不能早于 2020-03-02"),
        (["2026-09-21", "--paid", "2026-09-20"], "--paid 2026-09-20 不能早于 2026-09-21"),
        (
            ["2026-09-21", "--corrected", "2026-10-16", "--paid", "2026-10-15"],
            "--paid 2026-10-15 不能早于 2026-10-16",
        ),
        (["2020-03-02", "--consult", "2020-03-04"], "发出日:收到意见日"),
        (["2020-03-02", "--consult", ":2020-03-04"], "发出日:收到意见日"),
        (["2020-03-02", "--consult", "2020-03-04:"], "发出日:收到意见日"),
        (["2020-03-02", "--consult", "2020-03-04:2020-03-03"], "不能早于 2020-03-04"),
        (["2020-03-02", "--consult", "2020-03-01:2020-03-03"], "不能早于 2020-03-02"),
        (["2020-03-02", "--extend", "21"], "1 至 20 个工作日"),
        (["2020-03-02", "--extend", "0"], "1 至 20 个工作日"),
        (["2020-03-02", "--extend", "-5"], "1 至 20 个工作日"),
        (["2020-03-02", "--extend", "五"], "1 至 20 个工作日"),
        (["2020-03-02", "--extend", "9" * 5000], "1 至 20 个工作日"),
        (["2099-12-30"], "工作日历"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(words: list[str], said: str) -> None:
    assert said in one_line(run("due", *words))


def test_the_text_names_the_day_with_its_weekday_and_every_article() -> None:
    said = run("due", "2020-08-21", "--consult", "2020-08-27:2020-09-10").stdout
    assert "到期 2020年10月9日 周五，共 20 个工作日" in said
    for article in ("条例第三十一条", "条例第三十二、三十三条", "条例第三十三条"):
        assert article in said


def test_due_needs_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEFLOW_INSTANCE", str(tmp_path / "none"))
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/none")
    assert due("2020-02-24")["due"] == "2020-03-23"
    assert not (tmp_path / "none").exists()


# -- year-table --------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 23, 1, tzinfo=UTC), tick=True):
        yield


def test_the_published_table_comes_out_of_the_command(office: DeskOffice, terminal: None) -> None:
    shishi_2020(office.id)
    result = run("year-table", "2020", "--office", "SSFB", "--format", "json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == json.loads(PUBLISHED.read_text(encoding="utf-8"))


def test_the_only_office_need_not_be_named_and_several_must(office: DeskOffice, terminal: None) -> None:
    from tests.support.office import found

    assert json.loads(run("year-table", "2020", "--format", "json").stdout)["office"] == "SSFB"
    below = found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    shishi_2020(below.id)
    said = one_line(run("year-table", "2020"))
    assert "JJSB（晋江市人民政府办公室）、SSFB（石狮市人民政府办公室）" in said
    assert "没有机关 NONE" in one_line(run("year-table", "2020", "--office", "NONE"))
    alone, whole = (
        json.loads(run("year-table", "2020", "--office", "SSFB", "--format", "json", *more).stdout)
        for more in ([], ["--with-subordinates"])
    )
    assert (alone["new"][-1], whole["new"][-1]) == (0, 7)


def test_without_any_office_the_way_out_is_told(settings: Settings, terminal: None) -> None:
    assert "caseflow init" in one_line(run("year-table", "2020"))


@pytest.mark.parametrize("year", ["2007", "2028", "99999999999"])
def test_a_year_that_can_have_no_table_is_refused(office: DeskOffice, terminal: None, year: str) -> None:
    assert "2008 至 2027" in one_line(run("year-table", year))


def test_the_edition_may_be_chosen(office: DeskOffice, terminal: None) -> None:
    for edition, rows in (("2019", 19), ("2021", 21)):
        found = json.loads(run("year-table", "2024", "--edition", edition, "--format", "json").stdout)
        assert (found["edition"], len(found["results"])) == (edition, rows)
    assert run("year-table", "2024", "--edition", "2030").exit_code == 2


def test_the_text_aligns_its_columns_with_chinese_characters_two_columns_wide(
    office: DeskOffice, terminal: None
) -> None:
    shishi_2020(office.id)
    lines = run("year-table", "2020").stdout.splitlines()
    table = lines[3 : 3 + 24]
    assert "总计" in table[0]
    assert len({_width(line) for line in table}) == 1
    assert "勾稽：七列全部平衡" in lines
    assert lines[-1].startswith("2020 年，共受理（本年新收）政府信息公开申请 7 件")
    assert "按时办结率：100.00%（7 ÷ 7 件）" in lines


def _width(line: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in line)


def test_the_workbook_is_written_to_a_file(office: DeskOffice, terminal: None, tmp_path: Path) -> None:
    shishi_2020(office.id)
    assert "--out" in one_line(run("year-table", "2020", "--format", "xlsx"))
    file = tmp_path / "表.xlsx"
    assert run("year-table", "2020", "--format", "xlsx", "--out", str(file)).exit_code == 0
    book = openpyxl.load_workbook(io.BytesIO(file.read_bytes()))
    assert book["表三"]["J6"].value == 7
    file = tmp_path / "表.docx"
    assert run("year-table", "2020", "--format", "docx", "--out", str(file)).exit_code == 0
    third, fourth = docx.Document(str(file)).tables
    assert [cell.text for cell in third.rows[3].cells][3:] == ["7", "0", "0", "0", "0", "0", "7"]
    assert [cell.text for cell in fourth.rows[3].cells] == ["0"] * 8 + ["1", "1"] + ["0"] * 5


def test_the_whole_report_goes_to_a_file_and_what_is_to_be_looked_at_is_told(
    office: DeskOffice, terminal: None, tmp_path: Path
) -> None:
    from caseflow.closing.freeze import freeze
    from caseflow.db import db, transaction
    from caseflow.models import Office, SignedYear

    shishi_2020(office.id)
    for shape, begin in (("docx", b"PK"), ("xlsx", b"PK"), ("html", b"<!doctype html>")):
        file = tmp_path / f"年报.{shape}"
        told = run("annual-report", "2020", "--format", shape, "--out", str(file))
        assert told.exit_code == 0, told.output
        assert file.read_bytes().startswith(begin)
        assert "五、存在的主要问题及改进情况：还没有写" in told.stderr
    whole = run("annual-report", "2020", "--with-subordinates", "--format", "html", "--out", str(file))
    assert (whole.exit_code, "未签发（草稿）" in file.read_text(encoding="utf-8")) == (0, True)
    to_file = ("--format", "html", "--out", str(file))
    assert "还没有签发" in one_line(run("annual-report", "2020", "--signed", *to_file))
    assert "不能和" in one_line(run("annual-report", "2020", "--signed", "--edition", "2021", *to_file))
    frozen = freeze(db.session.get_one(Office, office.id), 2020)
    db.session.rollback()
    with transaction() as session:
        at = {"signed_by": office.people["lead"], "signed_at": datetime(2021, 1, 12, 1, tzinfo=UTC)}
        row = {"office_id": office.id, "year": 2020, "edition": 1, "explanation": "", "hash": frozen.hash}
        session.add(SignedYear(**row, **at, frozen=dict(frozen.data)))
    for words in (("--signed",), ()):
        assert run("annual-report", "2020", *words, *to_file).exit_code == 0
        said = file.read_text(encoding="utf-8")
        assert ("2020 年政府信息公开工作年度报告" in said, "草稿" in said) == (True, False)
    assert "2008 至" in one_line(run("annual-report", "1999", "--format", "html", "--out", str(file)))
    assert run("annual-report", "2020", "--format", "html").exit_code == 2


def test_json_and_text_may_go_to_a_file_and_a_missing_folder_is_told(
    office: DeskOffice, terminal: None, tmp_path: Path
) -> None:
    file = tmp_path / "table.json"
    result = run("year-table", "2020", "--format", "json", "--out", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    assert json.loads(file.read_text(encoding="utf-8"))["year"] == 2020
    assert "写不进" in one_line(run("year-table", "2020", "--out", str(tmp_path / "none" / "table.txt")))


def test_a_year_out_of_balance_says_so_in_words() -> None:
    from dataclasses import replace

    from caseflow.cli.reports import _text
    from caseflow.law.year_table import Counts, year_table
    from caseflow.reports.on_time import Rate
    from caseflow.reports.year import YearReport

    table = year_table(Counts({}, {}, {}, {}, {}), 2024)
    broken = replace(table, cells={**table.cells, "new": (1, 0, 0, 0, 0, 0, 1)})
    said = _text(
        YearReport(broken, dict.fromkeys(("letter", "online", "in_person", "fax", "other"), 0), Rate(0, 0)),
        "甲",
    )
    assert "勾稽不平：自然人：一＋二＝（七）＋四 不成立，1 与 0 相差 1" in said
