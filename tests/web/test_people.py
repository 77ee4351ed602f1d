"""人员: the page of the 安全管理员, and what a change of an account does to its sessions."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from caseflow.db import db, transaction
from caseflow.law.workflow import ADMINISTRATORS, ROLES
from caseflow.models import Office, Person
from caseflow.stages import passwords, people, second_factor
from caseflow.stages.errors import NotFound, Refused
from tests.support.office import found
from tests.support.pages import Desk, Page
from tests.web.conftest import MONDAY, SignInAs
from tests.web.rights import ALLOWED

NEW = {"name": "郑一凡", "username": "zheng.yifan", "role": "clerk", "email": "zhengyf@example.cn"}


@pytest.fixture
def desk(sign_in_as: SignInAs) -> Desk:
    """徐静, who looks after the people."""
    return sign_in_as("security-ssfb")


def shown_password(page: Page) -> str:
    """The made password: the last of the facts."""
    return page.all("dd")[-1].text


def person(person_id: int) -> Person:
    db.session.rollback()
    return db.session.get_one(Person, person_id)


# -- the list ------------------------------------------------------------------------------------


def test_the_administrator_begins_with_the_people_of_the_office(desk):
    page = desk.get("/")
    assert (page.path, page.h1) == ("/admin/people", "人员")
    assert [row.all("td")[2].text for row in page.all("tbody tr")] == [
        "经办人",
        "经办人",
        "负责人",
        "监督员",
        "系统管理员",
        "安全管理员",
        "审计管理员",
    ]


def test_people_of_another_office_are_not_there(desk):
    other = found("JJSB", "晋江市人民政府办公室")
    assert "clerk-jjsb" not in desk.get("/admin/people").text
    token = desk.token()
    address = f"/admin/people/{other.people['clerk']}"
    assert desk.get(address).status == 404
    for act in ("role", "disable", "enable", "password"):
        assert desk.post(f"{address}/{act}", {"csrf_token": token, "role": "lead"}).status == 404
    assert desk.post(f"{address}/sessions/end", {"csrf_token": token}).status == 404


@pytest.mark.parametrize("who", ADMINISTRATORS)
def test_none_of_the_three_administrators_reads_a_name_or_a_text_of_a_case(sign_in_as, office, who):
    """On no page at all that they can open, from the map of addresses; a case past its retention among them."""
    office.accepted(MONDAY, name="皇甫国栋", content="濠江路改造工程")
    with transaction() as session:
        session.get_one(Office, office.id).retention_years = 1
    desk = sign_in_as(f"{who}-ssfb", ("retention", "apply"))
    opened = 0
    for route in (r for r, roles in ALLOWED.items() if r.startswith("GET") and who in roles and "<" not in r):
        page = desk.get(route.removeprefix("GET "))
        opened += page.status == 200
        assert not {word for word in ("皇甫", "濠江路") if word in page.response.text}, route
    assert opened >= 6
    for url in ("/cases", "/cases/1", "/search?q=皇甫", "/alerts", "/ledger", "/year/2026", "/supervision"):
        assert desk.get(url).status == 403, url


def test_the_auditor_begins_with_the_log(sign_in_as):
    page = sign_in_as("auditor-ssfb").get("/")
    assert (page.path, page.h1) == ("/audit", "审计")
    assert "登录" in page.text


def test_an_office_from_before_has_its_first_one_appointed_by_its_administrator_once(sign_in_as, office):
    admin = sign_in_as("admin-ssfb")
    assert "还没有安全管理员" not in admin.get("/").text
    admin.get("/admin/people/first")
    assert admin.page.forms() == []
    with transaction() as session:  # as an office stood before there were three kinds
        session.get_one(Person, office.people["security"]).role = "supervisor"
    admin.get("/")
    assert (admin.page.path, "还没有安全管理员" in admin.page.text) == ("/admin/office", True)
    assert admin.get("/admin/people").status == 403
    admin.get("/admin/people/first")
    assert "已经有人用了" in admin.submit({"name": "郑一凡", "username": "admin-ssfb"}).text
    page = admin.submit({"username": "zheng.yifan"})
    newcomer = Desk(admin.client.application.test_client())
    newcomer.sign_in("zheng.yifan", shown_password(page))
    newcomer.submit(
        {"current": shown_password(page), "new": "stone-lion-harbour", "again": "stone-lion-harbour"}
    )
    assert newcomer.get("/").path == "/admin/people"
    with pytest.raises(Refused, match="已经有安全管理员"):
        people.appoint_first(office.id, "又一位", "another")


# -- adding --------------------------------------------------------------------------------------


def test_a_new_person_signs_in_with_the_password_shown_once_and_chooses_another(desk):
    desk.get("/admin/people")
    page = desk.submit(NEW)
    password = shown_password(page)
    assert "郑一凡" in page.text
    assert "经办人" in page.text
    assert password not in page.path
    assert password not in page.response.headers.get("Set-Cookie", "")
    assert password not in desk.get("/admin/people").response.text
    newcomer = Desk(desk.client.application.test_client())
    assert newcomer.sign_in("zheng.yifan", password).path == "/account/password"
    newcomer.submit({"current": password, "new": "stone-lion-harbour", "again": "stone-lion-harbour"})
    assert newcomer.get("/cases").signed_in


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "填写姓名"),
        ({"name": "长" * 101}, "最多 100 个字，现在有 101 个"),
        ({"name": "郑\u202e凡"}, "看不见的控制字符"),
        ({"username": ""}, "填写用户名"),
        ({"username": "z"}, "2 至 32 个小写字母"),
        ({"username": "Zheng"}, "2 至 32 个小写字母"),
        ({"username": "郑一凡"}, "2 至 32 个小写字母"),
        ({"username": "z" * 33}, "2 至 32 个小写字母"),
        ({"username": "clerk-ssfb"}, "已经有人用了"),
        ({"role": ""}, "选择职责"),
        ({"role": "king"}, ""),
        ({"email": "zhengyf"}, "电子邮箱写成"),
        ({"email": "a@" + "b" * 130 + ".cn"}, "最多 120 个字"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_the_rest_is_kept(desk, wrong, said):
    desk.get("/admin/people")
    page = desk.submit(NEW | wrong)
    assert page.status == 422
    assert any(said in line for line in page.errors)
    kept = next(iter(NEW.keys() - wrong.keys() - {"role"}))
    assert f'value="{NEW[kept]}"' in page.response.text
    assert not db.session.scalars(select(Person).where(Person.name == NEW["name"])).all()


@pytest.mark.both_engines
def test_the_same_name_added_twice_at_once_is_one_person(office, app):
    def add(n: int) -> str:
        with app.app_context():
            try:
                people.add(office.id, "郑一凡", "zheng.yifan", "clerk")
            except Refused as refused:
                return refused.field
        return "added"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(add, range(4))) == ["added", "username", "username", "username"]


# -- roles ---------------------------------------------------------------------------------------


def test_another_role_takes_effect_at_once_and_ends_the_sessions(desk, office, sign_in_as):
    clerk = sign_in_as("clerk-ssfb")
    desk.get(f"/admin/people/{office.people['clerk']}")
    page = desk.submit({"role": "supervisor"}, form="改职责")
    assert "王敏现在是监督员" in page.text
    assert clerk.get("/cases").path.startswith("/login")
    assert clerk.sign_in("clerk-ssfb").status == 200
    assert clerk.get("/cases/new").status == 403


def test_the_same_role_again_is_refused_and_ends_no_session(desk, office, sign_in_as):
    clerk = sign_in_as("clerk-ssfb")
    desk.get(f"/admin/people/{office.people['clerk']}")
    assert "现在就是经办人" in desk.submit({}, form="改职责").errors
    assert clerk.get("/cases").signed_in


def test_nobody_changes_their_own_role_and_the_last_who_looks_after_the_people_stays(desk, office):
    own = f"/admin/people/{office.people['security']}"
    people.change_role(
        office.id, office.people["colleague"], "security", by=0
    )  # so that they are not the last
    for role in ("lead", "admin", "auditor"):
        desk.get(own)
        page = desk.submit({"role": role}, form="改职责")
        assert (page.status, "自己的职责自己不能改" in page.text) == (422, True)
    people.change_role(office.id, office.people["colleague"], "clerk", by=0)
    desk.get(own)
    page = desk.submit({}, form="停用")
    assert (page.status, "这是本机关唯一的安全管理员，先让另一位担任" in page.text) == (422, True)
    with pytest.raises(Refused, match="唯一的安全管理员"):
        people.change_role(office.id, office.people["security"], "lead", by=0)


def test_a_disabled_one_and_one_of_another_office_do_not_count(office):
    found("JJSB", "晋江市人民政府办公室")
    people.change_role(office.id, office.people["lead"], "security", by=0)
    people.disable(office.id, office.people["lead"])
    for role in ADMINISTRATORS:  # of each kind one stays
        last = office.people[role]
        with pytest.raises(Refused, match=f"唯一的{ROLES[role]}，先让另一位担任"):
            people.disable(office.id, last)
        with pytest.raises(Refused, match=f"唯一的{ROLES[role]}，先让另一位担任"):
            people.change_role(office.id, last, "clerk", by=0)
    people.change_role(office.id, office.people["colleague"], "auditor", by=0)
    people.disable(office.id, office.people["auditor"])
    with pytest.raises(Refused, match="唯一的审计管理员"):
        people.change_role(office.id, office.people["colleague"], "clerk", by=0)


@pytest.mark.both_engines
def test_two_of_them_can_not_close_each_other_out(office, app):
    people.change_role(office.id, office.people["lead"], "security", by=0)

    def close(person_id: int) -> str:
        with app.app_context():
            try:
                people.disable(office.id, person_id)
            except Refused as refused:
                return refused.reason[:6]
        return "closed"

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(close, (office.people["lead"], office.people["security"])))
    assert sorted(answers) == ["closed", "这是本机关唯"]


# -- disabling and enabling ----------------------------------------------------------------------


def test_a_disabled_person_is_out_at_once_and_back_with_the_old_password(desk, office, sign_in_as):
    clerk = sign_in_as("clerk-ssfb")
    desk.get(f"/admin/people/{office.people['clerk']}")
    assert "王敏的账号已经停用" in desk.submit({}, form="停用").text
    assert clerk.get("/cases").path.startswith("/login")
    assert not clerk.sign_in("clerk-ssfb").signed_in
    assert "王敏的账号已经恢复" in desk.submit({}, form="恢复").text
    assert clerk.get("/cases").path.startswith("/login")  # the old session does not come back to life
    assert clerk.sign_in("clerk-ssfb").signed_in


def test_someone_with_open_cases_is_disabled_only_knowing_how_many(desk, office):
    office.accepted(MONDAY)
    office.accepted(MONDAY)
    office.replied(MONDAY, MONDAY)  # closed: does not count
    page = desk.get(f"/admin/people/{office.people['clerk']}")
    assert "还有 2 件没有办结" in page.text
    page = desk.submit({}, form="停用")
    assert page.status == 422
    assert any("还有 2 件没有办结，停用以后没有人办" in line for line in page.errors)
    assert not person(office.people["clerk"]).disabled
    assert "王敏的账号已经停用" in desk.submit({"knowing": "y"}, form="停用").text
    assert person(office.people["clerk"]).disabled


def test_disabling_or_enabling_twice_is_refused(office):
    with pytest.raises(Refused, match="没有停用"):
        people.enable(office.id, office.people["clerk"])
    people.disable(office.id, office.people["clerk"])
    with pytest.raises(Refused, match="已经停用"):
        people.disable(office.id, office.people["clerk"])


# -- passwords -----------------------------------------------------------------------------------


def test_a_reset_password_ends_the_sessions_and_the_wait(desk, office, sign_in_as):
    clerk, guesser = sign_in_as("clerk-ssfb"), Desk(desk.client.application.test_client())
    for _ in range(5):
        guesser.sign_in("clerk-ssfb", "wrong")
    desk.get(f"/admin/people/{office.people['clerk']}")
    page = desk.submit({}, form="重新生成密码")
    assert page.path.endswith("/password")
    assert "密码只在这里显示这一次" in page.text
    assert clerk.get("/cases").path.startswith("/login")
    assert clerk.sign_in("clerk-ssfb").status == 422  # the old one
    assert clerk.sign_in("clerk-ssfb", shown_password(page)).path == "/account/password"
    with transaction() as session:
        session.get_one(Person, office.people["clerk"]).second_factor = second_factor.fresh()
    desk.get(f"/admin/people/{office.people['clerk']}")
    page = desk.submit({}, form="重新生成密码")
    assert clerk.sign_in("clerk-ssfb", shown_password(page)).path.startswith("/login/code")


def test_whoever_looks_after_the_people_ends_somebody_s_sessions_and_nothing_else(desk, office, sign_in_as):
    clerk, lead = sign_in_as("clerk-ssfb"), sign_in_as("lead-ssfb")
    desk.get(f"/admin/people/{office.people['clerk']}")
    assert "王敏各处的登录都已经结束" in desk.submit({}, form="结束各处登录").text
    assert clerk.get("/cases").path.startswith("/login")
    assert lead.get("/cases").signed_in
    assert "安全管理员结束" in [
        cell.text for cell in clerk.sign_in("clerk-ssfb", to="/login?next=/account").all("td")
    ]


def test_passwords_are_kept_only_as_a_slow_hash(office):
    added, password = people.add(office.id, "郑一凡", "zheng.yifan", "clerk")
    assert added.password_hash.startswith(f"{passwords.METHOD}$")  # a quick one in tests
    assert password not in added.password_hash
    real = re.search(
        r'^METHOD = "scrypt:(\d+):(\d+):(\d+)"', Path(passwords.__file__).read_text("utf-8"), re.M
    )
    assert real
    assert [int(cost) for cost in real.groups()] >= [2**15, 8, 3]


def test_a_person_who_is_not_there_can_not_be_changed(office):
    for act in (people.disable, people.enable, people.reset_password):
        with pytest.raises(NotFound):
            act(office.id, 4711)
    with pytest.raises(NotFound):
        people.change_role(office.id, 4711, "lead", by=0)


def test_nothing_is_written_outside_a_transaction(office):
    person(office.people["clerk"]).name = "别人"
    with pytest.raises(Exception, match=r"readonly|read-only"):
        db.session.flush()
    db.session.rollback()
    with transaction() as session:
        assert session.get_one(Person, office.people["clerk"]).name == "王敏"


def test_the_department_of_a_person_is_set_and_shown(desk: Desk, office) -> None:
    admin = desk
    admin.get(f"/admin/people/{office.people['clerk']}")
    page = admin.submit({"department": "法规科"}, form="/department")
    assert "王敏的科室已经改好" in page.text
    assert "法规科" in admin.get("/admin/people").text
    admin.get(f"/admin/people/{office.people['clerk']}")
    long = admin.submit({"department": "科" * 101}, form="/department")
    assert (long.status, "最多 100 个字" in long.text) == (422, True)
    assert long.one("#department").attrs["value"] == "科" * 101
