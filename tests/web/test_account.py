"""Signing in, out, and one's own password."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select, update
from werkzeug.security import generate_password_hash

from caseflow import db as database
from caseflow.db import db, transaction
from caseflow.models import AuditEntry, Person, SignInSession
from caseflow.stages import passwords, sessions, signin
from caseflow.stages.errors import Refused
from caseflow.stages.passwords import RULES
from caseflow.stages.sessions import Where
from caseflow.web import signin as binding
from tests.support.office import PASSWORD
from tests.support.pages import Desk
from tests.support.statements import listening

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # 12:00 in China, a Tuesday
CHOSEN = "stone-lion-harbour"
WRONG = "用户名或者密码不对"


@pytest.fixture
def desk(office, app) -> Desk:
    return Desk(app.test_client())


def another(desk: Desk, **environ) -> Desk:
    """The same office seen from another browser."""
    return Desk(desk.client.application.test_client(), **environ)


def person(username: str) -> Person:
    db.session.rollback()
    return db.session.scalars(select(Person).where(Person.username == username)).one()


# -- signing in ----------------------------------------------------------------------------------


def test_one_signs_in_and_stands_before_the_first_page(desk):
    page = desk.sign_in("clerk-ssfb")
    assert (page.path, page.status) == ("/", 200)
    assert "王敏 · 经办人" in page.text


@pytest.mark.parametrize("typed", ["CLERK-SSFB", "  clerk-ssfb "])
def test_capitals_and_blanks_do_not_matter_in_a_name(desk, typed):
    assert desk.sign_in(typed).signed_in


def test_a_wrong_password_and_an_unknown_name_are_told_in_the_same_words(desk):
    wrong, unknown = desk.sign_in("clerk-ssfb", "wrong"), desk.sign_in("nobody", "wrong")
    assert wrong.errors == unknown.errors == [WRONG]
    assert wrong.status == unknown.status == 422
    assert 'value="nobody"' in unknown.response.text  # what was typed is kept, the password is not
    assert 'value="wrong"' not in unknown.response.text


def test_every_try_at_signing_in_is_noted_and_nothing_that_was_typed(desk, office):
    desk.sign_in("clerk-ssfb", "lion-harbour")
    desk.sign_in("my-password-here", "lion-harbour")
    desk.sign_in("clerk-ssfb")
    desk.sign_out()
    for _ in range(7):
        desk.sign_in("clerk-ssfb", "lion-harbour")
    db.session.rollback()
    log = list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
    whole = ["sign_in_failed"] * 2 + ["sign_in", "sign_out"] + ["sign_in_failed"] * 5 + ["sign_in_throttled"]
    assert [entry.what for entry in log] == whole
    clerk = office.people["clerk"]
    assert [entry.details.get("person") for entry in log] == [clerk, None, None, None, *[clerk] * 6]
    assert [entry.actor_id for entry in log] == [None, None, clerk, clerk, *[None] * 6]
    assert {entry.address for entry in log} == {"127.0.0.1"}
    desk.sign_in("lead-ssfb")
    for _ in range(7):
        change(desk, current="lion-harbour")
    for _ in range(2):  # from an address that was told of already
        another(desk).sign_in("lead-ssfb", "lion-harbour")
    db.session.rollback()
    late = list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))[len(log) :]
    lead = office.people["lead"]
    told = [(entry.what, entry.actor_id, entry.details.get("why")) for entry in late[1:]]
    wrong = ("password_wrong", lead, None)
    assert told == [
        *[wrong] * 5,
        ("sign_in_throttled", lead, "own"),
        ("sign_in_throttled", None, "password"),
    ]
    log += late
    assert not re.search("lion|my-password", str([entry.details for entry in log]))


def test_a_password_counts_as_it_was_typed_hidden_and_may_be_pasted(desk):
    for typed in (f"{PASSWORD} ", PASSWORD.upper()):
        assert desk.sign_in("clerk-ssfb", typed).errors == [WRONG]
    fields = [node.attrs for node in desk.get("/login").all("input") if "password" in node.attrs["id"]]
    assert desk.sign_in("clerk-ssfb").signed_in
    names = ("current", "new", "again")
    fields += [n.attrs for n in desk.get("/account/password").all("input") if n.attrs.get("name") in names]
    assert [field["type"] for field in fields] == ["password"] * 4
    assert [field["autocomplete"] for field in fields] == [*["current-password"] * 2, *["new-password"] * 2]
    script = Path(database.__file__).parent / "static" / "caseflow.js"
    assert "paste" not in script.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("username", "password", "said"),
    [
        ("", "x", "填写用户名"),
        ("x", "", "填写密码"),
        ("a\x00b", "x", "看不见的控制字符"),
        ("长" * 65, "x", "最多 64 个字"),
    ],
)
def test_what_can_not_be_a_name_is_said_at_the_field(desk, username, password, said):
    page = desk.sign_in(username, password)
    assert page.status == 422
    assert any(said in line for line in page.errors)


def test_an_unknown_name_takes_as_long_as_a_known_one(office, monkeypatch):
    monkeypatch.setattr(passwords, "METHOD", "scrypt:32768:8:3")

    def seconds(act) -> float:
        start = time.perf_counter()
        act()
        return time.perf_counter() - start

    def unknown() -> None:
        with pytest.raises(Refused):
            signin.sign_in("nobody", "guess", Where("10.0.0.1"), NOON)

    hashing = min(seconds(lambda: passwords.hashed("guess")) for _ in range(3))
    assert seconds(unknown) > hashing / 3


def test_a_disabled_account_is_told_so_but_only_with_its_password(desk, office):
    with transaction() as session:
        session.get_one(Person, office.people["clerk"]).disabled = True
    assert desk.sign_in("clerk-ssfb", "wrong").errors == [WRONG]
    page = desk.sign_in("clerk-ssfb")
    assert page.errors == ["这个账号已经停用，请找本机关安全管理员"]
    assert desk.get("/cases").path.startswith("/login")


# -- the page asked for --------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["/cases", "/cases?stage=handle&light=late", "/account/password"])
def test_the_page_asked_for_comes_after_signing_in(desk, asked):
    desk.get(asked)
    assert desk.submit({"username": "lead-ssfb", "password": PASSWORD}).path == asked


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/cases", "//evil.example/cases", "/\\evil.example", "/\t/evil.example/", "javascript:alert(1)",
        "cases", "/nowhere", "/logout", "/static/caseflow.css", "//[", "/cases/", "/login/../cases",
    ],
)  # fmt: skip
def test_nothing_but_a_page_of_ours_comes_after_signing_in(desk, target):
    with desk.client.application.test_request_context("/login", query_string={"next": target}):
        assert binding.next_page() == "/"


# -- the session ---------------------------------------------------------------------------------


def test_nothing_of_the_session_before_signing_in_is_kept(desk):
    desk.get("/login")
    before = desk.token()
    with desk.client.session_transaction() as session:
        session["planted"] = "by somebody else"
    desk.sign_in("clerk-ssfb")
    with desk.client.session_transaction() as session:
        assert "planted" not in session
    page = desk.post("/logout", {"csrf_token": before})
    assert page.status == 400


def test_signing_out_takes_a_form_of_ours(desk):
    desk.sign_in("clerk-ssfb")
    assert desk.get("/logout").status == 405
    assert desk.get("/cases").signed_in
    assert desk.sign_out().path == "/login"
    assert desk.get("/cases").path.startswith("/login")


def test_a_copy_of_the_cookie_is_worth_nothing_after_signing_out(desk):
    desk.sign_in("clerk-ssfb")
    copy, elsewhere = desk.client.get_cookie("caseflow"), another(desk)
    elsewhere.sign_in("clerk-ssfb")
    desk.sign_out()
    desk.client.set_cookie("caseflow", copy.value)
    assert desk.get("/cases").path.startswith("/login")
    assert elsewhere.get("/cases").signed_in  # another session of the same person goes on


def test_an_idle_session_is_over_a_busy_one_goes_on(desk):
    with time_machine.travel(NOON, tick=False) as clock:
        desk.sign_in("clerk-ssfb")
        for _ in range(4):
            clock.shift(sessions.IDLE - timedelta(minutes=1))
            assert desk.get("/cases").signed_in
        clock.shift(sessions.IDLE + timedelta(minutes=1))
        assert desk.get("/cases").path.startswith("/login")


def test_one_sees_where_one_is_signed_in_and_ends_what_one_does_not_know(desk, sign_in_as):
    edge = {"headers": {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0"}}
    with time_machine.travel(NOON, tick=False) as clock:
        strange = another(desk, **edge)
        strange.sign_in("clerk-ssfb")
        clock.shift(timedelta(minutes=5))
        third = another(desk)
        third.sign_in("clerk-ssfb")
        desk.sign_in("clerk-ssfb")
        desk.latin |= {"edge", "windows"}
        page = desk.get("/account")
        alive, over = page.all("tbody") if len(page.all("tbody")) > 1 else (page.one("tbody"), None)
        assert over is None
        told = [[cell.text for cell in row.all("td")] for row in alive.all("tr")]
        assert told[0][-1] == "本次登录"
        assert ["11月24日 周二 12:00", "11月24日 周二 12:00", "127.0.0.1", "Edge · Windows", "结束"] in told
        theirs = next(row.one("form") for row in alive.all("tr") if "Edge" in row.text)
        desk.submit({}, form=theirs.attrs["action"])
        assert strange.get("/cases").path.startswith("/login")
        assert third.get("/cases").signed_in
        desk.submit({}, form="结束其他各处")
        assert third.get("/cases").path.startswith("/login")
        page = desk.get("/account")
        assert [row.all("td")[-1].text for row in page.all("tr.off")] == ["本人结束"] * 2
        other = sign_in_as("lead-ssfb")
        other.get("/account")
        mine = db.session.scalars(
            select(SignInSession.id).where(SignInSession.ended_at.is_(None)).order_by(SignInSession.id)
        ).all()
        token = {"csrf_token": other.token()}
        assert {other.post(f"/account/sessions/{n}/end", token).status for n in mine[:1]} == {404}
        assert desk.get("/cases").signed_in


def test_what_is_kept_of_a_session_is_no_cookie_and_old_rows_go(desk):
    with time_machine.travel(NOON, tick=False) as clock:
        desk.sign_in("clerk-ssfb")
        with desk.client.session_transaction() as cookie:
            token = cookie["_user_id"]
        row = db.session.scalars(select(SignInSession)).one()
        assert token not in {row.token_hash, row.browser, row.address}
        clock.shift(timedelta(days=31))
        desk.sign_in("clerk-ssfb")
    db.session.rollback()
    assert len(db.session.scalars(select(SignInSession.id)).all()) == 1


def test_a_page_is_seen_at_most_once_a_minute_and_that_is_all_that_a_get_writes(desk, app):
    with time_machine.travel(NOON, tick=False) as clock:
        desk.sign_in("clerk-ssfb")
        for seconds, written in ((59, 0), (1, 1), (30, 0), (30, 1)):
            clock.shift(timedelta(seconds=seconds))
            with listening(db.engine) as said:
                desk.get("/cases")
            changes = [words for words, _ in said if not words.startswith(("SELECT", "WITH"))]
            assert len(changes) == written
            assert all(words.startswith("UPDATE sign_in_session SET seen=") for words in changes)


def test_no_page_waits_for_whoever_writes_to_say_that_it_was_seen(desk, app, office):
    """SQLite: any writer; PostgreSQL: one that holds the row of the session."""
    with time_machine.travel(NOON, tick=False) as clock:
        desk.sign_in("clerk-ssfb")
        clock.shift(timedelta(minutes=2))
        with transaction() as writing:
            writing.execute(update(SignInSession).values(browser="held"))
            start = time.monotonic()
            assert desk.get("/cases").signed_in
            assert time.monotonic() - start < database.BUSY_SECONDS / 3
        assert db.session.scalars(select(SignInSession.seen)).one() == NOON
        db.session.rollback()
        desk.get("/cases")
        assert db.session.scalars(select(SignInSession.seen)).one() == NOON + timedelta(minutes=2)


def test_a_password_kept_by_less_than_today_s_hash_is_kept_anew(desk, office):
    with transaction() as session:
        weak = generate_password_hash(PASSWORD, "scrypt:512:8:1")
        session.get_one(Person, office.people["clerk"]).password_hash = weak
    assert desk.sign_in("clerk-ssfb", "wrong").status == 422
    assert person("clerk-ssfb").password_hash == weak
    assert desk.sign_in("clerk-ssfb").signed_in
    kept = person("clerk-ssfb").password_hash
    assert kept.startswith(f"{passwords.METHOD}$")
    assert another(desk).sign_in("clerk-ssfb").signed_in
    assert person("clerk-ssfb").password_hash == kept


def test_by_the_rule_of_dengbao_a_password_has_three_kinds_an_age_and_no_return(office, make_app, settings):
    desk = Desk(make_app(replace(settings, password_rule="dengbao")).test_client())
    with time_machine.travel(NOON, tick=False) as clock:
        assert desk.sign_in("clerk-ssfb").path == "/account/password"  # nobody knows how old it is
        assert "至少三种" in desk.get("/account/password").text
        for new, said in (("Abc-12", "至少 8 个字符"), ("lionharbour7", "至少 3 种"), ("P@ssw0rd", "太常见")):
            assert any(said in line for line in change(desk, new=new).errors)
        chosen = [f"Lion-Harbour{n}" for n in range(6)]
        assert change(desk, new=chosen[0]).path == "/"
        for old, new in pairwise(chosen[:5]):
            assert change(desk, current=old, new=new).path == "/"
        assert any("最近 5 次" in line for line in change(desk, current=chosen[4], new=chosen[0]).errors)
        assert change(desk, current=chosen[4], new=chosen[5]).path == "/"
        assert change(desk, current=chosen[5], new=chosen[0]).path == "/"  # the sixth before may come again
        clock.shift(timedelta(days=90))
        assert desk.sign_in("clerk-ssfb", chosen[0]).path == "/"
        desk.sign_out()
        clock.shift(timedelta(seconds=1))
        assert desk.sign_in("clerk-ssfb", chosen[0]).path == "/account/password"


def test_after_a_working_day_one_signs_in_again(desk):
    with time_machine.travel(NOON, tick=False) as clock:
        desk.sign_in("clerk-ssfb")
        for _ in range(12 * 3):
            assert desk.get("/account/password").signed_in
            clock.shift(timedelta(minutes=20))
        clock.shift(timedelta(minutes=1))
        assert desk.get("/account/password").path.startswith("/login")


@pytest.mark.parametrize("behind_tls", [False, True])
def test_the_cookie_is_for_this_server_and_no_script(make_app, settings, behind_tls):
    app = make_app(replace(settings, behind_tls=behind_tls))
    page = Desk(app.test_client()).get("/login")
    name, *flags = page.response.headers["Set-Cookie"].replace("=", ";", 1).split("; ")
    assert name.startswith("__Host-caseflow;" if behind_tls else "caseflow;")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(flags)
    assert ("Secure" in flags) == behind_tls
    assert not any(flag.startswith("Domain") for flag in flags)


# -- too late ------------------------------------------------------------------------------------


def test_a_sign_in_page_left_open_overnight_is_simply_asked_again(desk):
    with time_machine.travel(NOON, tick=False) as clock:
        desk.get("/login?next=/cases")
        clock.shift(timedelta(hours=20))
        page = desk.submit({"username": "clerk-ssfb", "password": PASSWORD})
        assert (page.status, page.errors) == (400, ["页面放得太久，再输入一次"])
        assert desk.submit({"username": "clerk-ssfb", "password": PASSWORD}).path == "/cases"


def test_what_was_typed_into_a_form_that_came_too_late_is_handed_back(office, app):
    desk = Desk(app.test_client(), headers={"Origin": "http://localhost"})
    text = "濠江路改造工程的结算报告以及全部附件，并请注明来源"
    with time_machine.travel(NOON, tick=False) as clock:
        desk.sign_in("clerk-ssfb")
        desk.get("/cases/new")
        clock.shift(timedelta(hours=1))
        page = desk.submit({"content": text})
    assert page.status == 400
    assert "登录已经结束，没有保存，填写的内容还在这一页" in page.text
    assert [node.text for node in page.all("textarea")] == [text]


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_a_form_of_somebody_elses_gets_nothing_of_it_on_our_page(office, app, origin):
    desk = Desk(app.test_client(), headers={"Origin": origin})
    page = desk.post("/cases/new", {"content": "请拨打这个号码，联系机关工作人员缴费"})
    assert page.status == 400
    assert not page.all("textarea")


def test_a_password_is_never_handed_back(office, app):
    desk = Desk(app.test_client(), headers={"Origin": "http://localhost"})
    desk.sign_in("clerk-ssfb")
    page = desk.post("/account/password", {"new": "a long new password of mine", "csrf_token": "old"})
    assert page.status == 400
    assert "long new password" not in page.response.text


# -- one's own password --------------------------------------------------------------------------


def change(desk: Desk, current: str = PASSWORD, new: str = CHOSEN, again: str | None = None):
    desk.get("/account/password")
    return desk.submit({"current": current, "new": new, "again": new if again is None else again})


def test_changing_the_password_ends_all_sessions_but_this_one(desk):
    elsewhere = another(desk)
    desk.sign_in("clerk-ssfb")
    elsewhere.sign_in("clerk-ssfb")
    page = change(desk)
    assert (page.path, page.status) == ("/", 200)
    assert "密码已经改好" in page.text
    assert desk.get("/cases").signed_in
    assert elsewhere.get("/cases").path.startswith("/login")
    assert elsewhere.sign_in("clerk-ssfb").errors == [WRONG]
    assert elsewhere.sign_in("clerk-ssfb", CHOSEN).signed_in


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("short-pwd", "至少 12 个字符，现在有 9 个"),
        ("x" * 64 + "-abc" * 17, "最多 128 个字符，现在有 132 个"),
        ("my-Clerk-SSFB-2026", "不能含有用户名"),
        ("1Qaz2wsx3EDC", "太常见"),
        ("111111111122", "太常见"),
        ("the-ssfb-of-2026", "不能含有机关的名称、代码"),
        (PASSWORD, "和现在的密码一样"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused_at_the_field(desk, new, said):
    desk.sign_in("clerk-ssfb")
    page = change(desk, new=new)
    assert page.status == 422
    assert any(said in line for line in page.errors)
    assert new not in page.response.text
    assert another(desk).sign_in("clerk-ssfb").signed_in


@pytest.mark.parametrize(
    "new",
    ["十二个以上汉字的密码也可以用", "correct horse battery", "lowercase-only-words", "stone lion " * 10],
)
def test_length_is_the_rule_not_kinds_of_characters(new):
    assert passwords.fault(new, RULES["asvs"], "clerk-ssfb") == ""


def test_the_new_password_is_typed_twice_alike(desk):
    desk.sign_in("clerk-ssfb")
    assert "两遍输入的新密码不一样" in change(desk, again=CHOSEN + "x").errors


def test_guessing_the_present_password_is_counted_like_signing_in(desk):
    desk.sign_in("clerk-ssfb")
    for _ in range(5):
        assert "现在的密码不对" in change(desk, current="wrong").errors
    assert change(desk).status == 429
    assert another(desk).sign_in("clerk-ssfb").status == 429


def test_a_given_password_is_changed_before_anything_else(desk, office):
    with transaction() as session:
        session.get_one(Person, office.people["clerk"]).must_change = True
    page = desk.sign_in("clerk-ssfb")
    assert page.path == "/account/password"
    assert "现在的密码是别人给的" in page.text
    for url in ("/", "/cases", "/cases/new"):
        assert desk.get(url).path == "/account/password"
    token = desk.token()
    assert desk.post("/cases/new", {"csrf_token": token}, follow=False).status == 302
    assert change(desk).path == "/"
    assert desk.get("/cases").path == "/cases"
    assert not person("clerk-ssfb").must_change


def test_made_passwords_keep_the_rule_and_differ():
    made = {passwords.made() for _ in range(200)}
    assert len(made) == 200
    assert not any(passwords.fault(password, RULES["asvs"], "clerk-ssfb") for password in made)
