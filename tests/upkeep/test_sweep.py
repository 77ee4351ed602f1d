"""What broken uploads leave is found and taken away; what a row knows, or may know in a moment, never is."""

from __future__ import annotations

import io
import os
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.support.children import Child
from tests.support.office import seq
from tests.upkeep.desk import busy, place, put_in
from tests.upkeep.test_contents import contents
from tests.upkeep.test_verify import differences

if TYPE_CHECKING:
    from caseflow.config import Settings
    from tests.support.office import DeskOffice

NOW = datetime(2026, 10, 26, 1, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=1, seconds=1)
LATELY = NOW - timedelta(hours=23)


def keep(content: bytes, since: datetime) -> str:
    """A content of the store, written then."""
    from caseflow.files import store

    sha256 = store.keep(io.BytesIO(content)).sha256
    age(place(sha256), since)
    return sha256


def age(path: os.PathLike[str], since: datetime) -> None:
    os.utime(path, (since.timestamp(), since.timestamp()))


def age_all() -> None:
    """Everything in the store has lain there for long."""
    from caseflow.files import store

    for path in store.folder().rglob("*"):
        age(path, LONG_AGO)


def left_over() -> list[str]:
    from caseflow.upkeep import sweep

    return [found.name for found in sweep.left_over(NOW)]


def remove_all() -> list[bool]:
    from caseflow.upkeep import sweep

    return [sweep.remove(found, NOW) for found in sweep.left_over(NOW)]


def test_what_no_row_knows_is_left_over_once_it_is_a_day_old(office: DeskOffice) -> None:
    from caseflow.files import store

    busy(office)
    old = sorted(keep(content, LONG_AGO) for content in (b"1", b"2"))
    young = keep(b"3", LATELY)
    for name, since in ((".part-old", LONG_AGO), (".part-young", LATELY)):
        (store.folder() / name).write_bytes(b"half")
        age(store.folder() / name, since)
    assert left_over() == [*old, ".part-old"]
    assert remove_all() == [True] * 3
    assert left_over() == []
    assert young in store.all_kept()
    assert list(store.all_parts()) == [".part-young"]


def test_what_a_row_knows_is_never_left_over_however_old(
    office: DeskOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caseflow.files import store
    from caseflow.upkeep import contents as known

    monkeypatch.setattr(known, "CHUNK", 3)
    case = office.register(date(2026, 9, 21))
    put_in(office, case, *(b"%PDF-" + bytes([n]) for n in range(10)))
    strangers = sorted(keep(bytes([n]), LONG_AGO) for n in range(4))
    age_all()
    assert left_over() == strangers
    assert remove_all() == [True] * 4
    assert len(list(store.all_kept())) == 10
    assert differences() == contents() == []


def test_a_content_whose_row_is_written_while_one_looks_is_not_left_over(
    office: DeskOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lay there for long, nobody wanted it; it comes in again between the look and the removal."""
    from caseflow.upkeep import sweep

    case, content = office.register(date(2026, 9, 21)), b"%PDF-1"
    sha256 = keep(content, LONG_AGO)
    (found,) = sweep.left_over(NOW)
    put_in(office, case, content)
    age(place(sha256), NOW)  # as the clock of this test has it
    assert sweep.remove(found, NOW) is False
    assert differences() == contents() == []


def test_rows_without_their_files_are_named(office: DeskOffice) -> None:
    from caseflow.upkeep import contents

    cases = busy(office)
    (sha256,) = put_in(office, cases["sued"], b"%PDF-1")
    place(sha256).unlink()
    assert list(contents.absent()) == ["SSFB 2026-4 材料 3：内容已不存在"]


# --- whatever happens in between ---------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["INSERT INTO stored_file", "INSERT INTO document", "INSERT INTO event"])
def test_killed_between_file_and_row_the_case_is_as_it_was_and_the_act_is_done_again(
    office: DeskOffice, settings: Settings, words: str
) -> None:
    from caseflow.files import store

    case = office.register(date(2026, 9, 21))
    last = seq(case)
    arguments = (asdict(office), case, last, "%PDF-1.7 scan")
    Child(settings, "killed_at", words, "add_files", *arguments).go().killed()
    assert seq(case) == last
    assert differences() == contents() == []
    (sha256,) = store.all_kept()
    assert left_over() == []  # an upload may still be at work
    age_all()
    assert left_over() == [sha256]
    assert Child(settings, "add_files", *arguments).go().result() == [sha256]
    assert seq(case) == last + 1
    age_all()
    assert left_over() == differences() == contents() == []


def test_killed_while_the_file_comes_in_leaves_a_part_that_the_sweep_takes_away(
    office: DeskOffice, settings: Settings
) -> None:
    from caseflow.files import store

    Child(settings, "killed_while_keeping", "%PDF-1.7 scan").go().killed()
    (part,) = store.all_parts()
    assert list(store.all_kept()) == []
    assert left_over() == []
    age_all()
    assert left_over() == [part]
    assert remove_all() == [True]
    assert [path for path in store.folder().rglob("*") if path.is_file()] == []


def test_processes_that_put_in_the_same_content_at_once_keep_it_once(
    office: DeskOffice, settings: Settings
) -> None:
    from caseflow.files import store

    cases = [office.register(date(2026, 9, 21)) for _ in range(4)]
    children = [
        Child(settings, "add_files", asdict(office), case, 1, "%PDF-1.7 scan" * 10**5) for case in cases
    ]
    for child in children:
        child.ready()
    for child in children:
        child.go()
    (sha256,) = {sha256 for child in children for sha256 in child.result()}
    assert list(store.all_kept()) == [sha256]
    assert list(store.all_parts()) == []
    assert [seq(case) for case in cases] == [2] * 4
    assert store.measured(sha256).size == len("%PDF-1.7 scan") * 10**5
    assert differences() == contents() == []
