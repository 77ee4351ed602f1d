"""不在岗: from when to when, and who stands in; by oneself or by the administrator."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from caseflow.db import db, transaction
from caseflow.models import AuditEntry, Person
from caseflow.stages import people
from caseflow.stages.errors import Refused

pytestmark = pytest.mark.usefixtures("monday")

FIRST, LAST = date(2026, 11, 24), date(2026, 11, 28)
DAYS = {"first": FIRST.isoformat(), "last": LAST.isoformat()}


def kept(person_id: int) -> tuple[date | None, date | None, int | None]:
    db.session.rollback()
    person = db.session.get_one(Person, person_id)
    return person.away_from, person.away_until, person.deputy_id


def deputies(page) -> list[str]:
    return [option.text for option in page.one("#deputy").all("option")[1:]]


def test_one_marks_oneself_away_and_back(desk, office):
    desk.get("/account/password")
    page = desk.get("/account/away")
    assert deputies(page) == ["陈晓", "李建华"]
    page = desk.submit(DAYS | {"deputy": str(office.people["colleague"])}, form="登记")
    assert "王敏11月24日至28日不在岗，由陈晓代理" in page.text
    assert kept(office.people["clerk"]) == (FIRST, LAST, office.people["colleague"])
    page = desk.submit(form="取消登记")
    assert "不再登记为不在岗" in page.text
    assert kept(office.people["clerk"]) == (None, None, None)
    query = select(AuditEntry.actor_id, AuditEntry.details).where(AuditEntry.what == "person_changed")
    noted = [tuple(entry) for entry in db.session.execute(query)]
    assert noted == [(office.people["clerk"], {"person": office.people["clerk"], "field": "away"})] * 2


def test_a_lead_may_have_a_clerk_stand_in(sign_in_as, office):
    desk = sign_in_as("lead-ssfb")
    assert deputies(desk.get("/account/away")) == ["王敏", "陈晓"]


def test_a_supervisor_has_only_supervisors_to_stand_in(sign_in_as, office):
    with transaction() as session:
        session.get_one(Person, office.people["colleague"]).role = "supervisor"
    desk = sign_in_as("supervisor-ssfb")
    assert deputies(desk.get("/account/away")) == ["陈晓"]
    page = desk.submit(DAYS, form="登记")
    assert (page.status, page.errors[-1]) == (422, "选择由谁代理")


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("supervisor", "监督员只能由监督员代理，本机关没有另一位"),
        ("admin", "系统管理员不办件，也不收提醒，不用登记不在岗"),
        ("auditor", "审计管理员不办件，也不收提醒，不用登记不在岗"),
        ("clerk", "本机关没有别的经办人或者负责人可以代理"),
        ("lead", "本机关没有别的负责人或者经办人可以代理"),
    ],
)
def test_whom_nobody_can_stand_in_for_is_told_what_holds_and_has_nothing_to_fill_in(
    sign_in_as, office, who, said
):
    with transaction() as session:
        for other in {"clerk", "colleague", "lead"} - {who}:
            session.get_one(Person, office.people[other]).disabled = True
    page = sign_in_as(f"{who}-ssfb").get("/account/away")
    assert said in page.one("main").text
    assert page.all("#deputy") == page.all("main form") == []
    assert said in sign_in_as("security-ssfb").get(f"/admin/people/{office.people[who]}").text


def test_being_away_has_a_place_of_its_own_beside_the_password_and_the_alerts(desk):
    page = desk.get("/account/away")
    assert page.all(".crumb") == []
    assert [a.text for a in page.all("nav.seg a") if "aria-current" in a.attrs] == ["不在岗"]
    for place in ("/account/password", "/alerts"):
        (link,) = [a for a in desk.get(place).all("main a") if "不在岗" in a.text]
        assert desk.get(link.attrs["href"]).h1 == "不在岗"


# --- a deputy who is away too ------------------------------------------------------------------------------


def away(office, who, first, last, deputy):
    with transaction() as session:
        person = session.get_one(Person, office.people[who])
        person.away_from, person.away_until = first, last
        person.deputy_id = office.people[deputy]


@pytest.mark.parametrize(
    ("others", "said"),
    [
        (
            {"colleague": (FIRST, LAST, "clerk")},
            "；11月24日至28日陈晓也不在岗，提醒和邮件没有人代收，仍然只给王敏",
        ),
        (
            {"colleague": (date(2026, 11, 20), date(2026, 11, 25), "lead")},
            "；11月24日至25日陈晓也不在岗，提醒和邮件由李建华代收",
        ),
        (
            {
                "colleague": (date(2026, 11, 25), date(2026, 12, 4), "lead"),
                "lead": (date(2026, 11, 27), date(2026, 11, 27), "clerk"),
            },
            "；11月25日至26日陈晓也不在岗，提醒和邮件由李建华代收"
            "；11月27日陈晓也不在岗，提醒和邮件没有人代收，仍然只给王敏"
            "；11月28日陈晓也不在岗，提醒和邮件由李建华代收",
        ),
        ({"colleague": (date(2026, 11, 29), date(2026, 12, 4), "clerk")}, ""),  # after those days
        ({"lead": (FIRST, LAST, "clerk")}, ""),  # not the deputy
    ],
)
def test_who_is_marked_away_is_told_where_the_deputy_is_away_too_and_who_gets_the_alerts_then(
    desk, office, others, said
):
    for who, (first, last, deputy) in others.items():
        away(office, who, first, last, deputy)
    desk.get("/account/away")
    page = desk.submit(DAYS | {"deputy": str(office.people["colleague"])}, form="登记")
    told = f"11月24日至28日不在岗，由陈晓代理{said}"
    assert page.one(".flash").text == f"王敏{told}"
    assert ("flash-warning" in page.one(".flash").attrs["class"]) == bool(said)
    assert f"{told}。" in desk.get("/account/away").text  # and it stays there to be read


def test_a_deputy_whose_account_was_closed_since_is_said_to_be_none(desk, office):
    away(office, "clerk", FIRST, LAST, "colleague")
    with transaction() as session:
        session.get_one(Person, office.people["colleague"]).disabled = True
    told = "11月24日至28日陈晓的账号已经停用，提醒和邮件没有人代收，仍然只给王敏"
    assert told in desk.get("/account/away").text


def test_whoever_looks_after_the_people_marks_somebody_away_and_the_list_says_so(sign_in_as, office):
    desk = sign_in_as("security-ssfb")
    clerk = office.people["clerk"]
    desk.get(f"/admin/people/{clerk}")
    desk.submit(DAYS | {"deputy": str(office.people["lead"])}, form="/away")
    assert "在用，11月24日至28日不在岗，由李建华代理" in desk.get("/admin/people").text
    desk.get(f"/admin/people/{clerk}")
    desk.submit(form="/back")
    assert "不在岗" not in desk.get("/admin/people").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"first": ""}, "填写第一天"),
        ({"last": "明天"}, "写成 2026-12-04 这样的日期"),
        ({"last": "2026-11-23"}, "最后一天不能早于第一天"),
        ({"first": "2026-11-01", "last": "2026-11-22"}, "最后一天已经过去"),
        ({"last": "2027-11-30"}, "一次最多登记一年"),
        ({"deputy": ""}, "选择由谁代理"),
    ],
)
def test_what_cannot_stand_is_told_at_its_field_and_nothing_is_written(desk, office, typed, said):
    desk.get("/account/away")
    page = desk.submit(DAYS | {"deputy": str(office.people["lead"])} | typed, form="登记")
    assert page.status == 422
    assert said in page.errors
    assert page.one("#first").attrs["value"] == (DAYS | typed)["first"]
    assert kept(office.people["clerk"]) == (None, None, None)


@pytest.mark.parametrize("who", ["clerk", "supervisor", "admin", "disabled"])
def test_oneself_another_role_and_a_closed_account_stand_in_for_nobody(desk, office, who):
    if who == "disabled":
        with transaction() as session:
            session.get_one(Person, office.people["colleague"]).disabled = True
        who = "colleague"
    with pytest.raises(Refused) as refused:
        people.mark_away(
            office.id, office.people["clerk"], office.people[who], FIRST, LAST, date(2026, 11, 23)
        )
    assert refused.value.field == "deputy"
    desk.get("/account/away")
    page = desk.submit(DAYS | {"deputy": str(office.people[who])}, form="登记")
    assert page.status == 422


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (FIRST, FIRST, "11月24日不在岗，由陈晓代理"),
        (FIRST, LAST, "11月24日至28日不在岗，由陈晓代理"),
        (FIRST, date(2026, 12, 3), "11月24日至12月3日不在岗，由陈晓代理"),
        (date(2026, 12, 28), date(2027, 1, 4), "12月28日至2027年1月4日不在岗，由陈晓代理"),
        (date(2026, 11, 2), date(2026, 11, 22), ""),  # over since yesterday
    ],
)
def test_the_days_are_said_shortly_and_not_after_they_are_over(office, app, first, last, said):
    from caseflow.web.away import words

    with transaction() as session:
        person = session.get_one(Person, office.people["clerk"])
        person.away_from, person.away_until = first, last
        person.deputy_id = office.people["colleague"]
    assert words(db.session.get_one(Person, office.people["clerk"]), date(2026, 11, 23)) == said
