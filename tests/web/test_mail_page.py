"""发件箱: what an administrator sees of the letters, and sending one again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from caseflow.db import db, transaction
from caseflow.models import Mail, Person
from caseflow.stages import people
from tests.support.office import found
from tests.support.pages import Desk
from tests.web.conftest import MORNING

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def desk(office, sign_in_as) -> Desk:
    """吴桐, who administers; 王敏 has an address."""
    give_address(office.people["clerk"])
    signed_in: Desk = sign_in_as("admin-ssfb", latin=("later", "no"))
    return signed_in


def give_address(person_id: int, address: str = "wangmin@example.cn") -> None:
    with transaction() as session:
        session.get_one(Person, person_id).email = address


def letter(person_id: int, state: str, **more: object) -> int:
    values = {"kind": "digest", "subject": "题", "body": "不该看见的正文", "tries": 1} | more
    with transaction() as session:
        mail = Mail(
            person_id=person_id, address="wangmin@example.cn", state=state,
            told_on=MORNING.date(), created_at=MORNING - timedelta(hours=1), **{"next_at": MORNING - timedelta(hours=1)} | values,
        )  # fmt: skip
        session.add(mail)
        session.flush()
        return mail.id


def row(mail_id: int) -> Mail:
    db.session.rollback()
    return db.session.get_one(Mail, mail_id)


def test_each_letter_says_where_it_stands_and_never_what_is_in_it(desk, office):
    clerk = office.people["clerk"]
    letter(clerk, "waiting", error="451 later", next_at=MORNING + timedelta(minutes=5))
    letter(clerk, "sending")
    letter(clerk, "given_up", kind="urgent", tries=12)
    letter(clerk, "sent", sent_at=MORNING)
    page = desk.get("/admin/mail")
    unsent, sent = page.all("tbody")
    lights = [(r.one(".light").text, bool(r.all("a"))) for r in unsent.all("tr")]
    assert lights == [("已放弃", True), ("结果不明", True), ("等待发送", False)]
    assert "451 later" in unsent.text
    assert "11月23日 09:05" in unsent.text
    assert "11月23日 09:00" in sent.text
    assert "不该看见" not in page.text


def test_letters_of_another_office_are_not_there(desk):
    other = found("JJSB", "晋江市人民政府办公室")
    mail_id = letter(other.people["clerk"], "given_up")
    assert "没有等待的信" in desk.get("/admin/mail").text
    assert desk.get(f"/admin/mail/{mail_id}/again").status == 404


@pytest.mark.parametrize(
    ("state", "words"),
    [("sending", "知道收件人可能已经收到，仍要再发一次"), ("given_up", "邮箱地址已经核对，再发一次")],
)
def test_a_letter_is_sent_again_only_by_whoever_says_so(desk, office, state, words):
    mail_id = letter(office.people["clerk"], state, tries=5, error="550 no")
    page = desk.get(f"/admin/mail/{mail_id}/again")
    assert words in page.text
    page = desk.submit(form="再发一次")
    assert (page.status, page.errors[-1]) == (422, "先勾选，再发")
    assert row(mail_id).state == state
    desk.submit({"+knowing": "y"}, form="再发一次")
    assert (row(mail_id).state, row(mail_id).tries, row(mail_id).error) == ("waiting", 0, "")


def test_a_letter_that_may_still_be_on_its_way_is_not_sent_again(desk, office):
    mail_id = letter(office.people["clerk"], "sending", next_at=MORNING - timedelta(minutes=4))
    assert not desk.get("/admin/mail").all("tbody a")
    desk.get(f"/admin/mail/{mail_id}/again")
    page = desk.submit({"+knowing": "y"}, form="再发一次")
    assert page.status == 422
    assert "刚刚还在发送，五分钟以后再看" in page.text
    assert row(mail_id).state == "sending"


def test_a_letter_that_was_sent_is_not_sent_again(desk, office):
    mail_id = letter(office.people["clerk"], "sent", sent_at=MORNING)
    desk.get(f"/admin/mail/{mail_id}/again")
    assert desk.submit({"+knowing": "y"}, form="再发一次").status == 422
    assert row(mail_id).state == "sent"


def test_it_goes_to_the_address_the_person_has_now(desk, office, sign_in_as):
    clerk = office.people["clerk"]
    mail_id = letter(clerk, "given_up")
    people = sign_in_as("security-ssfb")
    people.get(f"/admin/people/{clerk}")
    page = people.submit({"email": "王敏"}, form="/email")
    assert (page.status, page.errors[0]) == (422, "电子邮箱写成 wangmin@example.cn 这样")
    assert page.one("#email").attrs["value"] == "王敏"
    page = people.submit({"email": "wang.min@example.cn"}, form="/email")
    assert "王敏的电子邮箱已经改好" in page.text
    desk.get(f"/admin/mail/{mail_id}/again")
    desk.submit({"+knowing": "y"}, form="再发一次")
    assert row(mail_id).address == "wang.min@example.cn"


def test_who_has_no_address_any_more_gets_nothing_again(desk, office):
    clerk = office.people["clerk"]
    mail_id = letter(clerk, "given_up")
    people.change_email(office.id, clerk, "")
    desk.get(f"/admin/mail/{mail_id}/again")
    page = desk.submit({"+knowing": "y"}, form="再发一次")
    assert (page.status, row(mail_id).state) == (422, "given_up")
    assert "收件人没有电子邮箱" in page.text


def test_without_a_mail_server_the_page_says_so(desk):
    assert "没有设置邮件服务器" in desk.get("/admin/mail").text


def test_the_head_of_each_page_says_when_alerts_were_computed_and_when_that_is_late(desk):
    from caseflow.alerts import ladder
    from caseflow.calendars import store

    late = desk.get("/admin/mail").one("header .beat")
    assert (late.text, "beat-late" in late.attrs["class"]) == ("期限还没有检查过", True)
    friday = MORNING - timedelta(days=3)
    ladder.make_pass(friday.date(), friday, store.current())
    late = desk.get("/admin/mail").one("header .beat")
    assert (late.text, "beat-late" in late.attrs["class"]) == ("期限检查停了，上次 11月20日 09:00", True)
    ladder.make_pass(MORNING.date(), MORNING, store.current())
    fine = desk.get("/admin/mail").one("header .beat")
    assert (fine.text, "beat-late" in fine.attrs["class"]) == ("期限检查 今天 09:00", False)
