"""What an applicant does at the counter is an act of the record like any other, and opening is being served."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from caseflow.counter import acts, following
from caseflow.db import db
from caseflow.models import Document, LetterOpening, Note
from caseflow.stages.errors import NotFound, Refused
from caseflow.stages.signin import Throttled
from tests.counter.follower import applicant, drafted, folder_of, last, letter, upload
from tests.stages.drive import assert_replayed, do
from tests.support.office import DeskOffice, row, seq

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 9, day) for day in (21, 22, 23, 24))
CONTACT = {"contact_person": "", "phone": "13805051024", "address": "", "email": ""}


def opened() -> dict[int, object]:
    """When each letter was first opened."""
    db.session.rollback()
    rows = db.session.execute(
        select(LetterOpening.letter_id, LetterOpening.opened_at).order_by(LetterOpening.letter_id)
    )
    return {letter_id: moment for letter_id, moment in rows}


def note_of(case_id: int, act: str) -> str:
    """The free text of the last entry of an act."""
    said = last(case_id, act).details.get("note")
    return db.session.get_one(Note, said["id"]).text if said else ""


def open_letter(office: DeskOffice, case_id: int, letter_: object, today: date) -> acts.Applicant:
    who = applicant(office, case_id, today)
    acts.open_letter(who, folder_of(case_id), letter_)  # type: ignore[arg-type]
    return who


def test_opening_a_fee_notice_is_its_service_from_which_the_twenty_working_days_run(
    office: DeskOffice,
) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "fee_notice", MONDAY)
    notice = letter(office, case_id, "fee", "fee_notice", MONDAY)
    who = open_letter(office, case_id, notice, WEDNESDAY)
    came = last(case_id, "deliver_fee_notice")
    assert (came.on, came.actor_id, came.source, came.seq) == (WEDNESDAY, None, "counter", seq(case_id))
    assert note_of(case_id, "deliver_fee_notice") == ""
    assert row(case_id).hold_until == date(
        2026, 10, 28
    )  # 20 working days: off on 25 Sep, 1 to 7 Oct; 10 Oct worked
    before = seq(case_id)
    open_letter(office, case_id, notice, THURSDAY)
    assert (opened(), seq(case_id)) == ({notice.id: who.work.now}, before)
    assert row(case_id).hold_until == date(2026, 10, 28)
    assert_replayed(case_id)


def test_opening_the_reply_serves_it_once_and_opening_anything_else_serves_nothing_of_it(
    office: DeskOffice,
) -> None:
    case_id = office.register(MONDAY)
    do(office, case_id, "request_correction", MONDAY)
    asked = letter(office, case_id, "correction", "request_correction", MONDAY)
    first = open_letter(office, case_id, asked, MONDAY).work.now
    do(office, case_id, "receive_correction", MONDAY)
    do(office, case_id, "accept", MONDAY)
    reply = drafted(office, case_id, MONDAY)
    before = seq(case_id)
    with pytest.raises(NotFound):  # it hasn't left the house
        open_letter(office, case_id, reply, MONDAY)
    assert (seq(case_id), opened()) == (before, {asked.id: first})
    do(office, case_id, "send_reply", TUESDAY, how="portal")
    before = seq(case_id)
    open_letter(office, case_id, asked, TUESDAY)
    assert (seq(case_id), opened(), row(case_id).delivered_on) == (before, {asked.id: first}, None)
    second = open_letter(office, case_id, reply, WEDNESDAY).work.now
    assert row(case_id).delivered_on == WEDNESDAY
    served = last(case_id, "deliver_reply")
    assert (served.actor_id, served.source, note_of(case_id, "deliver_reply")) == (
        None,
        "counter",
        acts.OPENED,
    )
    open_letter(office, case_id, reply, THURSDAY)
    acts.open_files(applicant(office, case_id, THURSDAY), folder_of(case_id))
    assert opened() == {asked.id: first, reply.id: second}
    assert (row(case_id).delivered_on, seq(case_id)) == (WEDNESDAY, before + 1)
    assert_replayed(case_id)


def test_looking_at_what_was_released_is_the_service_of_a_reply_that_no_letter_tells_of(
    office: DeskOffice,
) -> None:
    case_id = office.accepted(MONDAY)
    acts.open_files(applicant(office, case_id, MONDAY), folder_of(case_id))
    replied = office.replied(MONDAY, TUESDAY)
    assert row(case_id).delivered_on is None
    acts.open_files(applicant(office, replied, WEDNESDAY), folder_of(replied))
    assert row(replied).delivered_on == WEDNESDAY
    assert note_of(replied, "deliver_reply") == acts.OPENED
    before = seq(replied)
    acts.open_files(applicant(office, replied, THURSDAY), folder_of(replied))
    assert (row(replied).delivered_on, seq(replied)) == (WEDNESDAY, before)


def test_a_correction_comes_with_its_words_or_its_files_and_blanks_are_neither(office: DeskOffice) -> None:
    first, second = office.register(MONDAY), office.register(MONDAY)
    for case_id in (first, second):
        do(office, case_id, "request_correction", MONDAY)
    before = seq(first)
    for blank in ("", " \n\u3000\t"):
        with pytest.raises(Refused) as why:
            acts.correct(applicant(office, first, TUESDAY), blank, [])
        assert (why.value.reason, why.value.field) == ("写明补正的内容，或者附上文件", "text")
    assert (seq(first), row(first).waiting) == (before, "correction")
    acts.correct(applicant(office, first, TUESDAY), "2019 年的\n只要结算", [])
    came = last(first, "receive_correction")
    assert (came.on, came.actor_id, came.source, came.seq) == (TUESDAY, None, "counter", before + 1)
    assert note_of(first, "receive_correction") == "2019 年的\n只要结算"
    assert (row(first).waiting, row(first).due_on, seq(first)) == ("", date(2026, 10, 27), before + 1)
    acts.correct(applicant(office, second, TUESDAY), "", [upload("一.pdf"), upload("二.pdf")])
    assert row(second).waiting == ""
    query = select(Document.n, Document.name, Document.kind, Document.released, Document.desk_only)
    kept = db.session.execute(query.where(Document.case_id == second).order_by(Document.n)).all()
    assert [tuple(one) for one in kept] == [
        (1, "一.pdf", "request", False, False),
        (2, "二.pdf", "request", False, False),
    ]
    with pytest.raises(Refused):  # nothing is awaited any more
        acts.correct(applicant(office, first, TUESDAY), "再说一次", [])
    assert "receive_correction" not in following.may(folder_of(first), TUESDAY)


def test_what_an_applicant_does_is_told_as_theirs_and_so_often_in_a_quarter_of_an_hour(
    office: DeskOffice,
) -> None:
    case_id = office.register(MONDAY)
    who = applicant(office, case_id, MONDAY)
    acts.change_contact(who, CONTACT)
    for _ in range(acts.MOST_ACTS - 1):
        with pytest.raises(Refused):
            acts.change_contact(who, CONTACT)  # nothing new
    with pytest.raises(Throttled):
        acts.withdraw(who, "已在网站上找到")
    acts.withdraw(applicant(office, case_id, TUESDAY), "已在网站上找到")
    assert (note_of(case_id, "withdraw"), last(case_id, "withdraw").on) == ("已在网站上找到", TUESDAY)
    done = [last(case_id, act) for act in ("change_contact", "withdraw")]
    assert [(one.source, one.actor_id) for one in done] == [("counter", None)] * 2
