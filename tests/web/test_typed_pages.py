"""Offices that don't work here: their published tables looked at, taken as they are, and standing in the roll-up."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from caseflow.law.year_table import Place
from tests.published.press import to_csv, to_docx, to_xlsx
from tests.published.test_read import SHISHI_2020, tables
from tests.reports.register import case, keep, shishi_2020
from tests.support.office import found
from tests.support.pages import Desk, Page

if TYPE_CHECKING:
    from tests.support.office import DeskOffice
    from tests.web.conftest import SignInAs

pytestmark = pytest.mark.usefixtures("monday")


def upload(
    desk: Desk, office: DeskOffice, path: Path, cells: dict[Place, int] | None = None, **odd: str
) -> Page:
    """The table of 2020 with changes, sent for an office; the page that shows it as it was read."""
    (to_xlsx if path.suffix == ".xlsx" else to_csv)(path, tables(SHISHI_2020 | (cells or {}), **odd))
    return send(desk, office, path.name, path.read_bytes())


def send(desk: Desk, office: DeskOffice, name: str, content: bytes) -> Page:
    desk.get("/year/2020/typed")
    return desk.submit({"office": str(office.id), "file": (BytesIO(content), name)})


def in_roll_up(page: Page) -> list[int]:
    """The first row of table 3."""
    return [int(td.text) for td in page.all("table.t3 tbody tr")[0].all("td")]


def test_a_faulty_table_is_shown_with_its_marks_taken_as_it_is_and_counted_as_typed(
    office: DeskOffice, sign_in_as: SignInAs, tmp_path: Path
) -> None:
    below = found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    shishi_2020(office.id)
    desk = sign_in_as("lead-ssfb")
    wrong: dict[Place, int] = {("granted", "natural_person"): 5}
    shown = upload(
        desk, below, tmp_path / "晋江2020.xlsx", wrong, partial__social="／", suit_direct__other=""
    )
    assert (shown.status, shown.h1) == (200, "晋江市人民政府办公室 2020 年")
    assert [td.text for td in shown.all("td.wrong")] == ["5"]
    assert [td.text for td in shown.all("td.blank")] == ["空白", "空白"]
    said = [li.text for li in shown.all("aside li")]
    assert (
        "（一）予以公开 × 自然人：表上是 5，应为 2（（七）＝各项办理结果之和、总计＝六类申请人之和）" in said
    )
    assert any(line.startswith("表四 未经复议直接起诉 × 其他结果：空白，按勾稽应为 0") for line in said)
    assert not desk.get("/year/2020?scope=all").all("div.note li")  # looking writes nothing

    upload(desk, below, tmp_path / "晋江2020.xlsx", wrong, partial__social="／", suit_direct__other="")
    taken = desk.submit(form="照原样录入")
    assert "已经录入" in taken.text
    assert [td.text for td in taken.all("td.wrong")] == ["5"]
    whole = desk.get("/year/2020?scope=all")
    assert in_roll_up(whole) == [14, 0, 0, 0, 0, 0, 14]
    assert whole.one("div.note li").text == "晋江市人民政府办公室：1 处勾稽不符，2 格没有数，没有计入"
    assert "予以公开：总计＝六类申请人之和" in whole.text
    assert in_roll_up(desk.get("/year/2020")) == [7, 0, 0, 0, 0, 0, 7]
    book = openpyxl.load_workbook(BytesIO(desk.get("/year/2020.xlsx?scope=all").response.get_data()))
    assert "含录入数据：晋江市人民政府办公室（2 格没有数）" in book["表三"]["A2"].value

    cell = desk.get("/year/2020/granted/natural_person?scope=all")
    rows = [[td.text for td in tr.all("td")] for tr in cell.all("section")[0].all("tbody tr")]
    assert rows == [
        ["石狮市人民政府办公室", "2", "办件"],
        ["晋江市人民政府办公室", "5", "录入：晋江2020.xlsx，李建华 录入"],
    ]
    assert "其中录入 5 件" in cell.text
    assert len(cell.all("a.no")) == 2
    suits = desk.get("/year/2020/suit_direct/pending?scope=all")
    assert "各机关合计 2 件" in suits.text
    assert desk.get("/year/2020/refused/total?scope=all").status == 200


def test_blanks_become_0_by_an_explicit_tick_alone_and_that_is_kept_with_every_version(
    office: DeskOffice, sign_in_as: SignInAs, tmp_path: Path
) -> None:
    below = found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    desk = sign_in_as("supervisor-ssfb")
    upload(desk, below, tmp_path / "a.csv", None, partial__social="／", new__other="零")
    desk.submit({"zeros": "y"}, form="照原样录入")
    page = desk.get(f"/year/2020/typed/{below.id}")
    assert "空白确认按 0 计" in page.text
    assert [td.text for td in page.all("td.blank")] == ["零"]
    whole = desk.get(
        "/year/2020?scope=all"
    )  # sums with an unknown in them are never called balanced in green
    assert "平衡（不含 1 格没有数的）" in whole.one("p.unknown").text
    assert "平衡（不含 1 格没有数的）" in whole.one("aside span.l-soon").text
    assert "全部平衡；" not in whole.text
    upload(desk, below, tmp_path / "b.csv")
    taken = desk.submit(form="录入")
    assert "代替第 1 版" in taken.text
    assert [li.text.split("：")[0] for li in taken.all("aside li")] == ["第 2 版", "第 1 版"]
    assert not taken.all("td.blank")
    assert "七列全部平衡；" in desk.get("/year/2020?scope=all").one("p.checkline").text
    desk.get(f"/year/2020/typed/{below.id}")
    gone = desk.submit(form="撤下这张表")
    assert "已经撤下" in gone.text
    assert not desk.get("/year/2020?scope=all").all("div.note li")
    assert [li.text[:6] for li in desk.get(f"/year/2020/typed/{below.id}").all("aside li")] == [
        "第 3 版：",
        "第 2 版：",
        "第 1 版：",
    ]
    again = desk.post(f"/year/2020/typed/{below.id}/withdraw", {"csrf_token": desk.token()})
    assert "没有录入的表" in again.text


def test_a_report_that_names_another_year_is_taken_only_with_a_tick_and_says_so_ever_after(
    office: DeskOffice, sign_in_as: SignInAs, tmp_path: Path
) -> None:
    below = found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    desk, file = sign_in_as("lead-ssfb"), tmp_path / "a.docx"
    to_docx(file, tables(SHISHI_2020))  # headed 2023 年政府信息公开工作年度报告
    shown = send(desk, below, file.name, file.read_bytes())
    assert "年度不符：文件上写的是 2023 年，现在要录入的是 2020 年" in shown.one("p.note-late").text
    refused = desk.submit(form="录入")
    assert (refused.status, len(refused.errors)) == (422, 1)
    assert "文件上写的是 2023 年，不是 2020 年" in refused.errors[0]
    assert desk.status(f"/year/2020/typed/{below.id}") == 404
    send(desk, below, file.name, file.read_bytes())
    taken = desk.submit({"other_year": "y"}, form="录入")
    assert "已经录入" in taken.text
    assert "年度不符" in taken.one("p.note-late").text
    desk.get("/year/2023/typed")
    right = desk.submit({"office": str(below.id), "file": (BytesIO(file.read_bytes()), "a.docx")})
    assert "年度不符" not in right.text
    assert not right.all("input#other_year")


def test_an_office_with_cases_of_its_own_is_counted_from_them_and_the_page_says_so(
    office: DeskOffice, sign_in_as: SignInAs, tmp_path: Path
) -> None:
    below = found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    keep(case(below.id, "2020-1", received_on=date(2020, 5, 6)))
    desk = sign_in_as("lead-ssfb")
    shown = upload(desk, below, tmp_path / "a.xlsx")
    assert "有自己的办件，合计时按办件计" in shown.text
    desk.submit(form="录入")
    whole = desk.get("/year/2020?scope=all")
    assert in_roll_up(whole) == [1, 0, 0, 0, 0, 0, 1]
    assert "录入的表不计入：晋江市人民政府办公室" in whole.text
    assert "按办件计" in desk.get("/year/2020/typed").text
    behind = desk.get("/year/2020/new/total?scope=all")
    assert not behind.all("a.no")  # another office's case is told, not opened
    assert "2020-1" in behind.text


def test_what_can_not_be_read_or_is_not_beneath_is_refused_at_its_field_and_writes_nothing(
    office: DeskOffice, sign_in_as: SignInAs, tmp_path: Path
) -> None:
    from caseflow.db import db
    from caseflow.models import TypedTable

    below, other = found("JJSB", "晋江", parent_id=office.id), found("NASB", "南安")
    desk = sign_in_as("lead-ssfb")
    for name, content, said in (
        ("a.xlsx", b"MZ\x90", "这是程序"), ("a.csv", b"1,2\n", "没有找到表三"), ("a.pdf", b"%PDF", "只读"), ("a.csv", b"", "空的"),
    ):  # fmt: skip
        refused = send(desk, below, name, content)
        assert (refused.status, any(said in line for line in refused.errors)) == (422, True), name
        assert refused.one("select#office").all("option")[1].attrs.get("value") == str(below.id)
    to_csv(tmp_path / "a.csv", tables(SHISHI_2020))
    desk.get("/year/2020/typed")
    for stranger in (other.id, office.id, "x", ""):
        page = desk.submit(
            {"office": str(stranger), "file": (BytesIO((tmp_path / "a.csv").read_bytes()), "a.csv")}
        )
        assert page.status == 422
    token = desk.token()
    kept = {"csrf_token": token, "token": "gone", "name": "a"}
    assert [desk.status(f"/year/2020/typed/{i}/take", kept) for i in (other.id, office.id, 10**18)] == [
        404
    ] * 3
    late = desk.post(f"/year/2020/typed/{below.id}/take", kept)
    assert "重新上传" in late.text
    assert [desk.status(f"/year/{y}/typed") for y in (1999, 2030)] == [404, 404]
    assert desk.status(f"/year/2020/typed/{below.id}") == 404
    assert db.session.query(TypedTable).count() == 0


def test_the_administrator_adds_an_office_beneath(office: DeskOffice, sign_in_as: SignInAs) -> None:
    desk = sign_in_as("admin-ssfb")
    desk.get("/admin/office/below")
    assert desk.submit({"name": "", "code": "GSG"}).errors
    assert any("已经有了" in line for line in desk.submit({"name": "港尚镇人民政府", "code": "SSFB"}).errors)
    page = desk.submit({"name": "港尚镇人民政府", "code": "GSZ"})
    assert "港尚镇人民政府已经添加" in page.text
    assert "港尚镇人民政府" in sign_in_as("lead-ssfb").get("/year/2020/typed").text


def test_the_command_gives_the_roll_up_with_whose_figures_were_typed(
    office: DeskOffice, sign_in_as: SignInAs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caseflow.reports.offices import office_ids
    from caseflow.reports.year import as_json, rolled_up, year_report

    below = found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    shishi_2020(office.id)
    desk = sign_in_as("lead-ssfb")
    upload(desk, below, tmp_path / "a.csv", None, partial__social="／")
    desk.submit(form="照原样录入")
    whole = as_json(rolled_up(office_ids(office.id, True), 2020), "SSFB")
    alone = as_json(year_report([office.id], 2020), "SSFB")
    assert whole["typed"] == [{"office": "JJSB", "blanks": 1, "wrong": 0, "table4": True}]
    assert whole["typed_aside"] == []
    assert "typed" not in alone
    for row, numbers in alone["results"].items():
        assert whole["results"][row] == [2 * n for n in numbers]
    assert (whole["balanced"], whole["proceedings"]["suit_direct"]["total"]) == (True, 2)
    json.dumps(whole)
