"""案卷: one click on the case page, for the desk of its office alone."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page as BrowserPage

from caseflow.files import store
from caseflow.folders import check
from tests.folders.case import answered, made
from tests.support import browser as browsers
from tests.support.office import DeskOffice, found
from tests.support.pages import Desk, Page
from tests.web.conftest import SignInAs

pytestmark = pytest.mark.usefixtures("monday")


def download(desk: Desk, case: int) -> Page:
    """By the button of the case page, where there is one, or as if there were."""
    page = desk.get(f"/cases/{case}")
    offered = [form for form in page.forms() if form.attrs["action"].endswith("/folder.zip")]
    return desk.submit(form="下载案卷") if offered else forged(desk, case)


def forged(desk: Desk, case: int) -> Page:
    desk.get("/account")
    return desk.post(f"/cases/{case}/folder.zip", {"csrf_token": desk.token()})


def test_the_folder_is_one_click_from_the_case_and_the_same_as_from_the_terminal(
    office: DeskOffice, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("caseflow.web.folders.IN_MEMORY", 1000)  # it waits on the disk
    case = answered(office)
    answer = download(desk, case).response
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    assert "filename*=UTF-8''%E6%A1%88%E5%8D%B7-SSFB-2026-1.zip" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content_length == len(answer.data)
    assert answer.data == made(case, tmp_path / "案卷.zip").read_bytes()
    assert list(check.differences(tmp_path / "案卷.zip")) == []


def test_it_is_for_the_desk_of_the_office_with_what_the_desk_alone_may_see(
    office: DeskOffice, desk: Desk, sign_in_as: SignInAs
) -> None:
    case = answered(office)
    found("JJSB", "晋江市人民政府办公室")
    assert download(sign_in_as("clerk-jjsb"), case).status == 404
    supervisor = sign_in_as("supervisor-ssfb")
    assert download(supervisor, case).status == 403
    assert "下载案卷" not in supervisor.get(f"/cases/{case}").text
    answer = download(sign_in_as("lead-ssfb"), case).response
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert "006-工作底稿_底稿.pdf" in archive.namelist()


def test_a_content_that_is_gone_is_said_and_no_half_folder_is_sent(office: DeskOffice, desk: Desk) -> None:
    case = answered(office)
    for sha256 in store.all_kept():
        (store.folder() / sha256[:2] / sha256).unlink()
    page = download(desk, case)
    assert page.status == 404
    assert "2026-1 的案卷做不成：“001-申请材料_申请书𠮷_一.pdf”内容已不存在" in page.text


@browsers.layout
def test_a_browser_keeps_the_folder_under_its_name(
    office: DeskOffice, live_server: str, page: BrowserPage, tmp_path: Path
) -> None:
    case = answered(office)
    browsers.sign_in(page, live_server, "clerk-ssfb")
    page.goto(f"{live_server}/cases/{case}")
    with page.expect_download() as coming:
        page.get_by_role("button", name="下载案卷").click()
    assert coming.value.suggested_filename == "案卷-SSFB-2026-1.zip"
    coming.value.save_as(tmp_path / "案卷.zip")
    assert list(check.differences(tmp_path / "案卷.zip")) == []
