"""存入材料: kept first, told by one event, all of them or none."""

from __future__ import annotations

import errno
import io
import json
import os
from datetime import date

import pytest
from sqlalchemy import func, select

from caseflow.db import db
from caseflow.files import store
from caseflow.models import Document, Event, StoredFile
from caseflow.stages import correct, papers
from caseflow.stages.errors import Changed, Forbidden, NotFound, Refused
from caseflow.stages.papers import Upload
from tests.stages.drive import TUESDAY, assert_replayed, do, scan
from tests.support.office import DeskOffice, found, row, seq


def put_in(
    office: DeskOffice, case_id: int, *uploads: Upload, kind: str = "request", who: str = "clerk", **more
) -> None:
    papers.add_files(office.work(who, TUESDAY), case_id, seq(case_id), uploads, kind, **more)


def counted() -> tuple[int, ...]:
    db.session.rollback()
    return tuple(
        db.session.scalar(select(func.count()).select_from(t)) or 0 for t in (Document, StoredFile, Event)
    )


def documents(case_id: int) -> list[Document]:
    db.session.rollback()
    return list(db.session.scalars(select(Document).where(Document.case_id == case_id).order_by(Document.n)))


def test_several_files_are_one_act_numbered_within_the_case(office: DeskOffice) -> None:
    case_id = office.accepted(TUESDAY)
    last = seq(case_id)
    put_in(office, case_id, scan("申请书.pdf"), scan("身份证.png", b"\x89PNG\r\n\x1a\n1"))
    put_in(office, case_id, scan("签收单.pdf", b"%PDF-2"), kind="receipt", desk_only=True, released=True)
    assert seq(case_id) == last + 2
    assert [(d.n, d.kind, d.name, d.desk_only, d.released) for d in documents(case_id)] == [
        (1, "request", "申请书.pdf", False, False),
        (2, "request", "身份证.png", False, False),
        (3, "receipt", "签收单.pdf", True, True),
    ]
    with store.open_kept(documents(case_id)[2].sha256 or "") as file:
        assert file.read() == b"%PDF-2"
    assert_replayed(case_id)


def test_the_event_holds_the_hash_and_never_the_name(office: DeskOffice) -> None:
    case_id = office.accepted(TUESDAY)
    put_in(office, case_id, scan("林国栋的身份证.pdf"))
    event = db.session.scalars(select(Event).where(Event.act == "add_files")).one()
    (told,) = event.details["documents"]
    assert told["sha256"] == documents(case_id)[0].sha256
    assert "林国栋" not in json.dumps(event.details, ensure_ascii=False)


def test_the_same_content_in_two_cases_is_stored_once(office: DeskOffice) -> None:
    one, other = office.accepted(TUESDAY), office.accepted(TUESDAY)
    put_in(office, one, scan())
    put_in(office, other, scan("同一份.pdf"))
    assert counted()[:2] == (2, 1)
    assert len(list(store.all_kept())) == 1


@pytest.mark.parametrize(
    ("uploads", "kind", "why"),
    [
        ([], "request", "选择要存入的文件"),
        ([scan()], "", "选择材料的种类"),
        ([scan()], "letter", "选择材料的种类"),
        ([scan(), scan("木马.exe", b"MZ")], "request", "“木马.exe”不能上传"),
        ([scan(), scan("../../改名.pdf", b"MZ")], "request", "“改名.pdf”不能上传"),
    ],
)
def test_one_file_that_may_not_come_in_keeps_all_of_them_out(
    office: DeskOffice, uploads: list[Upload], kind: str, why: str
) -> None:
    case_id = office.accepted(TUESDAY)
    before = counted()
    with pytest.raises(Refused, match=why):
        put_in(office, case_id, *uploads, kind=kind)
    assert counted() == before
    assert list(store.all_kept()) == []


def test_a_full_disk_is_said_and_writes_nothing(office: DeskOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    case_id = office.accepted(TUESDAY)
    before = counted()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match="可能已满"):
        put_in(office, case_id, scan())
    assert counted() == before


def test_a_refused_act_leaves_at_most_a_content_that_no_row_knows(office: DeskOffice) -> None:
    case_id = office.accepted(TUESDAY)
    before = counted()
    with pytest.raises(Changed):
        papers.add_files(office.work("clerk", TUESDAY), case_id, seq(case_id) - 1, [scan()], "request")
    assert counted() == before
    assert len(list(store.all_kept())) == 1


def test_files_come_in_at_every_stage_and_after_the_archive_from_the_desk_alone(office: DeskOffice) -> None:
    waiting = office.register(TUESDAY, "online")
    put_in(office, waiting, scan())
    closed = office.replied(TUESDAY, TUESDAY)
    put_in(office, closed, scan(), who="lead")
    do(office, closed, "archive")
    put_in(office, closed, scan("复议决定书.pdf"), kind="other")
    assert row(closed).stage == "archived"
    with pytest.raises(Forbidden):
        put_in(office, closed, scan(), who="supervisor")
    with pytest.raises(NotFound):
        put_in(found("JJSB", "晋江市人民政府办公室"), closed, scan())


def test_a_file_put_in_today_hinders_nothing_that_happened_yesterday(office: DeskOffice) -> None:
    case_id = office.accepted(date(2026, 9, 21))
    put_in(office, case_id, scan("撤回申请.pdf"))
    do(office, case_id, "withdraw", on=date(2026, 9, 21))
    assert row(case_id).closed_on == date(2026, 9, 21)


def test_a_file_of_another_case_is_declared_void_and_its_content_stays(office: DeskOffice) -> None:
    case_id = office.accepted(TUESDAY)
    put_in(office, case_id, scan())
    correct.void(office.work("lead", TUESDAY), case_id, seq(case_id), seq(case_id), "是另一件的")
    assert_replayed(case_id)
    assert len(documents(case_id)) == 1
    assert len(list(store.all_kept())) == 1


def test_the_folder_lists_files_by_their_kind(office: DeskOffice) -> None:
    case_id = office.accepted(TUESDAY)
    for kind in ("other", "dispatch", "request"):
        put_in(office, case_id, Upload(f"{kind}.pdf", io.BytesIO(b"%PDF-" + kind.encode())), kind=kind)
    assert [d.kind for d in papers.of_case(db.session(), row(case_id))] == ["request", "dispatch", "other"]
