"""材料: put in by form, handed out under their names, shown in the browser only where that can do no harm."""

from __future__ import annotations

import errno
import io

import pytest
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect
from werkzeug import formparser

from caseflow.files import store
from tests.stages.drive import scan
from tests.support import browser as browsers
from tests.support.office import DeskOffice, found, seq
from tests.support.pages import Desk, parse
from tests.web.conftest import MONDAY, SignInAs

pytestmark = pytest.mark.usefixtures("monday")

PDF, PNG = b"%PDF-1.7 scan", b"\x89PNG\r\n\x1a\nscan"


def sent(name: str, content: bytes = PDF) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


@pytest.fixture
def case_id(office: DeskOffice) -> int:
    return office.accepted(MONDAY)


def opened(desk: Desk, case_id: int) -> Desk:
    desk.get(f"/cases/{case_id}/files")
    return desk


def test_files_are_put_in_and_listed_with_kind_size_and_day(case_id: int, desk: Desk) -> None:
    page = opened(desk, case_id).submit(
        {"kind": "request", "files": [sent("申请书.pdf"), sent("身份证.png", PNG)], "note": "来信两页"}
    )
    assert page.status == 200
    table = page.one("table.list").text
    for words in ("申请材料", "申请书.pdf", "身份证.png", "1 KB", "11月23日 周一", "王敏"):
        assert words in table
    history = desk.get(f"/cases/{case_id}").text
    assert "王敏存入申请材料 2 件。" in history
    assert "来信两页" in history
    assert "申请书.pdf" in history


@pytest.mark.parametrize(
    ("kind", "file", "why"),
    [
        ("request", (), "选择要存入的文件"),
        ("", ("a.pdf", PDF), "选择材料的种类"),
        ("request", ("木马.exe", b"MZ"), "“木马.exe”不能上传：只收"),
        ("request", ("木马.pdf", b"MZ"), "“木马.pdf”不能上传：内容与扩展名不符"),
        ("request", ("空.pdf", b""), "“空.pdf”是空的"),
    ],
)
def test_what_can_not_come_in_is_said_at_its_field_and_changes_nothing(
    case_id: int, desk: Desk, kind: str, file: tuple[str, bytes] | tuple[()], why: str
) -> None:
    last = seq(case_id)
    files = [sent(*file)] if file else []
    page = opened(desk, case_id).submit({"kind": kind, "files": files, "note": "来信"})
    assert page.status == 422
    assert any(why in error for error in page.errors)
    assert "来信" in page.one("textarea").text
    assert "要重新选一次" in page.text
    assert seq(case_id) == last
    assert list(store.all_kept()) == []


def test_an_upload_beyond_the_limit_is_refused_with_the_limit(case_id: int, desk: Desk) -> None:
    opened(desk, case_id)
    body = f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{desk.token()}\r\n--x--\r\n'.encode()
    with desk.client.application.app_context():
        answer = desk.client.post(
            f"/cases/{case_id}/files", data=body, content_type="multipart/form-data; boundary=x",
            environ_overrides={"CONTENT_LENGTH": str(200 << 20)},
        )  # fmt: skip
    assert answer.status_code == 413
    assert "一次提交不超过 120 MB" in parse(answer.text).text
    assert seq(case_id) == 2


def test_a_temporary_folder_that_is_full_is_said_and_nothing_changes(
    case_id: int, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    opened(desk, case_id)
    monkeypatch.setattr(formparser, "SpooledTemporaryFile", full)  # where a file waits while it is read
    page = desk.submit({"kind": "request", "files": [sent("申请书.pdf")]})
    assert page.status == 503
    assert "服务器的磁盘写不进去（可能已满）" in page.text
    assert seq(case_id) == 2


def test_pdf_and_pictures_open_in_the_browser_all_else_is_only_handed_over(case_id: int, desk: Desk) -> None:
    files = [sent("申请书.pdf"), sent("照片.png", PNG), sent("附言.txt", b"<script>alert(1)</script>")]
    opened(desk, case_id).submit({"kind": "request", "files": files})
    shown = {n: desk.get(f"/cases/{case_id}/files/{n}").response for n in (1, 2, 3)}
    assert shown[1].data == PDF
    assert [shown[n].mimetype for n in (1, 2, 3)] == ["application/pdf", "image/png", "text/plain"]
    how = [shown[n].headers["Content-Disposition"].split(";")[0] for n in (1, 2, 3)]
    assert how == ["inline", "inline", "attachment"]
    assert "filename*=UTF-8''%E7%94%B3%E8%AF%B7%E4%B9%A6.pdf" in shown[1].headers["Content-Disposition"]
    assert all(answer.headers["X-Content-Type-Options"] == "nosniff" for answer in shown.values())


@browsers.layout
def test_files_are_sent_from_the_page_which_says_what_came_of_it(
    office: DeskOffice, live_server: str, page: BrowserPage
) -> None:
    case_id = office.accepted(MONDAY)
    browsers.sign_in(page, live_server, "clerk-ssfb")
    page.goto(f"{live_server}/cases/{case_id}/files")
    for name, content, says in (
        ("木马.pdf", b"MZ", "“木马.pdf”不能上传：内容与扩展名不符"),
        ("申请书.pdf", PDF, "已存入 1 件"),
        ("签收单.pdf", PDF * 90_000, "已存入 1 件"),  # the page that answered sends like the one before
    ):
        page.get_by_label("种类").select_option("request")
        page.get_by_label("文件").set_input_files(
            {"name": name, "mimeType": "application/pdf", "buffer": content}
        )
        page.get_by_role("button", name="存入").click()
        expect(page.locator(".flash, .errs")).to_contain_text(says)
        expect(page.locator("table.list a", has_text=name)).to_have_count(int(content != b"MZ"))
    assert page.url == f"{live_server}/cases/{case_id}/files"


@browsers.layout
def test_a_file_dropped_onto_the_form_is_chosen_and_one_too_large_is_named_before_it_is_sent(
    office: DeskOffice, live_server: str, page: BrowserPage
) -> None:
    case_id = office.accepted(MONDAY)
    browsers.sign_in(page, live_server, "clerk-ssfb")
    page.goto(f"{live_server}/cases/{case_id}/files")
    dropped = """size => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(size)], "扫描.pdf"));
        document.querySelector(".drop").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
        return document.querySelector("input[type=file]").files[0].name;
    }"""
    assert page.evaluate(dropped, 10) == "扫描.pdf"
    expect(page.locator("[data-told]")).to_be_empty()
    page.evaluate(dropped, (50 << 20) + 1)
    expect(page.locator("[data-told]")).to_have_text("太大，不能上传：扫描.pdf")
    sent_on = []
    page.on("request", lambda request: sent_on.append(request.method))
    page.get_by_label("种类").select_option("request")
    page.get_by_role("button", name="存入").click()
    expect(page.locator("[data-told]")).to_contain_text("什么都没有存入。太大，重新选文件：扫描.pdf")
    expect(page.get_by_role("button", name="存入")).to_be_enabled()
    assert sent_on == []


def test_a_name_can_not_lead_anywhere_or_break_a_header(case_id: int, desk: Desk) -> None:
    opened(desk, case_id).submit({"kind": "request", "files": [sent("../../x;y.pdf")]})
    answer = desk.get(f"/cases/{case_id}/files/1").response
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'inline; filename="x;y.pdf"'


def test_what_is_for_the_desk_alone_a_supervisor_neither_sees_nor_opens(
    case_id: int, desk: Desk, sign_in_as: SignInAs
) -> None:
    working = {"kind": "working", "files": [sent("底稿.pdf")], "desk_only": "y", "note": "底稿里写到举报人"}
    opened(desk, case_id).submit(working)
    opened(desk, case_id).submit(
        {"kind": "request", "files": [sent("申请书.pdf", PDF + b"2")], "note": "窗口收到的原件"}
    )
    assert "底稿里写到举报人" in desk.get(f"/cases/{case_id}").text
    supervisor = sign_in_as("supervisor-ssfb")
    page = supervisor.get(f"/cases/{case_id}/files")
    assert "申请书.pdf" in page.text
    assert "底稿.pdf" not in page.text
    case = supervisor.get(f"/cases/{case_id}").text
    assert "存入工作底稿 1 件" in case
    assert "窗口收到的原件" in case
    assert "底稿.pdf" not in case
    assert "底稿里写到举报人" not in case
    assert supervisor.get(f"/cases/{case_id}/files/1").status == 404
    assert supervisor.get(f"/cases/{case_id}/files/2").status == 200
    assert page.forms() == []


def test_another_offices_files_are_not_found(case_id: int, desk: Desk, sign_in_as: SignInAs) -> None:
    opened(desk, case_id).submit({"kind": "request", "files": [sent("申请书.pdf")]})
    found("JJSB", "晋江市人民政府办公室")
    stranger = sign_in_as("clerk-jjsb")
    assert stranger.get(f"/cases/{case_id}/files").status == 404
    assert stranger.get(f"/cases/{case_id}/files/1").status == 404


def test_whoever_was_overtaken_is_told_and_nothing_is_put_in(
    office: DeskOffice, case_id: int, desk: Desk
) -> None:
    from caseflow.stages import papers

    opened(desk, case_id)
    papers.add_files(office.work("lead", MONDAY), case_id, seq(case_id), [scan()], "request")
    page = desk.submit({"kind": "request", "files": [sent("迟.pdf")]})
    assert page.status == 409
    assert "刚刚有人办过" in page.text
    again = desk.submit({"kind": "request", "files": [sent("迟.pdf")]})
    assert "迟.pdf" in again.one("table.list").text


def test_a_content_that_is_gone_from_the_disk_is_said_plainly(case_id: int, desk: Desk) -> None:
    opened(desk, case_id).submit({"kind": "request", "files": [sent("申请书.pdf")]})
    for sha256 in store.all_kept():
        (store.folder() / sha256[:2] / sha256).unlink()
    page = desk.get(f"/cases/{case_id}/files/1")
    assert page.status == 404
    assert "找不到了" in page.text
