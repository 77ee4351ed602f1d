"""网上申请: taken in whole or not at all, once, by nobody of the office, and found again by number and code alone."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from caseflow.counter import applications, tickets
from caseflow.counter.applications import NEEDED_FOR, ONLINE, Asked, Taken, Wanted, faults, seems_several
from caseflow.counter.organs import organs
from caseflow.db import db, transaction
from caseflow.files import store
from caseflow.models import Case, Document, Event, Office, Person, SignInFailure, StoredFile, Ticket
from caseflow.stages import record
from caseflow.stages.errors import Refused, Twice
from caseflow.stages.papers import Upload
from caseflow.stages.register import Application
from caseflow.stages.signin import Throttled, subject
from caseflow.upkeep import verify
from caseflow.web.register_form import OBTAIN_BY
from tests.support.office import found, row

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.office import DeskOffice

TODAY, NOON = date(2026, 11, 23), datetime(2026, 11, 23, 4, tzinfo=UTC)
HERE = subject("apply", "203.0.113.9")
FORM = Application(
    "natural_person", "陈秀兰", "某村分配方案", phone="13805955520", obtain_by="当面领取", form="纸质"
)
PROVEN = replace(FORM, certificate_type="居民身份证", certificate_number="350581199001011024")


def png(name: str = "正面.png", more: bytes = b"") -> Upload:
    return Upload(name, io.BytesIO(b"\x89PNG\r\n\x1a\n" + more))


def applied(
    office_id: int, asked: Asked, key: str | None = None, now: datetime = NOON, most: int = 20
) -> Taken:
    return applications.apply(office_id, asked, now, TODAY, {HERE: most}, key)


def held() -> tuple[int, ...]:
    """Rows of all that an application writes, and the contents in the store."""
    db.session.rollback()
    tables = (Case, Event, Document, StoredFile, Ticket)
    counts = (db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
    return (*counts, len(list(store.all_kept())))


def test_an_application_waits_for_the_office_to_confirm_it_with_its_files_and_its_ticket(
    office: DeskOffice,
) -> None:
    """And the record that it makes is whole."""
    papers: dict[str, Any] = {
        "identity": [png(), png("反面.png", b"2")],
        "attachments": [png("委托书.jpg.png", b"3")],
    }
    taken = applied(office.id, Asked(PROVEN, electronic=True, **papers))
    case = row(taken.case_id)
    assert (case.stage, case.channel, case.received_on, case.due_on) == ("register", "online", None, None)
    assert (case.number, case.registered_on) == ("2026-1", TODAY)
    assert record.particulars_of(db.session(), case) == PROVEN.values()
    events = db.session.scalars(select(Event).order_by(Event.seq)).all()
    assert [(e.act, e.actor_id, e.source) for e in events] == [
        ("register", None, "counter"), ("add_files", None, "counter"), ("add_files", None, "counter"),
    ]  # fmt: skip
    assert events[0].details["electronic"] is True
    assert "陈秀兰" not in str([e.details for e in events])
    files = db.session.scalars(select(Document).order_by(Document.n)).all()
    assert [(f.n, f.kind, f.desk_only, f.added_by) for f in files] == [
        (1, "request", True, None), (2, "request", True, None), (3, "request", False, None),
    ]  # fmt: skip
    assert list(verify.differences()) == []
    assert tickets.checked(taken.given.query_number, taken.given.code, "203.0.113.9", NOON) == taken.case_id
    ticket = db.session.scalars(select(Ticket)).one()
    assert taken.given.code not in str(vars(ticket))


def test_the_same_page_sent_twice_is_taken_in_once_and_to_another_organ_once_more(office: DeskOffice) -> None:
    other = found("JJSB", "晋江市人民政府办公室", office.id)
    key = "a" * 32
    first = applied(office.id, Asked(FORM), key)
    with pytest.raises(Twice) as twice:
        applied(office.id, Asked(FORM), key)
    assert twice.value.case_id == first.case_id
    assert applied(other.id, Asked(FORM), key).case_id != first.case_id
    assert held()[0] == 2


REFUSED: dict[str, tuple[Asked, str]] = {
    "no class": (Asked(replace(FORM, applicant_class="")), "applicant_class"),
    "no name": (Asked(replace(FORM, name=" ")), "name"),
    "nothing wanted": (Asked(replace(FORM, content="")), "content"),
    "too long": (Asked(replace(FORM, content="长" * 5001)), "content"),
    "a masked number": (Asked(replace(PROVEN, certificate_number="3505**********1024")), "certificate_number"),
    "unreachable": (Asked(replace(FORM, phone="")), "phone"),
    "no address for the post": (Asked(replace(FORM, obtain_by="邮寄")), "address"),
    "no such mailbox": (Asked(replace(FORM, email="chen@example")), "email"),
    "told by no mail": (Asked(FORM, notify=True), "email"),
    "fetched where nothing is served": (Asked(replace(FORM, obtain_by=ONLINE)), "electronic"),
    "a number of no certificate": (Asked(replace(PROVEN, certificate_type="")), "certificate_type"),
    "a certificate of no number": (Asked(replace(PROVEN, certificate_number="")), "certificate_number"),
    "a number without its picture": (Asked(PROVEN), "identity"),
    "a text for a picture": (Asked(FORM, identity=[Upload("证.txt", io.BytesIO(b"x"))]), "identity"),
    "no picture at all": (Asked(FORM, identity=[Upload("证.png", io.BytesIO(b"MZ"))]), "identity"),
    "a program beside a picture": (Asked(PROVEN, identity=[png()], attachments=[Upload("a.exe", io.BytesIO(b"MZ"))]), "attachments"),
    "too many": (Asked(FORM, attachments=[png(more=bytes([n])) for n in range(11)]), "attachments"),
}  # fmt: skip


def test_what_can_t_stand_is_refused_at_its_field_and_nothing_is_kept_of_it(office: DeskOffice) -> None:
    """Nor does it count as a try."""
    at: dict[str, str] = {}
    for name, (asked, _) in REFUSED.items():
        with pytest.raises(Refused) as refused:
            applied(office.id, asked)
        at[name] = refused.value.field
    assert at == {name: field for name, (_, field) in REFUSED.items()}
    with transaction() as session:
        session.get_one(Office, office.id).counter_open = False
    with pytest.raises(Refused) as closed:
        applied(office.id, Asked(FORM))
    assert closed.value.field == "office"
    assert held() == (0,) * 6
    assert (
        len(db.session.scalars(select(SignInFailure)).all()) == 1
    )  # of the one that found the counter closed


def test_an_address_sends_so_many_in_a_quarter_of_an_hour_and_no_more(office: DeskOffice) -> None:
    for _ in range(2):
        applied(office.id, Asked(FORM), most=2)
    before = held()
    with pytest.raises(Throttled) as throttled:
        applied(office.id, Asked(FORM, attachments=[png()]), most=2)
    assert throttled.value.until == NOON + timedelta(minutes=15)
    assert held() == before
    applied(office.id, Asked(FORM), now=throttled.value.until + timedelta(seconds=1), most=2)
    assert held()[0] == 3


def test_of_many_at_once_one_page_is_taken_in_once_and_no_more_than_may_be_sent(
    app: Flask, office: DeskOffice
) -> None:
    def sent(key: str | None, most: int) -> str:
        with app.app_context():
            try:
                applied(office.id, Asked(FORM), key, most=most)
            except (Twice, Throttled) as refused:
                return type(refused).__name__
        return "taken"

    with ThreadPoolExecutor(9) as desks:
        pages = [*desks.map(sent, ["b" * 32] * 6, [100] * 6)]
        others = [*desks.map(sent, [None] * 18, [9] * 18)]  # six are counted already
    assert sorted(pages) == ["Twice"] * 5 + ["taken"]
    assert sorted(others) == ["Throttled"] * 15 + ["taken"] * 3


def test_the_organs_stand_in_their_tree_and_only_where_somebody_would_read_what_comes(
    office: DeskOffice,
) -> None:
    """Who knows none writes to the one on top, while it is one and open."""
    below = found("B", "教育局", office.id)
    found("C", "小学", below.id)
    found("A", "公安局", office.id)
    nobody = found("D", "档案馆", office.id)
    with transaction() as session:
        session.add(Office(code="E", name="只有年报的街道", parent_id=office.id))
        for clerk in session.scalars(
            select(Person).where(Person.office_id == nobody.id, Person.role == "clerk")
        ):
            clerk.disabled = True
    of = organs(db.session())
    assert [(one.office.code, one.depth) for one in of.opened] == [("SSFB", 0), ("A", 1), ("B", 1), ("C", 2)]
    assert of.head is not None
    assert of.head.code == "SSFB"
    assert (of.named("C"), of.named("D"), of.closed) == (of.opened[3].office, None, [])

    shut(office.id, True)
    of = organs(db.session())
    assert [(one.office.code, one.depth) for one in of.opened] == [("A", 0), ("B", 0), ("C", 1)]
    assert (of.head, [one.code for one in of.closed]) == (None, ["SSFB"])

    shut(office.id, False)
    found("F", "另一个市")
    assert organs(db.session()).head is None
    with transaction() as session:  # a tree that runs in a circle
        session.get_one(Office, office.id).parent_id = below.id
    assert sorted(one.office.code for one in organs(db.session()).opened) == ["A", "B", "C", "F", "SSFB"]


def shut(office_id: int, closed: bool) -> None:
    with transaction() as session:
        session.get_one(Office, office_id).counter_open = not closed


def test_one_answer_stands_alone_and_several_say_what_they_are() -> None:
    assert Wanted(title=" 结算报告 ").content() == "结算报告"
    assert Wanted(features="去年修的那条路").content() == "去年修的那条路"
    assert Wanted(document="狮政〔2025〕12 号").content() == "文号：狮政〔2025〕12 号"
    assert (
        Wanted("结算报告", "12 号", "二〇二五年").content()
        == "名称：结算报告\n文号：12 号\n其他特征：二〇二五年"
    )
    assert Wanted(" ", "", "\n").content() == ""


@pytest.mark.parametrize(
    ("content", "several"),
    [
        ("某路改造工程结算报告", False),
        ("2025 年 1.5 万平方米征地的补偿方案；发放明细", False),
        ("《甲办法》和《甲办法》的说明", False),
        ("1. 补偿方案\r\n2. 发放明细", True),
        ("（一）补偿方案\n（二）发放明细", True),
        ("《甲》《乙》《丙》", True),
        ("补偿方案；发放明细；会议纪要", True),
    ],
)
def test_a_text_that_looks_like_several_requests_is_told_from_one(content: str, several: bool) -> None:
    assert seems_several(content) is several


def test_every_way_of_obtaining_can_be_chosen_with_what_it_needs() -> None:
    assert {*NEEDED_FOR, ONLINE} <= set(OBTAIN_BY)
    whole = replace(FORM, email="chen@example.cn", address="石狮市八七路 88 号")
    assert [faults(Asked(replace(whole, obtain_by=way), electronic=True)) for way in OBTAIN_BY] == [{}] * len(
        OBTAIN_BY
    )
