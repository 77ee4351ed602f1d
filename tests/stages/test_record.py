"""The record: complete, in order, never rewritten, and without anything personal in it."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.event import listen, remove
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from caseflow.db import db, dialect, transaction
from caseflow.law.clock import Clock, clock
from caseflow.law.facts import Facts
from caseflow.law.workdays import Calendar
from caseflow.law.workflow import ACTS
from caseflow.models import Case, Event, Identity, Letter, Note, Office, Particulars, Publication
from caseflow.publications import acts as publications
from caseflow.stages import (
    archive,
    contact,
    correct,
    fees,
    handle,
    letters,
    links,
    papers,
    proceedings,
    reasons,
    record,
    redo,
    register,
    reply,
    review,
    secrecy,
    supervision,
)
from caseflow.stages.desk import Work, acting
from tests.stages.drive import FORM, TUESDAY, assert_replayed, at, do, scan
from tests.support.office import DeskOffice, reviewed, row, seq

# --- an act reads and counts once --------------------------------------------------------------------------


def test_an_act_reads_the_events_of_its_case_once(office: DeskOffice, statements: list[str]) -> None:
    case_id, next_day = at(office, "review"), TUESDAY + timedelta(days=1)
    lead = office.work("lead", next_day)
    for work in (
        lambda: review.accept(lead, case_id, seq(case_id), TUESDAY, office.people["clerk"]),
        lambda: correct.correct_day(lead, case_id, seq(case_id), 3, next_day, "记错"),
    ):
        statements.clear()
        work()
        assert len([s for s in statements if "ORDER BY event.seq" in s]) == 1


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """What is said to the database."""
    said: list[str] = []

    def hear(_: Any, __: Any, statement: str, *___: Any) -> None:
        said.append(statement)

    listen(db.engine, "before_cursor_execute", hear)
    yield said
    remove(db.engine, "before_cursor_execute", hear)


def test_an_act_counts_the_days_once_before_and_once_after(
    office: DeskOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted, case_id = [], at(office, "review")

    def counting(facts: Facts, calendar: Calendar) -> Clock:
        counted.append(facts)
        return clock(facts, calendar)

    monkeypatch.setattr("caseflow.law.casefile.clock", counting)
    review.accept(office.work("lead", TUESDAY), case_id, seq(case_id), TUESDAY, office.people["clerk"])
    assert len(counted) == 2


def test_events_read_before_another_was_written_are_not_built_on(office: DeskOffice) -> None:
    case_id, work = at(office, "review"), office.work("lead", TUESDAY)
    with transaction() as session, pytest.raises(RuntimeError, match="0 events read"):
        record.append(
            session, session.get_one(Case, case_id), "accept", TUESDAY, {},
            actor_id=work.actor_id, at=work.now, calendar=work.calendar, past=[],
        )  # fmt: skip


# --- events are append-only --------------------------------------------------------------------------------


def refused_by_the_database(statement: Any) -> str:
    """What the database says to a statement inside a write transaction; fails if it says nothing."""
    with pytest.raises(DBAPIError) as refused, transaction() as session:
        session.execute(statement)
    return str(refused.value.orig)


def recorded(case_id: int) -> list[Any]:
    db.session.rollback()
    return [
        tuple(r) for r in db.session.execute(select(*Event.__table__.columns).where(Event.case_id == case_id))
    ]


def test_no_program_changes_or_deletes_an_event(office: DeskOffice) -> None:
    case_id = at(office, "archive")
    before = recorded(case_id)
    statements: list[Any] = [
        update(Event).values(on=date(2026, 1, 1)),
        update(Event).where(Event.case_id == case_id, Event.seq == 2).values(details={}),
        delete(Event),
        delete(Event).where(Event.seq == len(before)),
    ]
    if dialect() == "postgresql":
        statements.append(text("TRUNCATE event"))
    for statement in statements:
        assert "append-only" in refused_by_the_database(statement)
    assert recorded(case_id) == before


def test_no_event_takes_the_place_of_another(office: DeskOffice) -> None:
    case_id = at(office, "review")
    before = recorded(case_id)
    columns = [column.name for column in Event.__table__.columns]
    values = dict(zip(columns, before[-1], strict=True)) | {"act": "archive"}
    same_place = {name: value for name, value in values.items() if name != "id"}
    refused_by_the_database(insert(Event).values(values))
    refused_by_the_database(insert(Event).values(same_place))
    if dialect() == "sqlite":  # REPLACE deletes on the way, unasked
        for given in (values, same_place):
            replacing = insert(Event).prefix_with("OR REPLACE").values(given)
            assert "append-only" in refused_by_the_database(replacing)
    assert recorded(case_id) == before


def test_an_event_changed_or_deleted_in_memory_is_not_written(office: DeskOffice) -> None:
    case_id = at(office, "review")
    before = recorded(case_id)
    for change in (_rewrite, Session.delete):
        with pytest.raises(DBAPIError, match="append-only"):
            _with_first_event(case_id, change)
    assert recorded(case_id) == before


def _rewrite(session: Session, event: Event) -> None:
    event.act = "archive"


def _with_first_event(case_id: int, change: Callable[[Session, Event], None]) -> None:
    with transaction() as session:
        events = session.scalars(select(Event).where(Event.case_id == case_id).order_by(Event.seq))
        change(session, events.all()[0])


def test_nothing_is_written_outside_a_transaction(office: DeskOffice) -> None:
    case_id = at(office, "review")
    writes: list[Any] = [
        insert(Office).values(code="X", name="X"),
        update(Case).where(Case.id == case_id).values(stage="archived"),
        delete(Note),
        text("CREATE TABLE loot (id integer)"),
    ]
    for statement in writes:
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            db.session.execute(statement)
        db.session.rollback()
    db.session.add(Office(code="X", name="X"))
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        db.session.flush()
    db.session.rollback()
    assert row(case_id).stage == "review"


def test_a_write_after_a_refused_one_goes_through(office: DeskOffice) -> None:
    case_id = at(office, "review")
    refused_by_the_database(delete(Event))
    with pytest.raises(DBAPIError):
        db.session.execute(delete(Note))
    do(office, case_id, "accept")
    assert row(case_id).stage == "handle"


# --- one act, one transaction ------------------------------------------------------------------------------


def test_transactions_are_not_nested(office: DeskOffice) -> None:
    case_id = at(office, "review")
    with transaction(), pytest.raises(RuntimeError, match="already open"):
        do(office, case_id, "accept")
    assert row(case_id).stage == "review"


def test_what_fails_half_way_leaves_nothing(office: DeskOffice) -> None:
    case_id = at(office, "handle")
    before, notes = recorded(case_id), db.session.scalars(select(Note)).all()
    with pytest.raises(InterruptedError):
        _interrupted(office.work("clerk", TUESDAY), case_id)
    assert recorded(case_id) == before
    assert db.session.scalars(select(Note)).all() == notes
    assert row(case_id).extension_asked == 0


def _interrupted(work: Work, case_id: int) -> None:
    with acting(work, case_id, seq(case_id), "ask_extension") as case:
        case.write({"days": 5}, "材料多")
        raise InterruptedError


def test_an_act_that_writes_no_event_is_a_mistake_of_ours(office: DeskOffice) -> None:
    case_id = at(office, "handle")
    with pytest.raises(RuntimeError, match="ask_extension wrote no event"):
        _silent(office.work("clerk", TUESDAY), case_id)


def _silent(work: Work, case_id: int) -> None:
    with acting(work, case_id, seq(case_id), "ask_extension"):
        pass


# --- nothing personal --------------------------------------------------------------------------------------

# One word for each thing that may be typed; none may be found in an event.
PRIVATE = {
    "name": "欧阳静怡", "contact_person": "司马联系", "agent": "上官代理", "co_applicants": "诸葛共同",
    "certificate_type": "护照", "certificate_number": "E99887766", "phone": "13905959999",
    "address": "凤里街道八号", "email": "ouyang@example.cn", "content": "宝盖山隧道的概算", "obtain_by": "邮政寄到",
    "form": "光盘一张", "remark": "听力不好",
}  # fmt: skip


class Typing:
    """Free text in the order it was typed, each with a word of its own."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def __call__(self) -> str:
        self.words.append(f"机密{len(self.words)}号")
        return self.words[-1]


def worked_case(office: DeskOffice, said: Typing) -> int:
    """A case on which every act was done, with something typed wherever something can be."""
    days = (TUESDAY + timedelta(days=n) for n in range(100))
    who: dict[str, Work] = {}

    def on(day: date) -> date:
        who.update({role: office.work(role, day) for role in ("clerk", "lead", "supervisor")})
        return day

    first = on(next(days))
    form = register.Application("natural_person", **PRIVATE)
    arrival = register.Arrival("online", submitted=first)
    case_id = register.register(who["clerk"], arrival, form)[0].id

    def act(service: Any, *args: Any, by: str = "clerk") -> None:
        service(who[by], case_id, seq(case_id), *args)

    act(register.confirm_receipt, on(next(days)), said())
    moved = {"contact_person": "", "phone": "", "email": "", "address": PRIVATE["address"] + "南侧"}
    act(contact.change_contact, moved, said())
    act(review.request_correction, on(next(days)), first + timedelta(days=20), said(), said())
    act(review.receive_correction, on(next(days)), said())
    act(review.accept, on(next(days)), office.people["colleague"])
    act(handle.assign, office.people["clerk"], said())
    act(handle.consult_third_party, sent := on(next(days)), said(), said())
    act(handle.deliver_consultation, on(next(days)), 1)
    act(handle.record_opinion, on(next(days)), 1, "object", None, said())
    act(handle.consult_third_party, sent, said(), said(), sent)
    act(handle.record_opinion, on(next(days)), 2, "partial", sent, said())
    act(handle.consult_joint_organ, sent, said(), said(), sent)
    act(handle.record_opinion, on(next(days)), 3, "consent", sent, said())
    act(reasons.ask_reasons, on(next(days)), first + timedelta(days=30), said())
    act(reasons.receive_reasons, on(next(days)), said())
    act(handle.ask_extension, 5, said())
    act(handle.refuse_extension, said(), by="lead")
    act(handle.ask_extension, 5, said())
    act(handle.approve_extension, 5, on(next(days)), said(), by="lead")
    act(fees.fee_notice, on(next(days)), "pages", 40, None, said())
    act(fees.deliver_fee_notice, on(next(days)))
    act(fees.pay_fee, on(next(days)), said())
    act(reasons.defer, first + timedelta(days=90), said(), by="lead")
    act(reply.draft_reply, "granted", said())
    act(reply.send_back, said(), by="lead")
    act(reply.draft_reply, "partial", said(), "公开〔2026〕7号")
    looked_on = on(next(days))
    act(secrecy.review_secrecy, looked_on, reviewed(looked_on), "open", said())
    act(reply.approve_reply, said(), by="lead")
    act(reply.send_reply, on(next(days)), "in_person", said())
    act(reply.return_reply, on(next(days)), said())
    act(reply.resend_reply, on(next(days)), "ems", said())
    act(reply.deliver_reply, on(next(days)), said())
    typed = {name: said() for name in ("公开内容", "提供方式", "不予公开部分", "理由")}
    drafted = max(e.seq for e in entries(case_id) if e.act == "draft_reply")
    act(letters.issue, "reply_partial", drafted, typed)
    looked = max(e.seq for e in entries(case_id) if e.act == "review_secrecy")
    act(letters.issue, "secrecy", looked, {"公开内容": said()})
    act(archive.archive, on(next(days)), said())
    act(proceedings.open_proceeding, on(next(days)), "reconsideration", False, said())
    act(proceedings.close_proceeding, on(next(days)), 1, "corrected", said())
    act(proceedings.open_proceeding, on(next(days)), "suit", True, said())
    act(proceedings.appeal_proceeding, on(next(days)), 2, said())
    changed = register.Application("social", **PRIVATE | {"name": "欧阳静仪", "phone": "13905950000"})
    act(correct.correct_particulars, arrival, changed, said(), by="lead")
    act(correct.correct_result, "granted", said(), by="lead")
    name = f"{said.words[0]}.pdf"  # a name is what its owner called it
    act(papers.add_files, [scan(name)], "delivery", said())
    act(redo.redo_reply, on(next(days)), 1, None, said())
    act(publications.propose, publications.Answer(said(), said(), said(), "useful"))
    act(publications.refuse, said(), by="lead")
    act(publications.propose, publications.Answer(said(), said(), said(), "several"))
    act(publications.approve, by="lead")
    act(publications.withdraw, said(), by="lead")
    act(reply.void_reply, said(), by="lead")
    act(supervision.watch, first + timedelta(days=62), said(), by="supervisor")
    act(supervision.answer_watch, said())
    act(supervision.end_watch, said(), by="supervisor")
    act(archive.withdraw, on(next(days)), said())
    return case_id


def test_events_hold_nothing_personal_and_no_free_text(office: DeskOffice) -> None:
    said = Typing()
    case_id = worked_case(office, said)
    events = "\n".join(json.dumps(e.details, ensure_ascii=False) for e in entries(case_id))
    typed = [*PRIVATE.values(), "欧阳静仪", "13905950000", *said.words]
    assert [word for word in typed if word in events] == []
    kept = "\n".join(f"{note.party} {note.text}" for note in db.session.scalars(select(Note)))
    kept += "".join(str(letter.typed) for letter in db.session.scalars(select(Letter)))
    kept += "".join(f"{p.title}{p.question}{p.answer}" for p in db.session.scalars(select(Publication)))
    assert [word for word in said.words if word not in kept] == [], "typed, and kept nowhere"


def test_every_act_was_in_that_case(office: DeskOffice) -> None:
    done = {entry.act for entry in entries(worked_case(office, Typing()))}
    assert {act.code for act in ACTS} - done == {
        "lapse_correction",
        "lapse_fee",
        "hold_accountable",
        "link_case",
    }


def test_every_act_that_takes_words_was_given_some() -> None:
    """A new parameter for free text must be added to the case above."""
    source = inspect.getsource(worked_case)
    left_out = {
        "lapse_correction",
        "lapse_fee",
        "correct_day",
        "correct_fact",
        "hold_accountable",
        "link_case",
    }  # their words take the same way
    for module in (
        archive,
        correct,
        fees,
        handle,
        links,
        papers,
        reasons,
        proceedings,
        redo,
        register,
        reply,
        review,
        secrecy,
        supervision,
    ):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            takes = {"note", "proof", "party", "delay"} & set(inspect.signature(function).parameters)
            if takes and function.__module__ == module.__name__ and not name.startswith("_"):
                assert name in source or name in left_out, name


def entries(case_id: int) -> list[Any]:
    return record.entries(db.session(), case_id)


def test_each_event_seals_the_text_it_refers_to(office: DeskOffice) -> None:
    case_id = worked_case(office, Typing())
    seals = list(_seals(case_id))
    assert len(seals) > 20
    for kept, now in seals:
        assert kept == now
    with transaction() as session:
        session.execute(update(Note).where(Note.case_id == case_id).values(text="改过"))
        session.execute(update(Identity).values(phone="1"))
    changed = [now for kept, now in _seals(case_id) if kept != now]
    assert len(changed) == len(seals)


def _seals(case_id: int) -> Iterator[tuple[str, str]]:
    """The hash that an event keeps and the one its row has now."""
    for entry in entries(case_id):
        changes = entry.details.get("changes", {})
        for reference in filter(None, (entry.details.get("particulars"), changes.get("particulars"))):
            form = db.session.get_one(Particulars, reference["id"])
            values = record.particulars_values(form, db.session.get(Identity, form.id))
            yield reference["hash"], record.sealed(form.salt, values)
        if reference := entry.details.get("note"):
            note = db.session.get_one(Note, reference["id"])
            yield reference["hash"], record.sealed(note.salt, {"text": note.text, "party": note.party})


def test_two_like_texts_have_different_seals(office: DeskOffice) -> None:
    ids = [office.register(TUESDAY, **FORM) for _ in range(2)]
    hashes = {entry.details["particulars"]["hash"] for id_ in ids for entry in entries(id_)}
    assert len(hashes) == 2


def test_the_whole_case_replays(office: DeskOffice) -> None:
    case_id = worked_case(office, Typing())
    assert_replayed(case_id)
    assert [entry.seq for entry in entries(case_id)] == list(range(1, seq(case_id) + 1))
