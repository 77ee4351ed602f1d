"""Whether the record holds: whatever differs from the events is named, case and column."""

from __future__ import annotations

from datetime import UTC, date, datetime
from threading import Thread
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from tests.support.office import seq
from tests.upkeep.desk import busy

if TYPE_CHECKING:
    import pytest
    from flask import Flask

    from tests.support.office import DeskOffice


def differences() -> list[str]:
    from caseflow.upkeep import verify

    return list(verify.differences())


def tamper(*statements: str) -> None:
    """Change rows behind the program's back; the events too, once their guard is taken away."""
    from caseflow.db import dialect, transaction

    guards = {
        "sqlite": ("DROP TRIGGER event_no_update", "DROP TRIGGER event_no_delete"),
        "postgresql": ("DROP TRIGGER event_append_only ON event",),
    }
    with transaction() as session:
        for statement in (*guards[dialect()], *statements):
            session.execute(text(statement))


def test_a_desk_with_every_act_holds(office: DeskOffice) -> None:
    from caseflow.upkeep import verify

    busy(office)
    read: list[int] = []
    assert list(verify.differences(read.append)) == []
    assert sum(read) == verify.count() == 8


TAMPERED = (
    ("registered", "stage", "'archive'", "SSFB 2026-1 stage：行内 archive，回放 review"),
    ("extended", "due_on", "'2026-12-31'", "SSFB 2026-3 due_on：行内 2026-12-31，回放 2026-11-10"),
    ("sued", "seq", "3", "SSFB 2026-4 seq：行内 3，回放 13"),
    ("sued", "result", "'granted'", "SSFB 2026-4 result：行内 granted，回放 partial"),
    ("sued", "calendar_version", "0", "SSFB 2026-4 calendar_version：行内 0，回放 1"),
    ("mistaken", "particulars_id", "1", "SSFB 2026-5 particulars_id：行内 1，回放 6"),
    ("mistaken", "replied_on", "'2026-10-20'", "SSFB 2026-5 replied_on：行内 2026-10-20，回放 2026-10-19"),
    ("mistaken", "on_time", "NULL", "SSFB 2026-5 on_time：行内 空，回放 True"),
    ("withdrawn", "days_used", "9", "SSFB 2026-6 days_used：行内 9，回放 空"),
)


def test_each_column_that_differs_is_named_with_both_its_values(office: DeskOffice) -> None:
    cases = busy(office)
    tamper(
        *(f'UPDATE "case" SET {col} = {value} WHERE id = {cases[case]}' for case, col, value, _ in TAMPERED)
    )
    assert sorted(differences()) == sorted(says for *_, says in TAMPERED)


def test_an_event_taken_away_is_a_gap(office: DeskOffice) -> None:
    cases = busy(office)
    tamper(f"DELETE FROM event WHERE case_id = {cases['corrected']} AND seq = 2")
    found = differences()
    assert "SSFB 2026-2 事件序号不连续：[1, 3]" in found
    assert "SSFB 2026-2 corrected：行内 True，回放 False" in found
    assert "SSFB 2026-2 说明 1：没有事件提到它" in found
    assert all(line.startswith("SSFB 2026-2 ") for line in found)


def test_an_event_changed_shows_in_what_follows_from_it(office: DeskOffice) -> None:
    cases = busy(office)
    tamper(f"UPDATE event SET \"on\" = '2026-10-26' WHERE case_id = {cases['withdrawn']} AND seq = 3")
    assert differences() == [
        "SSFB 2026-6 closed_on：行内 2026-10-22，回放 2026-10-26",
        "SSFB 2026-6 期限 归档：行内 2026-11-21，回放 2026-11-25",
    ]


def test_a_term_taken_away_or_moved_is_named(office: DeskOffice) -> None:
    cases = busy(office)
    tamper(
        f"DELETE FROM case_term WHERE case_id = {cases['withdrawn']}",
        f"UPDATE case_term SET due_on = '2027-01-04' WHERE case_id = {cases['corrected']} AND term = 'reply'",
    )
    first, second = differences()
    assert first.startswith("SSFB 2026-2 期限 答复：行内 2027-01-04，回放 ")
    assert second == "SSFB 2026-6 期限 归档：行内 空，回放 2026-11-21"


def test_an_event_that_cannot_be_read_is_named_and_the_others_are_still_checked(office: DeskOffice) -> None:
    cases = busy(office)
    tamper(
        f"UPDATE event SET act = 'dance' WHERE case_id = {cases['corrected']} AND seq = 3",
        f'UPDATE "case" SET days_used = 9 WHERE id = {cases["sued"]}',
    )
    first, second = differences()
    assert first.startswith("SSFB 2026-2 事件无法回放：KeyError")
    assert second.startswith("SSFB 2026-4 days_used：行内 9，")


def test_a_case_without_events_is_named(office: DeskOffice) -> None:
    cases = busy(office)
    tamper(f"DELETE FROM event WHERE case_id = {cases['registered']}")
    assert differences()[0] == "SSFB 2026-1 没有任何事件"


UNSEALED = (
    ("UPDATE note SET text = '改过' WHERE id = 1", "SSFB 2026-2 说明 1：内容与事件里的校验值不符"),
    ("DELETE FROM note WHERE id = 2", "SSFB 2026-2 说明 2：已不存在"),
    ("UPDATE particulars SET name = '张三' WHERE id = 3", "SSFB 2026-3 申请信息 3：内容与事件里的校验值不符"),
    ("UPDATE particulars SET version = 9 WHERE id = 4", "SSFB 2026-4 申请信息 4 version：行内 9，回放 1"),
    ("UPDATE identity SET phone = '' WHERE particulars_id = 6", "SSFB 2026-5 申请信息 6：内容与事件里的校验值不符"),
    ("DELETE FROM identity WHERE particulars_id = 8", "SSFB 2026-7 申请信息 8：内容与事件里的校验值不符"),
)  # fmt: skip


def test_what_was_written_apart_from_the_events_is_held_by_its_seal(office: DeskOffice) -> None:
    busy(office)
    tamper(*(statement for statement, _ in UNSEALED))
    assert differences() == [says for _, says in UNSEALED]


def test_a_hash_by_which_the_same_applicant_is_not_found_is_named(office: DeskOffice) -> None:
    for number in ("350581199001011024", "350581199001011032"):
        office.register(date(2026, 9, 21), certificate_number=number)
    assert differences() == []
    tamper("UPDATE identity SET certificate_hash = (SELECT max(certificate_hash) FROM identity)")
    assert sum("按证件号码找不到本人" in line for line in differences()) == 1


def test_proceedings_are_replayed_too(office: DeskOffice) -> None:
    busy(office)
    tamper(
        "UPDATE proceeding SET result = 'corrected' WHERE n = 1",
        "UPDATE proceeding SET n = 3 WHERE n = 2",
    )
    assert differences()[:3] == [
        "SSFB 2026-4 复议诉讼 1 result：行内 corrected，回放 upheld",
        "SSFB 2026-4 复议诉讼 2：行内没有",
        "SSFB 2026-4 复议诉讼 3：事件里没有",
    ]


def test_a_link_between_split_requests_is_as_the_registration_says(office: DeskOffice) -> None:
    cases = busy(office)
    first, second = cases["split"], cases["split"] + 1
    tamper(
        f"DELETE FROM case_link WHERE other_id = {second}",
        f"INSERT INTO case_link (case_id, other_id, kind) VALUES ({cases['sued']}, {first}, 'split')",
        f"INSERT INTO case_link (case_id, other_id, kind) VALUES ({first}, {cases['sued']}, 'friend')",
    )
    assert differences() == [
        f"SSFB 2026-4 friend：与 /cases/{first} 的关联，事件里没有",
        f"SSFB 2026-7 一事一申请：与 /cases/{cases['sued']} 的关联，事件里没有",
        f"SSFB 2026-8 一事一申请：事件说与 /cases/{first} 关联，没有这条关联",
    ]


def test_a_number_lost_is_named(office: DeskOffice) -> None:
    busy(office)
    tamper("UPDATE \"case\" SET number = '2026-90' WHERE number = '2026-2'")
    assert differences() == [
        "SSFB 2026-3：前一号不存在",
        "SSFB 2026-90：前一号不存在",
        "SSFB 2026 年编号：计数器 8，最后一号 90",
    ]


def test_numbers_brought_by_a_ledger_may_have_gaps_and_ours_go_on_after_them(office: DeskOffice) -> None:
    from caseflow.db import transaction
    from caseflow.stages import numbers

    busy(office)
    with transaction() as session:
        numbers.raise_to(session, office.id, ["2026-20", "旧-7"])
    tamper("UPDATE \"case\" SET number = '2026-20', imported = (1 = 1) WHERE number = '2026-8'")
    office.register(date(2026, 10, 22))
    assert differences() == []


def test_a_table_that_does_not_balance_is_named(office: DeskOffice) -> None:
    """A result in the year before its request: 2026 has a result too many."""
    cases = busy(office)
    tamper(f'UPDATE "case" SET new_year = 2027 WHERE id = {cases["sued"]}')
    first, *rest = differences()
    assert first == "SSFB 2026-4 new_year：行内 2027，回放 2026"
    assert rest
    assert {line.split("：")[0] for line in rest} <= {"SSFB 2026 年报表", "SSFB 2027 年报表"}


def test_a_result_that_no_row_knows_is_named(office: DeskOffice) -> None:
    cases = busy(office)
    tamper(f"UPDATE \"case\" SET result = 'burnt', applicant_class = 'ghost' WHERE id = {cases['sued']}")
    assert "SSFB 2026-4 result：行内 burnt，回放 partial" in differences()


def test_what_others_write_meanwhile_is_no_difference(
    office: DeskOffice, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole is read as of one moment, although somebody acts after the first few cases were read."""
    from caseflow.stages import archive
    from caseflow.upkeep import verify

    monkeypatch.setattr(verify, "CHUNK", 3)
    case, day = busy(office)["withdrawn"], date(2026, 10, 23)

    def act() -> None:
        with app.app_context():
            if seq(case) == 3:
                office.register(day)
                archive.archive(office.work("clerk", day), case, 3, day)

    def meanwhile(_: int) -> None:
        thread = Thread(target=act)
        thread.start()
        thread.join()

    assert list(verify.differences(meanwhile)) == []
    assert verify.count() == 9
    assert seq(case) == 4
    assert differences() == []


def test_a_closed_case_is_replayed_by_the_calendar_it_was_decided_with(office: DeskOffice) -> None:
    from caseflow.db import transaction
    from caseflow.models import CalendarYear

    busy(office)
    with transaction() as session:  # a later edition of 2026 that knows no day off
        session.add(CalendarYear(year=2026, version=2, document="更正", entered_at=datetime.now(UTC)))
    assert differences() == []


def test_what_cannot_be_counted_or_refers_to_nothing_is_named_and_all_else_still_checked(
    app: Flask, office: DeskOffice
) -> None:
    from caseflow import serving
    from caseflow.db import db, dialect

    office.register(date(2026, 9, 21))
    case = office.accepted(date(2026, 9, 21))
    tamper(f"UPDATE \"case\" SET channel = 'zz' WHERE id = {case}")
    found = differences()
    assert any("年报表：数不出来" in line for line in found)
    assert any("channel" in line for line in found)
    if dialect() != "sqlite":  # PostgreSQL lets no row refer to nothing
        return
    with db.engine.connect() as line:
        raw: Any = line.connection.dbapi_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("PRAGMA query_only=OFF")
        raw.execute(f"DELETE FROM person WHERE id = {office.people['lead']}")
        raw.execute("PRAGMA foreign_keys=ON")
    db.session.remove()
    serving.prepare(app)  # the office goes on working; verify names it
    assert any("指向的 person 已不存在" in line for line in differences())
