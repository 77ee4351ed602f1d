"""Exporting: every case as its row, nothing in the file ever computed, and importing it again changes nothing."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from caseflow.ledger.columns import LEDGER
from caseflow.ledger.read import open_book
from tests.ledger.tables import (
    TODAY,
    cases,
    counts,
    csv_file,
    differences,
    exported,
    row,
    taken,
    with_suits,
)
from tests.support.office import found
from tests.support.office import row as row_of

DANGEROUS = ["=1+1", "=cmd|'/c calc'!A0", "+1", "-1", "@SUM(A1)", "＝1", "＋1", "－1", "＠x", "'=1", "''=1"]
HARMLESS = ["'", "''", "'x", "1=1", "a@b.cn", "000123", "1-2", '"', "一,二\n三;四", "<b>&amp;</b>"]


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")


def shown(path: Path) -> list[dict[str, Any]]:
    """The rows of an export as they stand in the file."""
    with open_book(path) as opened:
        names = {index: column.name for index, column in opened.ledger.picked}
        return [
            {names[i]: value for i, value in enumerate(values) if value != ""}
            for _, values in opened.ledger.rows()
        ]


# -- cases of the desk ---------------------------------------------------------------------------


@pytest.mark.one_engine  # test_round_trip has such of its own on both
def test_importing_an_export_of_the_desk_changes_nothing(app, tmp_path):
    """And another office has the same rows from it, in either format."""
    from caseflow.demo import fill_demonstration

    with app.app_context():
        fill_demonstration(app, TODAY, datetime.combine(TODAY, time(11), ZoneInfo("Asia/Shanghai")))
        files = [exported(tmp_path / f"out.{suffix}") for suffix in ("csv", "xlsx")]
        before = counts()
        received = [case for case in cases().values() if case.received_on]
        for path in files:
            report = taken(path, None, **with_suits(path))
            assert (report.added, report.proceedings_added, report.passed_over) == (0, 0, len(received))
        assert counts() == before
        for path in files:
            assert copied(path, f"COPY-{path.suffix[1:]}") == shown(path)
        assert differences() == []


def copied(path: Path, code: str) -> list[dict[str, Any]]:
    """The export of a new office that took in an export."""
    from caseflow.db import db
    from caseflow.stages import offices

    name = str(shown(path)[0]["机关"])
    taken(path, code, **with_suits(path))
    copy = offices.find(db.session(), code)
    assert copy is not None
    again = shown(exported(path.with_name(f"copy{path.suffix}"), office_id=copy.id))
    return [line | {"机关": name} for line in again]


# -- what a spreadsheet makes of it --------------------------------------------------------------


def test_no_text_is_ever_a_formula_and_every_text_comes_back(office, tmp_path):
    texts = DANGEROUS + HARMLESS
    for text in texts:
        office.register(TODAY, name=text, remark=text, content=f"{text}\n{text}")
    for suffix, starts in (("csv", csv_starts), ("xlsx", formulas)):
        path = exported(tmp_path / f"out.{suffix}")
        assert taken(path).passed_over == len(texts)
        assert starts(path) & set("=+-@\t\r＝＋－＠") == set()


def csv_starts(path: Path) -> set[str]:
    """The first characters of all cells."""
    return {cell[:1] for line in csv.reader(io.StringIO(text_of(path), newline="")) for cell in line}


def formulas(path: Path) -> set[str]:
    """The first characters of the cells that a spreadsheet would compute."""
    assert not [name for name in ZipFile(path).namelist() if "calcChain" in name]
    with path.open("rb") as file:
        cells = [cell for line in load_workbook(file)["台账"].iter_rows() for cell in line]
    assert {cell.value for cell in cells} >= {"=1+1", "'=1", "000123"}
    return {str(cell.value)[:1] for cell in cells if cell.data_type == "f"}


def test_a_fee_that_was_never_paid_is_exported_like_every_closing(office, tmp_path):
    lapsed = row(收费通知日期="2026-03-03", 答复日期="2026-04-10", 办理结果="other_fee_unpaid")
    taken(csv_file(tmp_path / "in.csv", [lapsed]))
    (told,) = shown(exported(tmp_path / "out.csv"))
    assert (told["答复日期"], told["收费通知日期"]) == ("2026-04-10", "2026-03-03")


def test_a_workbook_keeps_days_as_days_and_numbers_as_text(office, tmp_path):
    told = row("2026-1", 证件号码="000000199001011234", 延期批准日期="2026-03-20", 延期工作日="15")
    taken(csv_file(tmp_path / "in.csv", [told]))
    with exported(tmp_path / "out.xlsx").open("rb") as file:
        sheet = load_workbook(file)["台账"]
        cells = {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
        assert sheet.freeze_panes == "A2"
    assert cells["收到日期"].value == datetime(2026, 3, 2)
    assert cells["收到日期"].number_format == "yyyy-mm-dd"
    assert cells["延期工作日"].value == 15
    for name in ("登记编号", "证件号码"):
        assert (cells[name].data_type, cells[name].number_format) == ("s", "@")


def test_a_csv_opens_in_a_spreadsheet_as_chinese(office, tmp_path):
    office.register(TODAY)
    path = exported(tmp_path / "out.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert text_of(path).split("\n")[0].strip() == ",".join(column.name for column in LEDGER.columns)
    assert "当面" in text_of(path)
    assert "自然人" in text_of(path)


# -- which cases ---------------------------------------------------------------------------------


def waiting(office: Any, day: date, name: str = "某协会") -> int:
    """A request by network that nobody has confirmed yet."""
    from caseflow.stages import register

    arrival, form = (
        register.Arrival("online", submitted=day), register.Application("other", name, "某报告"),
    )  # fmt: skip
    return register.register(office.work("clerk", day), arrival, form)[0].id


def left_out(**choice: Any) -> str:
    from caseflow.db import db
    from caseflow.ledger.write import Export

    db.session.rollback()
    return Export(db.session(), **choice).left_out()


def test_what_is_not_received_yet_stands_in_no_ledger_and_is_named(office, tmp_path):
    from caseflow.stages import archive, register
    from tests.support.office import seq

    office.register(TODAY)
    confirmed, withdrawn, _ = (waiting(office, TODAY) for _ in range(3))
    assert left_out().endswith("：2026-2、2026-3、2026-4")
    register.confirm_receipt(office.work("clerk", TODAY), confirmed, seq(confirmed), TODAY)
    archive.withdraw(office.work("clerk", TODAY), withdrawn, seq(withdrawn), TODAY, "来信撤回")
    assert left_out() == (
        "没有收到日期的 2 件没有导出（还没有双方确认，或者确认以前已经撤回）：2026-3、2026-4"
    )
    path = exported(tmp_path / "out.csv")
    assert [line["登记编号"] for line in shown(path)] == ["2026-1", "2026-2"]
    assert taken(path, "OTHER").added == 2


def test_many_that_are_left_out_are_counted_and_the_first_of_them_named(office, monkeypatch):
    from caseflow.ledger import write

    monkeypatch.setattr(write, "NAMED", 2)
    for _ in range(3):
        waiting(office, TODAY)
    assert left_out().startswith("没有收到日期的 3 件")
    assert left_out().endswith("：2026-1、2026-2 等")


def test_nothing_is_said_where_all_are_received(office):
    office.register(TODAY)
    assert left_out() == ""


def test_what_is_left_out_is_told_of_the_same_office_and_year(app):
    with app.app_context():
        first, second = found("AA", "甲局"), found("BB", "乙局")
        waiting(first, date(2025, 12, 31))
        waiting(second, TODAY)
        assert left_out(office_id=first.id).endswith("：2025-1")
        assert left_out(year=2026).endswith("：2026-1")
        assert left_out(office_id=first.id, year=2026) == ""


def test_a_year_holds_what_was_received_in_it(office, tmp_path):
    rows = [
        row("2024-9", 收到日期="2024-12-31"),
        row("2025-1", 收到日期="2025-01-02", 答复日期="2026-01-05", 办理结果="予以公开"),
    ]
    taken(csv_file(tmp_path / "in.csv", rows))
    waiting(office, date(2025, 12, 31))
    numbers = [line["登记编号"] for line in shown(exported(tmp_path / "out.csv", year=2025))]
    assert numbers == ["2025-1"]


def test_an_office_exports_its_own_cases_and_the_instance_all_of_them(app, tmp_path):
    with app.app_context():
        first, second = found("AA", "甲局"), found("BB", "乙局")
        first.register(TODAY)
        second.register(TODAY)
        assert [line["机关"] for line in shown(exported(tmp_path / "a.csv", office_id=second.id))] == ["乙局"]
        assert [line["机关"] for line in shown(exported(tmp_path / "b.csv"))] == ["甲局", "乙局"]
        assert taken(tmp_path / "b.csv", None).passed_over == 2


def test_two_offices_of_one_name_are_exported_by_code(app, tmp_path):
    with app.app_context():
        for code in ("AA", "BB"):
            found(code, "同名局").register(TODAY)
        assert [line["机关"] for line in shown(exported(tmp_path / "a.csv"))] == ["AA", "BB"]
        assert taken(tmp_path / "a.csv", None).passed_over == 2


def test_proceedings_of_several_offices_say_whose_they_are(app, tmp_path):
    from caseflow.stages import proceedings
    from tests.support.office import seq

    with app.app_context():
        for office in (found("AA", "甲局"), found("BB", "乙局")):
            case_id = office.replied(TODAY, TODAY)
            proceedings.open_proceeding(office.work("clerk", TODAY), case_id, seq(case_id), TODAY, "suit")
        path = exported(tmp_path / "a.csv")
        beside = text_of(tmp_path / "a-复议诉讼.csv").splitlines()
        assert beside[0].endswith("机关")
        assert [line.split(",")[-1] for line in beside[1:]] == ["甲局", "乙局"]
        again = taken(path, None, **with_suits(path))
        assert (again.passed_over, again.proceedings_added) == (2, 0)


def test_no_file_of_proceedings_stands_beside_a_csv_without_any(office, tmp_path):
    office.register(TODAY)
    exported(tmp_path / "out.csv")
    assert [path.name for path in tmp_path.glob("*.csv")] == ["out.csv"]


def test_a_long_ledger_is_written_and_read_in_pieces(office, tmp_path):
    rows = [row(f"2026-{n}", 备注=str(n)) for n in range(1, 1203)]
    taken(csv_file(tmp_path / "in.csv", rows))
    lines = shown(exported(tmp_path / "out.csv"))
    assert [line["备注"] for line in lines] == [str(n) for n in range(1, 1203)]


def test_an_office_is_exported_with_all_beneath_it_and_nobody_beside(office, tmp_path):
    below = found("BLFB", "宝岭镇人民政府", parent_id=office.id)
    beside = found("PZFB", "旁机关")
    for whose in (office, below, beside):
        whose.register(date(2026, 3, 2))
    path = exported(tmp_path / "树.xlsx", office_id=office.id, with_subordinates=True)
    assert [line["机关"] for line in shown(path)] == ["石狮市人民政府办公室", "宝岭镇人民政府"]
    alone = exported(tmp_path / "一.xlsx", office_id=office.id)
    assert [line["机关"] for line in shown(alone)] == ["石狮市人民政府办公室"]


def test_a_year_is_that_of_the_receipt_wherever_a_request_counts(office, tmp_path):
    """Recorded after the report was signed it counts in the next year, and was received when it was."""
    from caseflow.closing import sign
    from caseflow.closing.freeze import freeze
    from caseflow.db import db
    from caseflow.models import Office

    january = date(2027, 1, 12)
    sign.sign(office.work("lead", january), 2026, freeze(db.session.get_one(Office, office.id), 2026).hash)
    late = office.register(date(2026, 12, 30))
    assert row_of(late).new_year == 2027
    assert len(shown(exported(tmp_path / "26.csv", year=2026))) == 1
    assert shown(exported(tmp_path / "27.csv", year=2027)) == []
