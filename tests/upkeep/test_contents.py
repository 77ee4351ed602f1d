"""Whether the store holds what the rows say: every content read once, named by case and number."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tests.upkeep.desk import busy, place, put_in
from tests.upkeep.test_verify import differences, tamper

if TYPE_CHECKING:
    from caseflow.files.store import Kept
    from tests.support.office import DeskOffice

# The rows of a busy desk whose content is the one scan: of a request, of the reply and of the review
SCANNED = ["SSFB 2026-1 材料 1", "SSFB 2026-4 材料 1", "SSFB 2026-4 材料 2"]


def contents() -> list[str]:
    from caseflow.upkeep import contents

    return list(contents.differences())


def issue(office: DeskOffice, case: int, sha256: str) -> None:
    """An official letter and a template of the office, with this content."""
    from caseflow.db import transaction
    from caseflow.models import Letter, LetterTemplate

    now, day = datetime(2026, 9, 22, tzinfo=UTC), date(2026, 9, 22)
    with transaction() as session:
        session.add(
            Letter(
                case_id=case, office_id=office.id, kind="receipt", about=1, series="回执", year=2026, n=3,
                number="狮政公开回〔2026〕第3号", issued_on=day, issued_at=now, sha256=sha256,
            )
        )  # fmt: skip
        session.add(LetterTemplate(kind="receipt", version=2, sha256=sha256, name="x", uploaded_at=now))
        session.add(LetterTemplate(kind="receipt", version=3, sha256=None, name="", uploaded_at=now))


def test_a_store_that_holds_everything_has_no_difference(office: DeskOffice) -> None:
    from caseflow.upkeep import contents

    cases = busy(office)
    (sha256,) = put_in(office, cases["sued"], b"%PDF- opinion")
    issue(office, cases["sued"], sha256)
    read: list[int] = []
    assert list(contents.differences(read.append)) == list(contents.absent()) == []
    assert (len(read), sum(read)) == contents.total() == (2, 26)


def test_a_content_that_is_gone_or_changed_is_named_by_every_row_that_needs_it(office: DeskOffice) -> None:
    cases = busy(office)
    gone, changed, longer = put_in(office, cases["sued"], b"%PDF-1", b"%PDF-2", b"%PDF-3")
    put_in(office, cases["corrected"], b"%PDF-2")
    issue(office, cases["sued"], gone)
    place(gone).unlink()
    place(changed).write_bytes(b"%PDF-9")
    place(longer).write_bytes(b"%PDF-3 and more")
    assert sorted(contents()) == [
        "SSFB 2026-2 材料 1：内容与校验值不符",
        "SSFB 2026-4 文书 狮政公开回〔2026〕第3号（第 1 版）：内容已不存在",
        "SSFB 2026-4 材料 3：内容已不存在",
        "SSFB 2026-4 材料 4：内容与校验值不符",
        "SSFB 2026-4 材料 5：内容与校验值不符",
        "文书模板 receipt（第 2 版）：内容已不存在",
    ]
    # the letter was put in past its act; the record itself holds
    assert differences() == [
        "SSFB 2026-4 文书 狮政公开回〔2026〕第3号 第 1 版：没有事件提到它",
        "SSFB 文书 回执〔2026〕第3号：前一号不存在",
        "SSFB 文书 回执〔2026〕编号：计数器 0，最后一号 3",
    ]


def test_a_content_that_nothing_uses_is_named_by_its_hash(office: DeskOffice) -> None:
    from caseflow.db import transaction
    from caseflow.models import StoredFile

    with transaction() as session:
        session.add(StoredFile(sha256="a" * 64, size=1, kept_at=datetime(2026, 9, 22, tzinfo=UTC)))
    assert contents() == [f"文件 {'a' * 64}：内容已不存在"]


def test_a_size_that_is_not_that_of_the_content_is_a_difference(office: DeskOffice) -> None:
    busy(office)
    tamper("UPDATE stored_file SET size = 1")
    assert sorted(contents()) == [f"{row}：内容与校验值不符" for row in SCANNED]


def test_a_content_that_the_disk_does_not_give_is_a_difference(
    office: DeskOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(sha256: str) -> Kept:
        raise OSError(5, "Input/output error")

    busy(office)
    monkeypatch.setattr("caseflow.files.store.measured", broken)
    assert sorted(contents()) == [f"{row}：内容读不出来" for row in SCANNED]


def test_many_contents_are_read_a_few_rows_at_a_time_each_once_and_with_nothing_open(
    office: DeskOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction left open meanwhile would be ended by PostgreSQL after a minute."""
    from caseflow.db import db
    from caseflow.files import store
    from caseflow.upkeep import contents as checked

    case, seen, real = office.register(date(2026, 9, 21)), [], store.measured
    hashes = put_in(office, case, *(b"%PDF-" + bytes([n]) for n in range(23)))

    def measured(sha256: str) -> Kept:
        assert not db.session().in_transaction()
        seen.append(sha256)
        return real(sha256)

    monkeypatch.setattr(store, "measured", measured)
    monkeypatch.setattr(checked, "CHUNK", 5)
    place(hashes[7]).unlink()
    place(hashes[22]).unlink()
    assert sorted(contents()) == [
        "SSFB 2026-1 材料 23：内容已不存在",
        "SSFB 2026-1 材料 8：内容已不存在",
    ]
    assert seen == sorted(hashes)


# --- the rows of a case, against its events ----------------------------------------------------------------


@pytest.fixture
def filed(office: DeskOffice) -> int:
    """A case with three files, two of them from one act."""
    case = office.register(date(2026, 9, 21))
    put_in(office, case, b"%PDF-1", b"%PDF-2")
    put_in(office, case, b"%PDF-3", kind="released", released=True)
    return case


SAYS = (
    ("kind = 'other'", 1, "材料 1 kind：行内 other，事件里 request"),
    ("desk_only = (1 = 1)", 2, "材料 2 desk_only：行内 True，事件里 False"),
    ("released = (1 = 2)", 3, "材料 3 released：行内 False，事件里 True"),
    ("n = 9", 3, "材料 3：已不存在"),
)


@pytest.mark.parametrize(("change", "n", "says"), SAYS)
def test_a_file_that_differs_from_its_event_is_named(filed: int, change: str, n: int, says: str) -> None:
    assert differences() == []
    tamper(f"UPDATE document SET {change} WHERE n = {n}")
    found = differences()
    assert found[0] == f"SSFB 2026-1 {says}"
    assert found[1:] == (["SSFB 2026-1 材料 9：没有事件提到它"] if change == "n = 9" else [])


def test_a_file_exchanged_for_another_is_named(filed: int) -> None:
    tamper(
        "UPDATE document SET sha256 = (SELECT d.sha256 FROM document d WHERE d.n = 1) WHERE n = 2",
    )
    (line,) = differences()
    assert line.startswith("SSFB 2026-1 材料 2 sha256：行内 ")


def test_a_file_taken_away_is_named_and_its_name_never(filed: int) -> None:
    from caseflow.db import transaction

    tamper("DELETE FROM document WHERE n = 2")
    assert differences() == ["SSFB 2026-1 材料 2：已不存在"]
    with transaction() as session:  # a name is no part of the record
        session.execute(text("UPDATE document SET name = '张三.pdf'"))
    assert differences() == ["SSFB 2026-1 材料 2：已不存在"]


def test_an_event_whose_files_cannot_be_read_is_named_and_the_rest_is_checked(filed: int) -> None:
    tamper("UPDATE event SET details = '{\"documents\": 7}' WHERE seq = 2")
    found = differences()
    assert "SSFB 2026-1 第 2 个事件说的材料读不懂" in found
    assert "SSFB 2026-1 材料 1：没有事件提到它" in found
    assert not [line for line in found if "材料 3" in line]


def test_a_file_declared_void_is_still_there_and_no_difference(office: DeskOffice, filed: int) -> None:
    from caseflow.stages import correct
    from tests.support.office import seq

    day = date(2026, 9, 22)
    correct.void(office.work("lead", day), filed, seq(filed), seq(filed), "是另一件的")
    assert differences() == contents() == []
