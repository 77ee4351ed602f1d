"""A form whose page was too old: shown again with all that was typed, and nothing is written."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.support.office import row, seq
from tests.support.pages import Desk, Page, values_of

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.office import DeskOffice

pytestmark = pytest.mark.usefixtures("monday")

TYPED = {"name": "陈秀兰", "content": "某村分配方案", "phone": "0595", "in_person_submitted": "2026-11-20"}
OURS = "http://localhost"


@pytest.fixture
def at(office: DeskOffice, app: Flask) -> Desk:
    """A browser that says where a form comes from, as all do."""
    return Desk(app.test_client(), headers={"Origin": OURS, "Referer": f"{OURS}/cases/new"})


def in_again(at: Desk, username: str) -> None:
    """Signed out and in again in another window, while the page stays open."""
    page = at.page
    at.sign_out()
    at.sign_in(username)
    at.page = page


def signed_out(at: Desk) -> None:
    """The session ends while one types."""
    page = at.page
    at.sign_out()
    at.page = page


def held(page: Page, form: str) -> dict[str, str]:
    """What the form shows, by its fields."""
    return {name: values[0].strip() for name, values in values_of(page.form(form)).items() if values}


def registered() -> int:
    from sqlalchemy import func, select

    from caseflow.db import db
    from caseflow.models import Case

    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Case)) or 0


def test_a_registration_from_a_page_too_old_is_shown_again_and_can_be_sent(at: Desk) -> None:
    at.sign_in("clerk-ssfb")
    at.get("/cases/new")
    in_again(at, "clerk-ssfb")
    page = at.submit(TYPED)
    assert page.status == 400
    assert "没有保存：这一页放得太久" in page.one(".flash").text
    assert TYPED.items() <= held(page, "保存并取号").items()
    assert registered() == 0
    assert at.submit().status == 200
    assert registered() == 1


def test_an_act_from_a_page_too_old_is_shown_again_and_can_be_sent(office: DeskOffice, at: Desk) -> None:
    case = office.accepted(date(2026, 11, 16))
    before = seq(case)
    at.sign_in("clerk-ssfb")
    at.get(f"/cases/{case}/acts/draft_reply")
    in_again(at, "clerk-ssfb")
    typed = {"result": "granted", "note": "信息存在"}
    page = at.submit(typed)
    assert (page.status, seq(case)) == (400, before)
    assert typed.items() <= held(page, "拟答复").items()
    assert at.submit().status == 200
    assert row(case).stage == "reply"


def test_a_correction_from_a_page_too_old_is_shown_again_and_can_be_sent(
    office: DeskOffice, at: Desk
) -> None:
    case = office.accepted(date(2026, 11, 16))
    before = seq(case)
    at.sign_in("lead-ssfb")
    at.get(f"/cases/{case}/correct")
    in_again(at, "lead-ssfb")
    typed = {"form-name": "林国梁", "form-note": "姓名录错"}
    page = at.submit(typed, form="/correct/form")
    assert (page.status, seq(case)) == (400, before)
    assert typed.items() <= held(page, "/correct/form").items()
    assert at.submit(form="/correct/form").status == 200
    assert "林国梁" in at.get(f"/cases/{case}").text
    assert seq(case) == before + 1


def test_what_was_typed_when_the_session_ended_is_carried_over_the_sign_in(at: Desk) -> None:
    at.sign_in("clerk-ssfb")
    at.get("/cases/new")
    signed_out(at)
    page = at.submit(TYPED)
    assert page.status == 400
    assert "填写的内容还在这一页" in page.text
    (to_login,) = [a for a in page.all("main a") if a.text == "去登录"]
    assert to_login.attrs["href"] == "/login?next=/cases/new"
    assert to_login.attrs["target"] == "_blank"
    assert at.submit().h1 == page.h1  # not signed in yet: nothing is lost by trying
    waiting = at.page
    assert at.sign_in("clerk-ssfb", to=to_login.attrs["href"]).path == "/cases/new"
    at.page = waiting
    again = at.submit(form="已经登录，接着办")
    assert again.status == 400
    assert TYPED.items() <= held(again, "保存并取号").items()
    assert registered() == 0
    assert at.submit().status == 200
    assert registered() == 1


def test_a_form_is_shown_again_to_nobody_but_who_may_open_it(office: DeskOffice, at: Desk) -> None:
    at.sign_in("supervisor-ssfb")
    page = at.post("/cases/new", TYPED)
    assert page.status == 400
    assert not page.forms()
    at.sign_out()
    at.sign_in("lead-ssfb")
    assert at.post("/cases/99/acts/accept", TYPED).status == 404


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_what_another_site_sends_is_not_shown_as_a_form_of_ours(
    office: DeskOffice, app: Flask, origin: str
) -> None:
    desk = Desk(app.test_client(), headers={"Origin": origin})
    for signed_in in (False, True):
        if signed_in:
            desk.sign_in("clerk-ssfb")
        page = desk.post("/cases/new", TYPED)
        assert page.status == 400
        assert not page.forms()
        assert "陈秀兰" not in page.text
