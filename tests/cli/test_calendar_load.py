"""`caseflow calendar load` as one calls it from the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import time_machine
from click.testing import CliRunner, Result

from tests.law.days import day
from tests.law.notices import LINES, document, notice

TITLE = "国务院办公厅关于2027年部分节假日安排的通知"

if TYPE_CHECKING:
    from caseflow.config import Settings
    from tests.conftest import MakeApp
    from tests.support.office import DeskOffice

pytestmark = pytest.mark.usefixtures("terminal")


@pytest.fixture(autouse=True)
def _friday() -> Iterator[None]:
    """The morning of 11 December 2026."""
    with time_machine.travel(datetime(2026, 12, 11, 1, tzinfo=UTC), tick=False):
        yield


def load(file: Path, *words: str) -> Result:
    from caseflow.cli import main

    return CliRunner().invoke(main, ["calendar", "load", str(file), *words])


def written(folder: Path, words: str, name: str = "通知.txt", encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_text(words, encoding=encoding)
    return file


def version() -> int:
    from caseflow.calendars import store
    from caseflow.db import db

    db.session.rollback()
    return store.newest()


def test_a_notice_is_entered_into_an_empty_instance(
    database_url: str, tmp_path: Path, make_app: MakeApp, settings: Settings
) -> None:
    said = load(written(tmp_path, notice(2027)))
    assert (said.exit_code, said.stderr) == (0, "")
    lines = said.stdout.splitlines()
    assert lines[0] == "2027 年：249 个工作日（现在 259 个）"
    assert "  1月31日 周日　班　春节　新" in lines
    assert lines[-2:] == ["本次将改变 0 件在办件的到期日", "已录入日历第 2 版"]
    with make_app(settings).app_context():
        from caseflow.calendars import store

        assert 2027 in store.current().official
        assert store.year(2027).document == document(2027)


def test_the_impact_is_told_and_a_dry_run_writes_nothing(office: DeskOffice, tmp_path: Path) -> None:
    from tests.stages.drive import do
    from tests.support.office import row

    case_id, friday = office.accepted(day("周五 2026-12-11")), day("周五 2026-12-11")
    do(office, case_id, "ask_extension", friday, days=20)
    do(office, case_id, "approve_extension", friday, days=20, told=friday)
    office.accepted(friday)
    file = written(tmp_path, notice(2027))
    said = load(file, "--dry-run").stdout.splitlines()
    assert said[-3:] == [
        "本次将改变 1 件在办件的到期日",
        "  2026-1　2月8日 周一 → 2月15日 周一",
        "另有 1 件到期日不变，由暂定改为正式",
    ]
    assert (version(), row(case_id).due_on) == (1, day("周一 2027-02-08"))
    assert load(file).exit_code == 0
    assert (version(), row(case_id).due_on) == (2, day("周一 2027-02-15"))


def test_entered_twice_it_changes_nothing(office: DeskOffice, tmp_path: Path) -> None:
    file = written(tmp_path, notice(2027), encoding="gb18030")
    assert load(file).exit_code == 0
    again = load(file)
    assert (again.exit_code, again.stdout) == (0, "与现在的日历相同，没有改动\n")
    assert version() == 2


def test_every_fault_is_named_and_nothing_is_written(office: DeskOffice, tmp_path: Path) -> None:
    wrong = LINES[2027].replace("共9天", "共8天").replace("5月8日（周六）", "5月7日（周五）")
    refused = load(written(tmp_path, wrong), "--year", "2027")
    assert refused.exit_code == 1
    assert "写的是共 8 天，起止算来是 9 天" in refused.stderr
    assert "5月7日是周五，不是周末，不用调休上班" in refused.stderr
    assert "有 2 处要改，没有写入" in refused.stderr
    assert version() == 1


@pytest.mark.parametrize(
    ("name", "words", "options", "year"),
    [
        ("通知.txt", notice(2027), (), 2027),
        ("通知.txt", LINES[2027], ("--year", "2027", "--document", document(2027)), 2027),
        ("放假-2027.txt", LINES[2027], ("--document", document(2027)), 2027),
    ],
)
def test_the_year_is_that_of_the_title_the_option_or_the_file(
    office: DeskOffice, tmp_path: Path, name: str, words: str, options: tuple[str, ...], year: int
) -> None:
    assert load(written(tmp_path, words, name), *options).stdout.startswith(f"{year} 年：")


@pytest.mark.parametrize("day_far_away", ["9999年12月31日", "0001年1月1日"])
def test_a_day_of_the_first_or_the_last_year_there_is_is_named(
    office: DeskOffice, tmp_path: Path, day_far_away: str
) -> None:
    words = f"元旦：{day_far_away}放假，与周末连休，共1天。"
    refused = load(written(tmp_path, words), "--year", "2027", "--document", document(2027))
    assert refused.exit_code == 1
    assert "不是 2027 年的日期" in refused.stderr
    assert version() == 1


def test_without_a_year_it_is_asked_for(office: DeskOffice, tmp_path: Path) -> None:
    refused = load(written(tmp_path, LINES[2027]))
    assert refused.exit_code == 2
    assert "用 --year 写明年度" in refused.stderr


@pytest.mark.parametrize(
    ("number", "options", "kept"),
    [
        ("国办发明电〔2026〕8号\n", (), f"{TITLE}（国办发明电〔2026〕8号）"),
        ("", ("--document", "更正通知（国办发〔2026〕2号）"), "更正通知（国办发〔2026〕2号）"),
    ],
)
def test_the_document_is_kept_with_its_number(
    office: DeskOffice, tmp_path: Path, number: str, options: tuple[str, ...], kept: str
) -> None:
    from caseflow.calendars import store

    words = notice(2027).replace("国办发明电〔2026〕7号\n", number, 1)
    assert load(written(tmp_path, words), *options).exit_code == 0
    assert store.year(2027).document == kept


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\x81", b""])
def test_a_file_that_holds_no_notice_is_refused(office: DeskOffice, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "2027.txt"
    file.write_bytes(content)
    assert load(file).exit_code == 1
    assert version() == 1


def test_a_notice_without_its_number_is_asked_for_it(office: DeskOffice, tmp_path: Path) -> None:
    refused = load(written(tmp_path, LINES[2027]), "--year", "2027")
    assert refused.exit_code == 1
    assert "写明文号，例如国办发明电〔2026〕7号，用 --document 写明" in refused.stderr
    assert version() == 1


def test_one_line_leaves_the_year_provisional_and_says_what_is_missing(
    office: DeskOffice, tmp_path: Path
) -> None:
    from caseflow.calendars import store

    words = "端午节：6月9日（周三）放假，共1天。"
    said = load(written(tmp_path, words), "--year", "2027", "--document", document(2027))
    assert said.exit_code == 0
    assert "还缺：元旦、春节、清明、劳动节、中秋、国庆。录齐以前 2027 年仍为暂定" in said.stdout
    assert "1月1日" not in said.stdout
    assert 2027 not in store.edition(version()).official
    assert not store.current().is_working(day("周五 2027-01-01"))


def test_the_same_days_by_another_title_are_entered_only_where_it_is_asked_for(
    office: DeskOffice, tmp_path: Path
) -> None:
    file = written(tmp_path, notice(2027))
    assert load(file).exit_code == 0
    other = written(tmp_path, notice(2027).replace("7号", "9号"), "又.txt")
    said = load(other)
    assert (said.exit_code, version()) == (0, 2)
    assert "日期没有变化，只有名称或文件不同" in said.stdout
    assert load(other, "--document", f"{TITLE}（国办发明电〔2026〕9号）").exit_code == 0
    assert version() == 3


def test_other_terms_that_move_are_listed(office: DeskOffice, tmp_path: Path) -> None:
    from tests.stages.drive import do

    friday = day("周五 2026-12-11")
    case_id = office.accepted(friday)
    do(office, case_id, "consult_third_party", friday, delivered=friday)
    words = notice(2027).replace(
        "1月1日（周五）至3日（周日）放假，共3天。", "1月1日放假1天。1月2日（周六）上班。"
    )
    said = load(written(tmp_path, words), "--dry-run")
    assert "改变 1 件的其他期限\n  2026-1　征求意见　1月4日 周一 → 1月2日 周六" in said.stdout
