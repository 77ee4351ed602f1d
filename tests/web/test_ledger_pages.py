"""台账: upload, see every problem, commit all or nothing; download. Whatever is uploaded, never a failure."""

from __future__ import annotations

import io
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from openpyxl import Workbook

from caseflow.alerts import schedule
from tests.ledger.tables import TODAY, cases, counts, csv_file, heads, lines, row
from tests.support.pages import Desk, Page, parse
from tests.web.conftest import SignInAs

Upload = tuple[io.BytesIO, str]
SUIT = {"登记编号": "2026-5", "类型": "行政诉讼", "提起日期": "2026-05-06"}
REPLIED = {"答复日期": "2026-03-20", "办理结果": "予以公开"}


@pytest.fixture
def desk(sign_in_as: SignInAs) -> Any:
    """王敏 on the page of the ledger."""
    with time_machine.travel(datetime(2026, 9, 21, 2, 0, tzinfo=UTC), tick=False):
        desk = sign_in_as("clerk-ssfb", latin=("xls",))
        desk.get("/ledger")
        yield desk


def text(*rows: Any, name: str = "台账.csv", encoding: str = "utf-8") -> Upload:
    """A csv to upload."""
    told = [[str(line.get(head, "")) for head in heads(rows)] for line in rows]
    body = "\n".join([",".join(heads(rows)), *(",".join(line) for line in told)])
    return io.BytesIO(body.encode(encoding)), name


def workbook(*sheet: Any, merged: str = "", name: str = "台账.xlsx") -> Upload:
    """A workbook to upload."""
    made = Workbook()
    for line in sheet:
        made.active.append(line)
    if merged:
        made.active.merge_cells(merged)
    out = io.BytesIO()
    made.save(out)
    out.seek(0)
    return out, name


def check(desk: Desk, ledger: Upload, **more: Any) -> Page:
    """Upload and check."""
    return desk.submit({"ledger": ledger} | more, form="/ledger/check")


def told(page: Page) -> list[list[str]]:
    """The problems on the page: line, column, reason."""
    return [[cell.text for cell in line.all("td")] for line in page.all("tbody tr")]


def kept(app: Any) -> list[Path]:
    root = Path(app.instance_path) / "uploads"
    return list(root.iterdir()) if root.exists() else []


# -- check and commit ----------------------------------------------------------------------------


def test_a_ledger_is_checked_then_committed_then_gone(desk, app):
    page = check(desk, text(row(**REPLIED), row("2026-6")))
    assert (page.status, page.h1) == (200, "台账检查完毕")
    assert [node.text for node in page.all(".card-n .v")] == ["2 件", "0 件", "0 件"]
    assert cases() == {}
    assert len(kept(app)) == 1
    page = desk.submit(form="/ledger/commit")
    assert page.path == "/ledger"
    assert page.one(".flash").text == "导入了 2 件；已在册的 0 件没有变动"
    assert list(cases()) == ["2026-5", "2026-6"]
    assert kept(app) == []


def test_who_committed_stands_in_the_record(desk, office):
    from sqlalchemy import select

    from caseflow.db import db
    from caseflow.models import Event

    check(desk, text(row()))
    desk.submit(form="/ledger/commit")
    assert set(db.session.execute(select(Event.actor_id, Event.source)).all()) == {
        (office.people["clerk"], "ledger")
    }


def test_proceedings_come_with_a_file_of_their_own(desk):
    page = check(desk, text(row(**REPLIED)), proceedings=text(SUIT, name="复议诉讼.csv"))
    assert [node.text for node in page.all(".card-n .v")] == ["1 件", "0 件", "1 件"]
    assert desk.submit(form="/ledger/commit").one(".flash").text.startswith("导入了 1 件，复议诉讼 1 件")


def test_what_stands_already_is_counted_and_there_is_nothing_to_commit(desk):
    check(desk, text(row()))
    desk.submit(form="/ledger/commit")
    page = check(desk, text(row()))
    assert [node.text for node in page.all(".card-n .v")] == ["0 件", "1 件", "0 件"]
    assert page.forms() == []
    assert "没有新的内容可以导入" in page.text


def test_every_problem_is_shown_by_row_and_column_and_nothing_kept(desk, app):
    before = counts()
    page = check(desk, text(row(收到日期="2026-02-30", 用途="x"), row("2026-6", 申请人=""), row("2026-7")))
    assert (page.status, page.h1) == (422, "台账有问题，没有导入")
    assert told(page) == [
        ["第 2 行", "收到日期", "“2026-02-30”不是日期，写成 2020-03-02 这样"],
        ["第 3 行", "申请人", "不能空着"],
    ]
    assert "不认识的列，不会导入：用途" in page.text
    assert page.forms() == []
    assert kept(app) == []
    assert counts() == before


def test_of_very_many_problems_the_first_are_shown_and_the_rest_counted(desk):
    page = check(desk, text(*(row(f"2026-{n}", 申请人="") for n in range(250))))
    assert len(told(page)) == 200
    assert "有 250 处要改" in page.text
    assert "还有 50 处没有列出" in page.text


def test_what_changed_between_check_and_commit_is_found_by_the_commit(desk, office, tmp_path):
    from tests.ledger.tables import taken

    check(desk, text(row(**REPLIED), row("2026-6")))
    taken(csv_file(tmp_path / "other.csv", [row()]))
    before = counts()
    page = desk.submit(form="/ledger/commit")
    assert page.status == 422
    assert [line[1] for line in told(page)] == ["答复日期", "办理结果"]
    assert counts() == before


# -- files that are none -------------------------------------------------------------------------


def odd_files() -> list[tuple[Upload, str]]:
    """Files that can't be taken, and what is said of each."""
    return [
        (text(row(), encoding="utf-16"), "文字编码是 UTF-16，读不了"),
        ((io.BytesIO(b"\xff\xfe\xff" * 9), "a.csv"), "文字编码是 UTF-16，读不了"),
        ((io.BytesIO(b"\x81\xff\x81"), "a.csv"), "文字编码不是 UTF-8，也不是 GB18030"),
        ((io.BytesIO("姓名\n林".encode()), "a.csv"), "没有找到台账的表头"),
        ((io.BytesIO(b""), "a.csv"), "文件是空的"),
        ((io.BytesIO(b"\n\n,,\n"), "a.csv"), "文件是空的"),
        ((io.BytesIO(b""), "a.xlsx"), "文件是空的"),
        ((io.BytesIO(b"PK\x03\x04..."), "a.xlsx"), "文件已经损坏"),
        ((io.BytesIO(b"\xd0\xcf\x11\xe0"), "a.xlsx"), "旧版 .xls"),
        (workbook(*lines([row(), row("2026-6")]), merged="E2:E3"), "E2:E3 是合并单元格"),
        (workbook(*lines([row(申请人="=A1")])), "是公式，不是数值"),
        (workbook(*lines([row(收到日期="三月")])), "“三月”不是日期"),
        (text(row(收到日期="2026-09-22")), "2026-09-22 晚于今天（2026-09-21）"),
    ]


def test_a_file_that_cannot_be_taken_is_answered_with_a_sentence(desk, app):
    for upload, said in odd_files():
        desk.get("/ledger")
        page = check(desk, upload)
        assert (page.status, page.h1) == (422, "台账有问题，没有导入")
        assert said in told(page)[0][2]
        assert kept(app) == []


def test_blank_rows_are_nothing_to_complain_of(desk):
    told_lines = lines([row(), row("2026-6")])
    page = check(desk, workbook([], *told_lines[:2], [None, " "], [], told_lines[2], []))
    assert page.all(".card-n .v")[0].text == "2 件"


def test_what_is_no_upload_is_said_at_the_field(desk, app):
    for values, said in (
        ({}, "选择台账文件"),
        ({"ledger": (io.BytesIO(b"x"), "a.pdf")}, "只读 .csv 和 .xlsx 文件"),
        ({"ledger": (io.BytesIO(b"x"), "台账")}, "只读 .csv 和 .xlsx 文件"),
    ):
        page = desk.submit(values, form="/ledger/check")
        assert (page.status, page.h1) == (422, "台账")
        assert said in page.errors
    assert kept(app) == []


def sent(desk: Desk, size: int) -> Any:
    """The answer to an upload of so many bytes; the client's own way would leave a file open behind it."""
    parts = (("csrf_token", "", desk.token().encode()), ("ledger", '; filename="a.csv"', bytes(size)))
    body = b"".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + content + b"\r\n"
        for name, more, content in parts
    )
    with desk.client.application.app_context():
        return desk.client.post(
            "/ledger/check", data=body + b"--x--\r\n", content_type="multipart/form-data; boundary=x"
        )


def test_a_file_too_large_is_refused_with_its_size(desk, app):
    answer = sent(desk, 21 << 20)
    assert answer.status_code == 422
    assert "文件太大（21 兆），最多 20 兆；按年度分开上传" in parse(answer.text).text
    assert kept(app) == []


def test_a_file_beyond_all_bounds_is_not_even_received(desk, app):
    assert sent(desk, 26 << 20).status_code == 413


def test_no_name_of_a_file_becomes_a_path(desk, app):
    names = ["../../../etc/台账.csv", "..\\台账.csv", "台账\x00.csv", "<b>.csv", "a" * 300 + ".csv"]
    for count, name in enumerate(names, 1):
        desk.get("/ledger")
        page = check(desk, (text(row())[0], name))
        assert page.status == 200
        assert page.all("h1 b") == page.all(".headline b") == []
        assert len(kept(app)) == count
    assert {path.name for folder in kept(app) for path in folder.iterdir()} == {"ledger.csv"}


# -- whose it is, and for how long ---------------------------------------------------------------


def token_of(page: Page) -> str:
    return next(
        n.attrs["value"] for n in page.form("/ledger/commit").all("input") if n.attrs["name"] == "token"
    )


def test_a_token_is_worth_nothing_to_somebody_else(desk, app, sign_in_as):
    token = token_of(check(desk, text(row())))
    other = sign_in_as("colleague-ssfb")
    other.get("/ledger")
    page = other.post("/ledger/commit", {"csrf_token": other.token(), "token": token})
    assert "已经导入，或者放得太久" in page.text
    assert cases() == {}
    assert len(kept(app)) == 1


def test_a_forged_token_finds_nothing(desk):
    for token in ("", "x", "../..", "a" * 5000):
        page = desk.post("/ledger/commit", {"csrf_token": desk.token(), "token": token})
        assert (page.status, page.path) == (200, "/ledger")
        assert "已经导入，或者放得太久" in page.text


def test_a_second_commit_of_the_same_check_changes_nothing(desk):
    token = token_of(check(desk, text(row())))
    desk.submit(form="/ledger/commit")
    before = counts()
    page = desk.post("/ledger/commit", {"csrf_token": desk.token(), "token": token})
    assert "已经导入，或者放得太久" in page.text
    assert counts() == before


def test_what_nobody_commits_is_swept_after_an_hour_and_by_each_pass(desk, app):
    check(desk, text(row()))
    (old,) = kept(app)
    an_hour_ago = time.time() - timedelta(minutes=61).total_seconds()
    os.utime(old, (an_hour_ago, an_hour_ago))
    desk.get("/ledger")
    assert old in kept(app)  # opening a page changes nothing
    check(desk, text(row()))
    (young,) = kept(app)
    assert old != young
    os.utime(young, (an_hour_ago, an_hour_ago))
    schedule.Schedule(app).catch_up()
    assert kept(app) == []


def test_kept_files_are_for_their_owner_only_and_sealed(desk, app):
    check(desk, text(row()))
    (kept_file,) = (path for folder in kept(app) for path in folder.iterdir())
    name = row()["申请人"]
    assert name
    assert name.encode() not in kept_file.read_bytes()
    (folder,) = kept(app)
    modes = {path.stat().st_mode & 0o777 for path in (folder, folder.parent)}
    assert modes == {0o700}
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


# -- export --------------------------------------------------------------------------------------


def export(desk: Desk, name: str, year: str = "") -> Any:
    """What a button of the page downloads."""
    page = desk.get("/ledger")
    buttons = page.form("/ledger/export.xlsx").all("button")
    assert f"/ledger/{name}" in {b.attrs.get("formaction", "/ledger/export.xlsx") for b in buttons}
    return desk.post(f"/ledger/{name}", {"csrf_token": desk.token(), "year": year}).response


def test_every_export_is_noted_before_it_goes_and_an_address_alone_gives_none(desk, office):
    check(
        desk,
        text(row("2025-1", 收到日期="2025-03-03"), row(**REPLIED)),
        proceedings=text(SUIT, name="复议诉讼.csv"),
    )
    desk.submit(form="/ledger/commit")
    case_id = min(cases().values(), key=lambda case: case.number).id
    before = len(noted())
    for name, year in (
        ("export.csv", "2025"),
        ("export.xlsx", ""),
        ("proceedings.csv", ""),
        ("export.csv", "x"),
    ):
        export(desk, name, year)
    desk.get(f"/cases/{case_id}")
    desk.submit(form="下载案卷")
    desk.get("/supervision/accountability?year=2026")
    desk.submit(form="下载 CSV")
    me = office.people["clerk"]
    assert noted()[before:] == [
        (me, None, {"kind": "台账", "form": "csv", "year": 2025, "rows": 1}),
        (me, None, {"kind": "台账", "form": "xlsx", "rows": 2}),
        (me, None, {"kind": "复议诉讼", "form": "csv", "rows": 1}),
        (me, case_id, {"kind": "案卷", "form": "zip"}),
        (me, None, {"kind": "责任追究登记", "form": "csv", "year": 2026, "rows": 1}),
    ]
    for address in ("/ledger/export.csv?year=2025", f"/cases/{case_id}/folder.zip", "/supervision.xlsx"):
        page = desk.get(address)
        assert page.status == 405
        assert "按钮" in page.text
    assert len(noted()) == before + 5


def noted() -> list[Any]:
    """Whose exports stand in the second log, of which case, with what."""
    from sqlalchemy import select

    from caseflow.db import db
    from caseflow.models import AuditEntry

    db.session.rollback()
    told = select(AuditEntry.actor_id, AuditEntry.case_id, AuditEntry.details).order_by(AuditEntry.id)
    found = db.session.execute(told.where(AuditEntry.what == "exported"))
    return [
        (who, case_id, {name: value for name, value in details.items() if value is not None})
        for who, case_id, details in found
    ]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_downloaded_ledger_uploaded_again_changes_nothing(desk, office, suffix):
    check(desk, text(row(**REPLIED)), proceedings=text(SUIT, name="复议诉讼.csv"))
    desk.submit(form="/ledger/commit")
    office.replied(TODAY, TODAY, name="=1+1")
    file = export(desk, f"export.{suffix}")
    assert file.status_code == 200
    assert file.headers["Cache-Control"] == "no-store"
    assert f"SSFB-2026-09-21.{suffix}" in file.headers["Content-Disposition"]
    desk.get("/ledger")
    page = check(desk, (io.BytesIO(file.data), f"a.{suffix}"))
    assert [node.text for node in page.all(".card-n .v")] == ["0 件", "2 件", "0 件"]
    file.close()


def test_a_year_may_be_chosen_and_must_be_one(desk, office):
    check(desk, text(row("2025-1", 收到日期="2025-03-03"), row("2026-1")))
    desk.submit(form="/ledger/commit")
    years = [option.text for option in desk.get("/ledger").all("option")]
    assert years == ["全部", "2026", "2025"]
    with export(desk, "export.csv", "2025") as file:
        assert "SSFB-2025-2026-09-21.csv" in file.headers["Content-Disposition"]
        assert [line.split(",")[0] for line in file.get_data(as_text=True).splitlines()[1:]] == ["2025-1"]
    for year in ("abc", "20255", "１２３４", "-1"):
        assert export(desk, "export.csv", year).status_code == 404


def test_the_page_says_which_requests_cannot_stand_in_a_ledger_yet(desk, office):
    assert "没有导出" not in desk.get("/ledger").text
    office.register(TODAY)
    request_by_network(office)
    assert "没有收到日期的 1 件没有导出" in desk.get("/ledger").text
    assert "：2026-2。" in desk.get("/ledger").text


def request_by_network(office):
    """A request that nobody has confirmed yet."""
    from caseflow.stages import register

    arrival = register.Arrival("online", submitted=TODAY)
    register.register(office.work("clerk", TODAY), arrival, register.Application("other", "某协会", "某报告"))


def test_proceedings_are_downloaded_apart_for_csv(desk):
    check(desk, text(row(**REPLIED)), proceedings=text(SUIT, name="复议诉讼.csv"))
    desk.submit(form="/ledger/commit")
    with export(desk, "proceedings.csv") as file:
        assert file.get_data(as_text=True).splitlines()[1] == "2026-5,行政诉讼,否,2026-05-06,,"


def test_nobody_downloads_another_office(desk, app):
    from tests.support.office import found

    other = found("OTHER", "别的机关")
    other.register(TODAY, name="别处的人")
    with export(desk, "export.csv") as file:
        assert "别处的人" not in file.get_data(as_text=True)
