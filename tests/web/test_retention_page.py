"""保存期限: the administrator sets it, sees what is past it, confirms exactly that; the case says so for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from caseflow.db import db
from caseflow.files import store
from caseflow.models import Letter
from tests.stages.drive import at, do
from tests.support.office import DeskOffice, row
from tests.web.conftest import SignInAs

PATH = "/admin/retention"


@pytest.fixture(autouse=True)
def _january() -> Iterator[None]:
    with time_machine.travel(datetime(2028, 1, 4, 1, tzinfo=UTC), tick=False):
        yield


def test_what_was_shown_is_masked_and_nothing_else_and_the_case_says_so_plainly(
    office: DeskOffice, sign_in_as: SignInAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = at(office, "archive")
    do(office, case, "issue_letter")
    do(office, case, "add_files")
    do(office, case, "archive")
    number, letter = row(case).number, db.session.scalars(select(Letter.id)).one()
    admin = sign_in_as("admin-ssfb", ("retention", "apply", "sweep", "remove"))
    assert "没有设置保存期限" in admin.get(PATH).text
    for years, why in (
        ("0", "写 1 至 30 的整数，长期保存的留空"),
        ("两年", "写成整数，例如 15"),
        ("31", "写 1 至 30 的整数"),
    ):
        page = admin.submit({"years": years}, form="years")
        assert page.status == 422
        assert why in page.one("#years-error").text
    assert "还没有隐去任何一件" in admin.submit({"years": "1"}, form="years").text
    assert "1 件已归档的案件超过了保存期限" in admin.get("/admin/office").text
    assert "1 件已归档的案件超过了本机关的保存期限" in sign_in_as("lead-ssfb").get("/").text

    page = admin.get(PATH)
    assert number in page.one("table.list").text
    second = at(office, "archived")  # meanwhile there is one more
    page = admin.submit(form="mask")
    assert "看过以后有了变化，什么都没有隐去" in page.text
    assert (row(case).masked_seq, row(second).masked_seq) == (0, 0)
    assert "隐去这 2 件的个人信息" in page.text

    def away() -> Iterator[str]:
        raise store.Unreachable("文件存储连不上")

    monkeypatch.setattr("caseflow.web.retention.AT_ONCE", 1)
    assert "先办下面 1 件（其余 1 件接着再办" in admin.get(PATH).text
    assert "已隐去 1 件的个人信息" in admin.submit(form="mask").text
    assert (row(case).masked_seq > 0, row(second).masked_seq) == (True, 0)
    with monkeypatch.context() as patch:
        patch.setattr(store, "all_kept", away)
        page = admin.submit(form="mask")
    assert "已隐去 1 件的个人信息；文件存储暂时连不上，文件内容还没有删完" in page.text
    assert page.status == 200
    assert row(second).masked_seq > 0
    assert "没有到期的" in admin.get(PATH).text
    assert "超过了保存期限" not in admin.get("/admin/office").text

    lead = sign_in_as("lead-ssfb")
    page = lead.get(f"/cases/{case}")
    assert "个人信息已于 1月4日 周二 隐去" in page.text
    assert "吴桐按归档以后保存 1 年的规定，隐去个人信息。" in page.text
    assert "林国栋" not in page.text
    links = {one for one in page.links() if one.startswith((f"/cases/{case}", "/year/"))}
    assert any("/year/2026/" in one for one in links), "the cells of the year table that it feeds"
    for link in links:
        assert lead.get(link).status == 200, link
    for path in ("files/1", f"letters/{letter}.docx", "letters/receipt/2", "correct"):
        gone = lead.get(f"/cases/{case}/{path}")
        assert gone.status == 410
        assert "隐去" in gone.text
    assert [one for one in lead.get(f"/cases/{case}/files").links() if "/files/" in one] == []
    assert [one for one in lead.get(f"/cases/{case}/letters").links() if ".docx" in one] == []
    assert lead.get("/cases?status=closed").text.count("〔已隐去〕") >= 2
