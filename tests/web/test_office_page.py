"""机关: what letters say of the office, typed by its administrator and shown as they would say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from caseflow.db import db
from caseflow.models import Office
from caseflow.stages import letterhead
from tests.stages.test_letterhead import GOOD, data
from tests.support.pages import Desk
from tests.web.conftest import SignInAs

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.office import DeskOffice

pytestmark = pytest.mark.usefixtures("monday")

PATH = "/admin/office"


@pytest.fixture
def admin(office: DeskOffice, sign_in_as: SignInAs) -> Desk:
    """The administrator of an office as `caseflow init` leaves it."""
    letterhead.set_data(office.id, {})
    return sign_in_as("admin-ssfb")


def test_an_empty_office_is_told_what_can_not_be_issued(admin: Desk) -> None:
    sample = admin.get(PATH).one("#preview").text
    assert "还缺 6 项" in sample
    for words in ("没有机关代字：所有文书不能出具", "没有人民法院：各种答复", "没有联系人：补正告知书"):
        assert words in sample
    assert "填写机关代字以后显示" in sample


def test_what_is_typed_is_saved_and_shown_as_letters_would_say_it(office: DeskOffice, admin: Desk) -> None:
    admin.get(PATH)
    page = admin.submit(GOOD, form="保存")
    assert "本机关的资料已经保存" in page.text
    assert data(office) == GOOD
    assert {name: page.one(f"#{name}").attrs["value"] for name in GOOD} == GOOD
    sample = page.one("#preview").text
    assert "狮政公开复〔2026〕第1号" in sample
    assert "应当自收到本告知书之日起六十日内先向石狮市人民政府申请行政复议" in sample
    assert "或者在六个月内直接向石狮市人民法院提起行政诉讼" in sample
    assert "经互联网送达的再加：申请行政复议，也可以通过复议平台（fy.example.cn）提出。" in sample
    assert "还缺" not in sample


def test_every_field_says_what_it_is_for(admin: Desk) -> None:
    page = admin.get(PATH)
    for name in GOOD:
        assert page.one(f"#{name}-hint").text


def test_a_look_beforehand_shows_what_is_typed_and_writes_nothing(office: DeskOffice, admin: Desk) -> None:
    admin.get(PATH)
    page = admin.submit({"letter_word": "石办公开", "+again": "1"}, form="保存")
    assert page.status == 200
    assert "石办公开复〔2026〕第1号" in page.one("#preview").text
    assert page.one("#letter_word").attrs["value"] == "石办公开"
    assert data(office)["letter_word"] == ""
    token = admin.token()
    part = admin.post(f"{PATH}/preview", {"csrf_token": token, "letter_word": "石办公开"})
    assert "石办公开复〔2026〕第1号" in part.text
    assert not part.all("form")


def test_what_can_not_stand_is_said_at_each_field_and_everything_typed_stays(
    office: DeskOffice, admin: Desk
) -> None:
    admin.get(PATH)
    typed = GOOD | {"letter_word": "狮政公开〔2026〕", "postcode": "36270", "address": "长" * 201}
    page = admin.submit(typed, form="保存")
    assert page.status == 422
    assert page.one("#letter_word-error").text.startswith("只写代字")
    assert page.one("#postcode-error").text == "邮编是 6 位数字"
    assert page.one("#address-error").text == "最多 200 个字，现在有 201 个"
    assert {name: page.one(f"#{name}").attrs["value"] for name in typed} == typed
    assert "〔2026〕复" not in page.one("#preview").text
    assert set(data(office).values()) == {""}


def test_a_page_too_old_is_shown_again_with_what_was_typed(app: Flask, office: DeskOffice) -> None:
    ours = "http://localhost"
    before = data(office)
    desk = Desk(app.test_client(), headers={"Origin": ours, "Referer": f"{ours}{PATH}"})
    desk.enter("admin-ssfb")
    page = desk.get(PATH)
    desk.sign_out()
    desk.sign_in("admin-ssfb")
    desk.page = page
    page = desk.submit(GOOD, form="保存")
    assert page.status == 400
    assert {name: page.one(f"#{name}").attrs["value"] for name in GOOD} == GOOD
    assert data(office) == before != GOOD
    assert desk.submit(form="保存").status == 200
    assert data(office) == GOOD


def test_whether_a_re_reply_counts_again_is_set_with_its_consequences_said(
    office: DeskOffice, admin: Desk
) -> None:
    def counts() -> bool:
        db.session.rollback()
        return db.session.get_one(Office, office.id).counts_redone

    page = admin.get(PATH)
    assert "同一申请在表三里出现两次" in page.text
    assert "checked" not in page.one("#counting-counts_redone").attrs
    page = admin.submit({"+counting-counts_redone": "y"}, form="/counting")
    assert "以后立的重新答复再计入一次年报表，已经立的不变" in page.text
    assert "checked" in page.one("#counting-counts_redone").attrs
    assert counts()
    sent = {"csrf_token": admin.token()}
    assert "以后立的重新答复不再计入年报表" in admin.post(f"{PATH}/counting", sent).text
    assert not counts()
