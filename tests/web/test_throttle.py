"""How often one may try to sign in: counted in the database, and nobody is locked out for good."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from caseflow.db import db
from caseflow.models import SignInFailure
from caseflow.stages import signin
from caseflow.stages.errors import Refused
from caseflow.stages.sessions import Where
from tests.support.office import PASSWORD, ROLES
from tests.support.pages import Desk

pytestmark = pytest.mark.both_engines

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # 12:00 in China, a Tuesday


@pytest.fixture
def desk(office, app) -> Desk:
    return Desk(app.test_client())


def failures() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(SignInFailure)) or 0


def test_after_five_failures_the_account_waits_a_quarter_of_an_hour(desk):
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(5):
            assert desk.sign_in("clerk-ssfb", "wrong").status == 422
            clock.shift(timedelta(minutes=1))
        page = desk.sign_in("clerk-ssfb")  # the right password, at 12:05
        assert page.status == 429
        assert "输错次数太多，请在 12:16 以后再试" in page.text  # the first failure was at 12:00
        assert page.response.headers["Retry-After"] == "601"
        clock.shift(timedelta(minutes=10, seconds=1))
        assert desk.sign_in("clerk-ssfb").signed_in


def test_an_unknown_name_waits_like_a_known_one(desk):
    with time_machine.travel(NOON, tick=False):
        pages = {name: [desk.sign_in(name, "wrong") for _ in range(6)] for name in ("clerk-ssfb", "nobody")}
    known, unknown = ([(p.status, p.text) for p in pages[name]] for name in ("clerk-ssfb", "nobody"))
    assert known == unknown
    assert [status for status, _ in known] == [422] * 5 + [429]


def test_success_forgets_the_failures_of_the_account(desk):
    for _ in range(3):
        for _ in range(4):
            desk.sign_in("clerk-ssfb", "wrong")
        assert desk.sign_in("clerk-ssfb").signed_in
        desk.sign_out()


def test_trying_on_while_waiting_does_not_make_the_wait_longer(office):
    for minute in range(5):
        with pytest.raises(Refused):
            signin.sign_in("clerk-ssfb", "wrong", Where("10.0.0.1"), NOON + timedelta(minutes=minute))
    for minute in range(5, 15):
        with pytest.raises(signin.Throttled) as waiting:
            signin.sign_in("clerk-ssfb", PASSWORD, Where("10.0.0.1"), NOON + timedelta(minutes=minute))
        assert waiting.value.until == NOON + timedelta(minutes=15)
    assert (
        signin.sign_in("clerk-ssfb", PASSWORD, Where("10.0.0.1"), NOON + timedelta(minutes=15)).person.name
        == "王敏"
    )


def test_twenty_failures_from_one_address_stop_that_address_alone(office):
    for who in [*ROLES][:5] * 4:
        with pytest.raises(Refused):
            signin.sign_in(f"{who}-ssfb", "wrong", Where("10.0.0.1"), NOON)
    with pytest.raises(signin.Throttled):
        signin.sign_in("clerk-ssfb", PASSWORD, Where("10.0.0.1"), NOON)
    assert signin.sign_in("clerk-ssfb", PASSWORD, Where("10.0.0.2"), NOON).person.name == "王敏"


def test_an_office_behind_one_address_signs_in_as_often_as_it_likes(office):
    for n in range(25):
        assert signin.sign_in("clerk-ssfb", PASSWORD, Where("10.0.0.1"), NOON + timedelta(seconds=n))
    assert failures() == 0


def test_many_guesses_at_once_do_not_slip_through(office, app):
    def guess(n: int) -> str:
        with app.app_context():
            try:
                signin.sign_in(
                    "clerk-ssfb", f"guess {n}", Where(f"10.0.0.{n}"), NOON + timedelta(milliseconds=n)
                )
            except (Refused, signin.Throttled) as error:
                return type(error).__name__
        return "in"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(16)))
    assert sorted(answers) == ["Refused"] * 5 + ["Throttled"] * 11


def test_a_restart_forgets_no_failure(office, make_app, settings):
    desk = Desk(make_app(settings).test_client())
    for _ in range(5):
        desk.sign_in("clerk-ssfb", "wrong")
    assert Desk(make_app(settings).test_client()).sign_in("clerk-ssfb").status == 429


def test_old_failures_are_swept_away(office):
    for day in range(3):
        with pytest.raises(Refused):
            signin.sign_in("clerk-ssfb", "wrong", Where("10.0.0.1"), NOON + timedelta(days=day))
    assert failures() == 2  # one for the account, one for the address


def test_failures_name_neither_account_nor_address(office):
    with pytest.raises(Refused):
        signin.sign_in("clerk-ssfb", "wrong", Where("10.0.0.1"), NOON)
    db.session.rollback()
    kept = db.session.scalars(select(SignInFailure.subject)).all()
    assert not any("clerk" in subject or "10.0" in subject for subject in kept)


def test_whoever_guesses_elsewhere_keeps_nobody_waiting_who_has_signed_in_here_before(office, app, desk):
    assert desk.sign_in("clerk-ssfb").signed_in
    desk.sign_out()
    stranger = Desk(app.test_client())
    assert [stranger.sign_in("clerk-ssfb", "wrong").status for _ in range(6)] == [422] * 5 + [429]
    assert (
        Desk(app.test_client()).sign_in("clerk-ssfb").status == 429
    )  # from another browser the right password waits
    assert desk.sign_in("clerk-ssfb").signed_in
    desk.sign_out()
    # a known browser has five tries like any, and is known for nobody else
    assert [desk.sign_in("clerk-ssfb", "wrong").status for _ in range(6)] == [422] * 5 + [429]
    assert [stranger.sign_in("lead-ssfb", "wrong").status for _ in range(5)] == [422] * 5
    assert desk.sign_in("lead-ssfb").status == 429


def test_a_forged_cookie_makes_no_browser_known(office, app, desk):
    for value in ("forged", "eyJpZCI6IngiLCJvZiI6W119.AAAA"):
        desk.client.set_cookie("caseflow-known", value)
        assert desk.sign_in("lead-ssfb", "wrong").status == 422
    assert [desk.sign_in("lead-ssfb", "wrong").status for _ in range(4)] == [422] * 3 + [429]
