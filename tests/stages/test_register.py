"""登记: what a registration keeps, what it refuses, and its number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from caseflow.db import db, transaction
from caseflow.models import CaseCounter, CaseLink, Event, Identity, Note, Particulars
from caseflow.stages import numbers, register
from caseflow.stages.errors import Refused
from tests.law.days import day
from tests.stages.drive import FORM, do
from tests.support.office import DeskOffice, found, row

MONDAY = day("周一 2026-09-21")
HANDED_IN = register.Arrival("in_person", submitted=MONDAY)
ONLINE = register.Arrival("online", submitted=MONDAY)
APPLICATION = register.Application(**FORM)


def rows_of(*tables: Any) -> int:
    db.session.rollback()
    return sum(len(db.session.scalars(select(table)).all()) for table in tables)


def test_a_request_handed_in_is_received_that_day_and_due_20_working_days_later(office: DeskOffice) -> None:
    (case,) = register.register(office.work("clerk", MONDAY), HANDED_IN, APPLICATION)
    case = row(case.id)
    assert (case.number, case.stage, case.received_on) == ("2026-1", "review", MONDAY)
    assert (case.due_on, case.provisional, case.new_year) == (day("周一 2026-10-26"), False, 2026)


def test_a_request_by_network_waits_for_its_confirmation(office: DeskOffice) -> None:
    (case,) = register.register(office.work("clerk", MONDAY), ONLINE, APPLICATION)
    case = row(case.id)
    assert (case.stage, case.received_on, case.due_on, case.new_year) == ("register", None, None, None)
    do(office, case.id, "confirm_receipt", day("周三 2026-09-23"))
    case = row(case.id)
    assert (case.stage, case.received_on, case.due_on) == (
        "review",
        day("周三 2026-09-23"),
        day("周三 2026-10-28"),
    )


def test_a_due_day_in_a_year_without_notice_is_marked_provisional(office: DeskOffice) -> None:
    received = day("周五 2026-12-04")
    arrival = register.Arrival("in_person", submitted=received)
    (case,) = register.register(office.work("clerk", received), arrival, APPLICATION)
    assert (row(case.id).due_on, row(case.id).provisional) == (day("周一 2027-01-04"), True)


def test_the_form_is_kept_apart_from_the_event(office: DeskOffice) -> None:
    form = replace(APPLICATION, certificate_number="350581199001011024", phone="13805950000", agent="陈律师")
    register.register(office.work("clerk", MONDAY), replace(HANDED_IN, oral=True), form)
    kept = db.session.scalars(select(Particulars)).one()
    assert (kept.name, kept.agent, kept.content, kept.version) == ("林国栋", "陈律师", form.content, 1)
    apart = db.session.get_one(Identity, kept.id)
    assert (apart.certificate_number, apart.phone) == ("350581199001011024", "13805950000")
    event = db.session.scalars(select(Event)).one()
    assert event.details["particulars"].keys() == {"id", "version", "hash"}
    assert event.details["oral"] is True


# --- one form, several matters (一事一申请) ----------------------------------------------------------------


def test_one_form_with_three_matters_becomes_three_linked_requests(office: DeskOffice) -> None:
    cases = register.register(
        office.work("clerk", MONDAY), HANDED_IN, APPLICATION, matters=["拆迁补偿明细", "  ", "规划许可证"]
    )
    ids = [case.id for case in cases]
    assert [row(id_).number for id_ in ids] == ["2026-1", "2026-2", "2026-3"]
    links = db.session.execute(select(CaseLink.case_id, CaseLink.other_id, CaseLink.kind)).all()
    assert sorted(map(tuple, links)) == [(ids[0], ids[1], "split"), (ids[0], ids[2], "split")]
    asked = db.session.scalars(select(Particulars.content).order_by(Particulars.id)).all()
    assert asked == [FORM["content"], "拆迁补偿明细", "规划许可证"]
    assert set(db.session.scalars(select(Particulars.name))) == {"林国栋"}


def test_if_one_of_the_matters_is_refused_none_is_registered(office: DeskOffice) -> None:
    with pytest.raises(Refused) as refused:
        register.register(
            office.work("clerk", MONDAY), HANDED_IN, APPLICATION, matters=["规划许可证", "长" * 5001]
        )
    assert refused.value.field == "content"
    assert rows_of(Event, Particulars, CaseLink, CaseCounter) == 0


# --- what is refused, and where ----------------------------------------------------------------------------


Wrong = tuple[dict[str, Any], dict[str, Any], str, str]
WRONG: list[Wrong] = [
    ({"submitted": day("周二 2026-09-22")}, {}, "submitted", "提交日不能晚于今天（9月21日）"),
    ({"submitted": None}, {}, "submitted", "填写提交日"),
    ({"channel": "pigeon"}, {}, "channel", "选择受理方式"),
    ({"channel": "letter", "mail": "perfumed"}, {}, "channel", "选择受理方式"),
    (
        {"channel": "letter", "mail": "signed", "arrived": day("周日 2026-09-20")}, {}, "arrived",
        "签收日不能早于提交日（9月21日）",
    ),
    ({}, {"applicant_class": "martian"}, "applicant_class", "选择申请人类型"),
    ({}, {"applicant_class": ""}, "applicant_class", "选择申请人类型"),
    ({}, {"name": "  "}, "name", "写明申请人的姓名或者名称"),
    ({}, {"content": "\n"}, "content", "写明申请公开的信息"),
    ({}, {"name": "长" * 101}, "name", "最多 100 个字，现在有 101 个"),
    ({}, {"content": "长" * 5001}, "content", "最多 5000 个字，现在有 5001 个"),
    ({}, {"phone": "1" * 41}, "phone", "最多 40 个字，现在有 41 个"),
    ({}, {"name": "林\x00国栋"}, "name", "含有看不见的控制字符"),
    ({}, {"address": "学府路\u202e12号"}, "address", "含有看不见的控制字符"),
    ({}, {"remark": "\x1b[2J"}, "remark", "含有看不见的控制字符"),
    ({}, {"email": "a\ud800@example.cn"}, "email", "含有看不见的控制字符"),
    ({}, {"name": "\u200b\u200b"}, "name", "含有看不见的控制字符（第 1 个字）"),
    ({}, {"name": "林国\ufeff栋"}, "name", "含有看不见的控制字符"),
]  # fmt: skip


def test_a_registration_that_cannot_stand_is_refused_at_its_field(office: DeskOffice) -> None:
    for arrival, form, field, why in WRONG:
        with pytest.raises(Refused, match=why) as refused:
            register.register(
                office.work("clerk", MONDAY), replace(HANDED_IN, **arrival), replace(APPLICATION, **form)
            )
        assert refused.value.field == field, why
    assert rows_of(Event, Particulars, Identity, Note, CaseCounter) == 0


def test_line_breaks_and_rare_characters_are_text(office: DeskOffice) -> None:
    form = replace(APPLICATION, name="𠮷田・玛丽亚", content="一、图纸\r\n二、合同\t附件 😀")
    register.register(office.work("clerk", MONDAY), HANDED_IN, form)
    kept = db.session.scalars(select(Particulars)).one()
    assert (kept.name, kept.content) == (form.name, form.content)


def test_a_confirmation_has_its_day_between_submission_and_today(office: DeskOffice) -> None:
    (case,) = register.register(office.work("clerk", MONDAY), ONLINE, APPLICATION)
    for on, why in (
        ("周日 2026-09-20", "不能早于提交之日"),
        ("周四 2026-09-24", "日期不能晚于今天（9月23日）"),
    ):
        with pytest.raises(Refused, match=why) as refused:
            do(office, case.id, "confirm_receipt", day("周三 2026-09-23"), on=day(on))
        assert refused.value.field == "on"
        assert row(case.id).received_on is None


# --- numbers -----------------------------------------------------------------------------------------------


def numbered(office: DeskOffice, today: str) -> str:
    arrival = register.Arrival("in_person", submitted=MONDAY)
    (case,) = register.register(office.work("clerk", day(today)), arrival, APPLICATION)
    return row(case.id).number


def _taken_and_lost(office: DeskOffice) -> None:
    with transaction() as session:
        assert numbers.take(session, office.id, 2026) == "2026-2"
        raise InterruptedError


def test_a_refused_registration_leaves_no_gap(office: DeskOffice) -> None:
    given = [numbered(office, "周一 2026-09-21")]
    for wrong in (replace(APPLICATION, name=""), replace(APPLICATION, remark="\x00")):
        with pytest.raises(Refused):
            register.register(office.work("clerk", MONDAY), HANDED_IN, wrong)
    with pytest.raises(InterruptedError):
        _taken_and_lost(office)
    given.append(numbered(office, "周一 2026-09-21"))
    assert given == ["2026-1", "2026-2"]


def test_numbers_begin_anew_each_year_and_in_each_office(office: DeskOffice) -> None:
    other = found("QZFB", "泉州市人民政府办公室")
    assert numbered(office, "周四 2026-12-31") == "2026-1"
    assert numbered(office, "周一 2027-01-04") == "2027-1"
    assert numbered(other, "周一 2027-01-04") == "2027-1"
    assert numbered(office, "周一 2027-01-04") == "2027-2"


def test_numbers_go_on_after_those_of_an_imported_ledger(office: DeskOffice) -> None:
    with transaction() as session:
        numbers.raise_to(session, office.id, ["2026-7", "2026-12", "闽2026-99", "2025-3"])
    assert numbered(office, "周一 2026-09-21") == "2026-13"
    with transaction() as session:
        numbers.raise_to(session, office.id, ["2026-4"])
    assert numbered(office, "周一 2026-09-21") == "2026-14"
