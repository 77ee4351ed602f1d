"""变更联系方式: a new version of the form, the one before kept; its event tells what changed and nothing of it."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from caseflow.db import db
from caseflow.models import Event, Particulars
from caseflow.stages import contact, record
from tests.law.days import day
from tests.stages.drive import assert_replayed, do, refused
from tests.support.office import DeskOffice, row

MONDAY = day("周一 2026-11-23")
PHONE, HIDDEN = "13805051024", "138****1024"
KEPT = {"contact_person": "林小妹", "phone": PHONE, "address": "学府路 1 号", "email": "lin@example.cn"}
SHOWN = KEPT | {"phone": HIDDEN}
LIKE_AN_ADDRESS = "电子邮箱写成 name@example.cn 这样"


def registered(office: DeskOffice) -> int:
    return office.register(
        MONDAY, certificate_type="居民身份证", certificate_number="350581199001011024", **KEPT
    )


def now_kept(case_id: int) -> dict[str, str]:
    return record.particulars_of(db.session(), row(case_id))


def test_what_can_t_stand_is_refused_at_its_field_and_the_form_stays(office: DeskOffice) -> None:
    case_id = registered(office)
    whole = "写完整的号码，不要带 * 号"
    same, least = "联系方式与原来的相同", "电话、地址、电子邮箱，至少留一样"
    nowhere = {"phone": "", "address": " ", "email": ""}
    for new, field, reason in (
        ({"phone": "139****9999"}, "phone", whole),
        ({"phone": "138****1025"}, "phone", whole),
        ({"phone": f" {HIDDEN[:-1]}"}, "phone", whole),
        ({"email": "lin"}, "email", LIKE_AN_ADDRESS),
        ({"email": "a@b@example.cn"}, "email", LIKE_AN_ADDRESS),
        ({}, "", same),
        ({"phone": PHONE}, "", same),
        ({"address": "  学府路 1 号 ", "email": "lin@example.cn "}, "", same),
        (nowhere, "phone", least),
        ({"contact_person": "陈志远"} | nowhere, "phone", least),
    ):
        got = refused(office, case_id, "change_contact", "周一 2026-11-23", contact=SHOWN | new)
        assert got == (field, reason), new
    for name in contact.CONTACT:
        field, reason = refused(
            office, case_id, "change_contact", "周一 2026-11-23", contact=SHOWN | {name: "长" * 2000}
        )
        assert (field, bool(reason)) == (name, True)
    versions = select(Particulars.version).where(Particulars.case_id == case_id).order_by(Particulars.version)
    assert db.session.scalars(versions).all() == [1]
    assert now_kept(case_id).items() >= KEPT.items()


@pytest.mark.parametrize("only", ["phone", "address", "email"])
def test_one_way_to_be_reached_is_enough(office: DeskOffice, only: str) -> None:
    case_id = registered(office)
    emptied = dict.fromkeys(contact.CONTACT, "") | {only: SHOWN[only]}
    do(office, case_id, "change_contact", MONDAY, contact=emptied)
    assert now_kept(case_id).items() >= ({**dict.fromkeys(contact.CONTACT, ""), only: KEPT[only]}).items()


def test_the_form_gets_a_version_of_its_own_and_the_event_names_what_changed_and_no_value(
    office: DeskOffice,
) -> None:
    case_id = registered(office)
    before = now_kept(case_id)
    new = {"phone": HIDDEN, "address": " 八七路 9 号\u3000", "email": "", "contact_person": " 陈志远 "}
    do(office, case_id, "change_contact", MONDAY, contact=new)
    after = now_kept(case_id)
    changed = {"address": "八七路 9 号", "email": "", "contact_person": "陈志远"}
    assert after == before | changed  # the telephone whole, certificate and request as they were
    query = select(Event).where(Event.case_id == case_id).order_by(Event.seq.desc()).limit(1)
    event = db.session.scalars(query).one()
    assert (event.act, event.details["changed"]) == ("change_contact", ["contact_person", "address", "email"])
    assert set(event.details) == {"particulars", "changed"}
    assert set(event.details["particulars"]) == {"id", "version", "hash"}
    told = json.dumps(event.details, ensure_ascii=False)
    for value in (*filter(None, [*changed.values(), *KEPT.values()]), HIDDEN):
        assert value not in told, value
    forms = select(Particulars.version, Particulars.address).where(Particulars.case_id == case_id)
    assert [tuple(one) for one in db.session.execute(forms.order_by(Particulars.version))] == [
        (1, "学府路 1 号"),
        (2, "八七路 9 号"),
    ]
    do(office, case_id, "change_contact", MONDAY, contact=SHOWN | changed | {"phone": " 13905059999 "})
    assert now_kept(case_id) == after | {"phone": "13905059999"}
    assert_replayed(case_id)
