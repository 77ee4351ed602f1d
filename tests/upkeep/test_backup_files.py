"""The contents of the cases' files go with their rows: into the backup, and back."""

from __future__ import annotations

import io
import random
import resource
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import states
from tests.support.children import Child
from tests.support.office import seq
from tests.upkeep.desk import busy, place, put_in
from tests.upkeep.test_backup import NOW, backups_while, content, refuse, remade, restore, verified, write
from tests.upkeep.test_contents import contents

if TYPE_CHECKING:
    from flask import Flask

    from caseflow.config import Settings
    from tests.support.office import DeskOffice
    from tests.upkeep.conftest import Elsewhere

NOISE = random.Random(7).randbytes(3 * 2**20)
SCANS = (b"%PDF-" + NOISE, b"\xff\xd8\xff picture" * 9, b"%PDF- small")


@pytest.fixture
def filed(office: DeskOffice) -> list[str]:
    """The hashes of all contents of a busy desk."""
    return states.made_once(f"filed {office}", lambda: _filed(office))


def _filed(office: DeskOffice) -> list[str]:
    from caseflow.files import store

    cases = busy(office)
    put_in(office, cases["sued"], SCANS[0])
    store.keep(io.BytesIO(b"left over"))  # no part of the office's files
    return [*put_in(office, cases["corrected"], SCANS[0], SCANS[2]), *store_of(b"%PDF-1.7 scan")]


def store_of(content: bytes) -> list[str]:
    from caseflow.files import store

    return [store.keep(io.BytesIO(content)).sha256]


def kept(app: Flask) -> dict[str, bytes]:
    """Everything in the store of an application."""
    from caseflow.files import store

    with app.app_context():
        return {sha256: place(sha256).read_bytes() for sha256 in store.all_kept()}


def whole(app: Flask) -> bool:
    """Whether every row has its content."""
    with app.app_context():
        return contents() == []


def members(path: Path) -> dict[str, int]:
    """The contents in a backup, each with how it is packed."""
    from caseflow.upkeep import backup

    with backup.opened(path) as (archive, _):
        found = {info.filename: info.compress_type for info in archive.infolist()}
    return {name: kind for name, kind in found.items() if name.startswith("files/")}


def test_contents_come_back_each_once(
    filed: list[str], app: Flask, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    write(app, tmp_path / "b.zip")
    assert set(members(tmp_path / "b.zip")) == {f"files/{sha256[:2]}/{sha256}" for sha256 in filed}
    other = elsewhere("sqlite")  # the rows are told by the tests of the backup
    restore(other, tmp_path / "b.zip")
    assert content(other) == content(app)
    assert kept(other) == {sha256: kept(app)[sha256] for sha256 in filed}
    assert verified(other)
    assert whole(other)
    with other.app_context():
        from caseflow.files import store

        assert store.folder().stat().st_mode & 0o777 == 0o700
        assert {place(sha256).stat().st_mode & 0o777 for sha256 in filed} == {0o600}


def test_what_is_packed_already_is_not_packed_again(office: DeskOffice, app: Flask, tmp_path: Path) -> None:
    from caseflow.stages import papers

    case = office.register(date(2026, 9, 21))
    texts = [
        papers.Upload("a.txt", io.BytesIO("意见".encode() * 10**5)),
        papers.Upload("b.pdf", io.BytesIO(SCANS[0])),
    ]
    papers.add_files(office.work("clerk", date(2026, 9, 22)), case, seq(case), texts, "opinion")
    write(app, tmp_path / "b.zip")
    assert sorted(members(tmp_path / "b.zip").values()) == [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]
    assert (tmp_path / "b.zip").stat().st_size < len(SCANS[0]) + 10**5


def test_a_backup_tells_the_bytes_it_has_read(filed: list[str], app: Flask, tmp_path: Path) -> None:
    from caseflow.upkeep import backup
    from caseflow.upkeep import contents as known

    read: list[int] = []
    backup.write(tmp_path / "b.zip", Path(app.instance_path), NOW, read.append)
    assert max(read) <= 2**20  # never more of it in memory
    assert sum(read) == known.total()[1]


# --- while others work -------------------------------------------------------------------------------------


def elsewhere_in_time(app: Flask, act: Callable[[], object]) -> None:
    """Somebody else does something, now, and has done it."""

    def run() -> None:
        with app.app_context():
            act()

    thread = Thread(target=run)
    thread.start()
    thread.join()


@pytest.mark.parametrize("when", ["tables", "contents"])
def test_a_file_that_comes_in_meanwhile_is_in_the_backup_with_its_content_or_not_at_all(
    filed: list[str],
    office: DeskOffice,
    app: Flask,
    elsewhere: Elsewhere,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    when: str,
) -> None:
    from caseflow.files import store
    from caseflow.upkeep import portable

    case, before = office.register(date(2026, 9, 21)), content(app)
    module, name = {"tables": (portable, "dump"), "contents": (store, "open_kept")}[when]
    real = getattr(module, name)
    came: list[int] = []

    def meanwhile(*arguments: Any) -> Any:
        if not came:
            came.append(1)
            elsewhere_in_time(app, lambda: put_in(office, case, b"%PDF- meanwhile"))
        return real(*arguments)

    monkeypatch.setattr(module, name, meanwhile)
    write(app, tmp_path / "b.zip")
    assert seq(case) == 2
    other = elsewhere("sqlite")
    restore(other, tmp_path / "b.zip")
    assert verified(other)
    assert whole(other)
    assert kept(other).keys() == set(filed)
    assert content(other) == before


def test_backups_taken_while_files_come_in_hold_every_content_their_rows_name(
    office: DeskOffice, app: Flask, settings: Settings, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    cases = [office.register(date(2026, 9, 21)) for _ in range(16)]
    wanted = [f"%PDF-{n}" * 1000 for n in range(16)]
    children = [Child(settings, "add_each", asdict(office), cases[n::2], wanted[n::2]) for n in range(2)]
    taken = backups_while(children, app, tmp_path)
    for path in taken[::2]:
        other = elsewhere("sqlite")
        restore(other, path)
        assert verified(other)
        assert whole(other)
        assert kept(other).keys() == {stored[0] for stored in content(other)["stored_file"]}
    assert len(kept(app)) == 16


def test_nothing_is_open_in_the_database_while_contents_are_copied(
    filed: list[str], app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copying takes as long as it takes; PostgreSQL ends what is idle for a minute."""
    from caseflow.db import db
    from caseflow.files import store
    from caseflow.upkeep import backup

    real, opened = store.open_kept, []

    def open_kept(sha256: str) -> Any:
        opened.append(db.session().in_transaction())
        return real(sha256)

    monkeypatch.setattr(store, "open_kept", open_kept)
    backup.write(tmp_path / "b.zip", Path(app.instance_path), NOW)
    assert opened == [False] * 3


# --- what is wrong with a content --------------------------------------------------------------------------


def test_a_content_that_is_missing_or_damaged_hinders_no_backup_and_is_told(
    filed: list[str], app: Flask, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    from caseflow.upkeep import backup

    place(filed[0]).unlink()
    place(filed[1]).write_bytes(b"%PDF- smell")
    manifest = backup.write(tmp_path / "b.zip", Path(app.instance_path), NOW)
    assert manifest.faulty == 2
    other = elsewhere("sqlite")
    restore(other, tmp_path / "b.zip")
    assert content(other) == content(app)
    with other.app_context():
        assert sorted(contents()) == [
            "SSFB 2026-2 材料 1：内容已不存在",
            "SSFB 2026-2 材料 2：内容已不存在",
            "SSFB 2026-4 材料 3：内容已不存在",
        ]


def test_a_content_that_the_disk_stops_giving_hinders_no_backup_and_is_told(
    filed: list[str], app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caseflow.files import store
    from caseflow.upkeep import backup

    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise OSError(5, "Input/output error")
            return super().read(5)

    real = store.open_kept
    monkeypatch.setattr(
        store, "open_kept", lambda sha256: Broken(SCANS[0]) if sha256 == filed[0] else real(sha256)
    )
    assert backup.write(tmp_path / "b.zip", Path(app.instance_path), NOW).faulty == 1
    assert backup.prove(tmp_path / "b.zip").faulty == 1


def test_a_content_changed_lost_or_added_in_the_backup_is_refused_and_nothing_is_written(
    filed: list[str], app: Flask, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    name = f"files/{filed[1][:2]}/{filed[1]}"

    def change(members: dict[str, bytes]) -> None:
        members[name] = b"%PDF- smell"

    def lose(members: dict[str, bytes]) -> None:
        del members[name]

    def add(members: dict[str, bytes]) -> None:
        members["files/aa/../../../secret.key"] = b"x"

    write(app, tmp_path / "b.zip")
    other = elsewhere("sqlite")
    for damage in (change, lose, add):
        refuse(other, remade(tmp_path / "b.zip", damage), "已损坏")
        assert kept(other) == {}


# --- a full disk, a kill -----------------------------------------------------------------------------------


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """The disk takes no more: the system itself refuses the write."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_fills_up_leaves_nothing_of_the_backup(
    filed: list[str], app: Flask, tmp_path: Path
) -> None:
    before = sorted(path.name for path in tmp_path.iterdir())
    with no_file_larger_than(2 * 2**20), pytest.raises(OSError, match="File too large"):
        write(app, tmp_path / "b.zip")
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_disk_that_fills_up_leaves_nothing_of_what_was_to_be_restored(
    filed: list[str], app: Flask, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    write(app, tmp_path / "b.zip")
    other = elsewhere("sqlite")
    before = content(other)
    with no_file_larger_than(2 * 2**20), pytest.raises(OSError, match="File too large"):
        restore(other, tmp_path / "b.zip")
    assert content(other) == before
    with other.app_context():
        from caseflow.files import store

        assert [path for path in store.folder().rglob("*") if path.is_file()] == []
    restore(other, tmp_path / "b.zip")
    assert content(other) == content(app)
    assert whole(other)


def test_a_restore_killed_among_the_rows_has_its_contents_already_and_can_be_repeated(
    filed: list[str], app: Flask, elsewhere: Elsewhere, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    write(app, tmp_path / "b.zip")
    other = elsewhere(request.node.callspec.params["database_url"])
    settings = other.extensions["caseflow"]["settings"]
    Child(settings, "killed_at", "INSERT INTO office", "restore", str(tmp_path / "b.zip")).go().killed()
    assert content(other)["stored_file"] == content(other)["office"] == []
    assert kept(other).keys() == set(filed)
    Child(settings, "restore", str(tmp_path / "b.zip")).go().result()
    assert content(other) == content(app)
    assert whole(other)


def test_a_backup_without_files_is_put_back_as_ever(
    office: DeskOffice, app: Flask, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    office.register(date(2026, 9, 21))
    write(app, tmp_path / "b.zip")
    assert members(tmp_path / "b.zip") == {}
    other = elsewhere("sqlite")
    restore(other, tmp_path / "b.zip")
    assert content(other) == content(app)
    with other.app_context():
        from caseflow.files import store

        assert not store.folder().exists()
