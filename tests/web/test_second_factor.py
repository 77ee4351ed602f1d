"""动态口令: set up by a code, asked for at signing in, used once; and who has to have it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pyotp
import pytest
import time_machine
from sqlalchemy import func, select, text

from caseflow.db import db
from caseflow.models import AuditEntry, RecoveryCode
from caseflow.stages import second_factor
from tests.support.office import PASSWORD, DeskOffice
from tests.support.pages import Desk
from tests.web.conftest import SignInAs

if TYPE_CHECKING:
    from caseflow.config import Settings
    from tests.conftest import MakeApp

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
PATH = "/account/second-factor"


def code(secret: str, later: int = 0) -> str:
    """What the phone shows, ``later`` half minutes from NOON."""
    return pyotp.TOTP(secret).at(NOON + timedelta(seconds=30 * later))


def set_up(desk: Desk) -> tuple[str, list[str]]:
    """The secret, and the recovery codes."""
    secret = desk.get(PATH).one("main code").text.replace(" ", "")
    page = desk.submit({"code": code(secret), "password": PASSWORD}, form="确认设置")
    return secret, [node.text for node in page.all("ol.codes code")]


def anew(desk: Desk, to: str = "/login") -> Desk:
    """Another browser of the same person, past the password."""
    other = Desk(desk.client.application.test_client())
    assert other.sign_in("clerk-ssfb", to=to).path.startswith("/login/code")
    return other


def test_the_figures_are_those_of_rfc_6238() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # the example of its appendix B
    for second, figures in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        step = second // 30
        for away in range(-2, 3):
            then = datetime.fromtimestamp((step + away) * 30, UTC)
            told = second_factor.step_of(secret, figures, then, 0)
            assert told == (step if abs(away) <= 1 else None)
            assert second_factor.step_of(secret, figures, then, step) is None  # once


def test_one_sets_it_up_and_from_then_on_signs_in_with_a_code_each_good_once(sign_in_as: SignInAs) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        desk, elsewhere = sign_in_as("clerk-ssfb"), sign_in_as("clerk-ssfb")
        page = desk.get(PATH)
        first = page.one("main code").text
        assert page.one("svg.qr")
        page = desk.submit({"code": "000000", "password": PASSWORD}, form="确认设置")
        assert (page.status, page.one("main code").text) == (
            422,
            first,
        )  # the picture stays that of the phone
        assert "动态口令不对" in page.text
        wrong = {"code": code(first.replace(" ", "")), "password": "wrong"}
        assert "现在的密码不对" in desk.submit(wrong, form="确认设置").text
        db.session.rollback()
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert (last.what, last.details.get("page")) == ("password_wrong", "动态口令")
        secret, codes = set_up(desk)
        assert len({*codes}) == 10
        assert elsewhere.get("/cases").path.startswith("/login")
        kept = db.session.execute(text("SELECT second_factor FROM person WHERE username = 'clerk-ssfb'"))
        assert secret not in kept.scalar_one()  # sealed
        hashes = {*db.session.scalars(select(RecoveryCode.hash))}
        assert not {part for one in codes for part in (one, one.replace("-", ""))} & hashes
        db.session.rollback()

        clock.shift(timedelta(minutes=5))
        desk = anew(desk, to="/login?next=/cases")
        forger = anew(desk)
        with forger.client.session_transaction() as cookie:
            cookie["_user_id"] = cookie["awaits"]
        assert forger.get("/cases").path.startswith("/login")
        for path in ("/cases", "/account", PATH):
            assert desk.get(path).path.startswith("/login")  # the password alone opens nothing
        desk.get("/login/code?next=/cases")
        assert "动态口令不对" in desk.submit({"code": "123456"}).text
        shown = code(secret, 10)
        assert desk.submit({"code": f" {shown[:3]} {shown[3:]} "}).path == "/cases"
        again = anew(desk)
        assert "动态口令不对" in again.submit({"code": shown}).text  # somebody looked over the shoulder
        assert again.submit({"code": code(secret, 11)}).path == "/"
        assert anew(desk).submit({"code": codes[3].upper()}).path == "/"
        assert "动态口令不对" in anew(desk).submit({"code": codes[3]}).text
        db.session.rollback()
        assert db.session.scalar(select(func.count()).select_from(RecoveryCode)) == 9
        late = anew(desk)
        clock.shift(timedelta(minutes=6))
        assert "等得太久" in late.submit({"code": code(secret, 22)}).text


def test_guessing_codes_is_throttled_for_a_quarter_of_an_hour(sign_in_as: SignInAs) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        desk = sign_in_as("clerk-ssfb")
        secret, _ = set_up(desk)
        clock.shift(timedelta(minutes=1))
        guesser = anew(desk)
        page = guesser.page
        for n in range(5):
            assert guesser.submit({"code": f"00000{n}"}).status == 422
        for _ in range(2):
            assert guesser.submit({"code": code(secret, 2)}).status == 429
            guesser.page = page
        db.session.rollback()
        noted = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(7)).all()
        told = [(entry.what, entry.details.get("why")) for entry in reversed(noted)]
        assert told == [  # that the password was right stands there too, with or without a code after it
            ("sign_in_awaits", None),
            *[("sign_in_failed", "code")] * 5,
            ("sign_in_throttled", "code"),
        ]
        assert {entry.actor_id for entry in noted} == {None}
        guesser.page = page
        clock.shift(timedelta(minutes=15, seconds=1))
        assert anew(desk).submit({"code": code(secret, 32)}).path == "/"


def test_who_lost_the_phone_is_let_in_again_by_whoever_looks_after_the_people(
    sign_in_as: SignInAs, office: DeskOffice
) -> None:
    with time_machine.travel(NOON, tick=False):
        clerk, keeper = sign_in_as("clerk-ssfb"), sign_in_as("security-ssfb")
        set_up(clerk)
        keeper.get(f"/admin/people/{office.people['clerk']}")
        page = keeper.submit({}, form="取消动态口令")
        assert "王敏的动态口令已经取消" in page.text
        assert not [form for form in page.forms() if "second-factor" in form.attrs.get("action", "")]
        assert clerk.get("/cases").path.startswith("/login")
        assert clerk.sign_in("clerk-ssfb").path == "/"


@pytest.mark.parametrize(("needed", "who"), [("admins", "auditor"), ("all", "clerk")])
def test_where_it_is_required_it_is_set_up_before_anything_else(
    office: DeskOffice, make_app: MakeApp, settings: Settings, needed: str, who: str
) -> None:
    app = make_app(replace(settings, totp_required=needed))
    with time_machine.travel(NOON, tick=False):
        desk, lead = Desk(app.test_client()), Desk(app.test_client())
        desk.enter(f"{who}-ssfb")
        lead.enter("lead-ssfb")
        assert lead.get("/").path == ("/" if needed == "admins" else PATH)
        page = desk.get("/")
        assert (page.path, "设置好才能继续" in page.text) == (PATH, True)
        assert desk.get("/calendar").path == PATH
        _, codes = set_up(desk)
        assert all(re.fullmatch(r"([a-z2-9]{4}-){5}[a-z2-9]{4}", one) for one in codes)
        assert desk.get("/").path != PATH
        offered = [form.attrs["action"] for form in desk.get(PATH).forms()]
        assert offered == [PATH]  # nobody who has to have it may do without
        assert desk.post(f"{PATH}/remove", {"csrf_token": desk.token(), "own": PASSWORD}).status == 422


def test_one_may_do_without_again_by_one_s_password(sign_in_as: SignInAs) -> None:
    with time_machine.travel(NOON, tick=False):
        desk = sign_in_as("clerk-ssfb")
        set_up(desk)
        desk.get(PATH)
        assert "现在的密码不对" in desk.submit({"own": "wrong"}, form="取消动态口令").text
        assert "以后登录只用密码" in desk.submit({"own": PASSWORD}, form="取消动态口令").text
        desk.sign_out()
        assert desk.sign_in("clerk-ssfb").path == "/"
