"""The store: each content once, in full or not at all, under a name that nobody can choose."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from caseflow import create_app
from caseflow.config import Settings
from caseflow.files import store

CONTENT = "某路改造工程结算审核报告".encode() * 1000


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """An application that asks its database nothing."""
    made = create_app(Settings(tmp_path, f"sqlite:///{tmp_path / 'none.sqlite3'}", "k" * 40, testing=True))
    with made.app_context():
        yield made


def everything() -> list[Path]:
    return [path for path in store.folder().rglob("*") if path.is_file()]


@pytest.mark.usefixtures("app")
def test_what_is_kept_is_read_back_as_it_was() -> None:
    kept = store.keep(io.BytesIO(CONTENT))
    assert (kept.sha256, kept.size) == (hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))
    with store.open_kept(kept.sha256) as file:
        assert file.read() == CONTENT
    assert store.measured(kept.sha256) == kept


@pytest.mark.usefixtures("app")
def test_the_same_content_twice_is_stored_once() -> None:
    first, again = store.keep(io.BytesIO(CONTENT)), store.keep(io.BytesIO(CONTENT))
    assert first == again
    assert list(store.all_kept()) == [first.sha256]
    assert len(everything()) == 1


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("name", ["", "../../secret.key", "a" * 63, "A" * 64, "/etc/passwd", "a" * 64])
def test_only_a_hash_opens_anything(name: str) -> None:
    with pytest.raises(store.Missing):
        store.open_kept(name)


@pytest.mark.usefixtures("app")
def test_a_full_disk_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.keep(io.BytesIO(CONTENT))
    assert everything() == []


@pytest.mark.usefixtures("app")
def test_a_source_that_breaks_off_leaves_nothing() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise ConnectionError("gone")
            return super().read(5)

    with pytest.raises(ConnectionError):
        store.keep(Broken(CONTENT))
    assert everything() == []


@pytest.mark.usefixtures("app")
def test_nobody_else_on_the_machine_reads_the_store() -> None:
    kept = store.keep(io.BytesIO(CONTENT))
    place = store.folder() / kept.sha256[:2] / kept.sha256
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(store.folder().stat().st_mode) == 0o700


@pytest.mark.usefixtures("app")
def test_a_content_changed_on_the_disk_is_found_out() -> None:
    kept = store.keep(io.BytesIO(CONTENT))
    (store.folder() / kept.sha256[:2] / kept.sha256).write_bytes(b"other")
    assert store.measured(kept.sha256) != kept


# --- what is left over -------------------------------------------------------------------------------------

LONG_AGO = datetime(2026, 9, 1, tzinfo=UTC)


def lie_since(name: str, moment: datetime) -> None:
    place = store.folder() / (name if name.startswith(store.PART) else f"{name[:2]}/{name}")
    os.utime(place, (moment.timestamp(), moment.timestamp()))


@pytest.mark.usefixtures("app")
def test_a_damaged_content_that_comes_in_again_is_whole_again() -> None:
    kept = store.keep(io.BytesIO(CONTENT))
    (store.folder() / kept.sha256[:2] / kept.sha256).write_bytes(b"other")
    store.keep(io.BytesIO(CONTENT))
    assert store.measured(kept.sha256) == kept


@pytest.mark.usefixtures("app")
def test_contents_are_told_apart_from_parts_and_from_what_somebody_put_there() -> None:
    names = sorted(store.keep(io.BytesIO(bytes([n]))).sha256 for n in range(20))
    (store.folder() / ".part-1").write_bytes(b"half")
    (store.folder() / "00").mkdir(exist_ok=True)
    (store.folder() / "00" / "note.txt").write_bytes(b"x")
    assert list(store.all_kept()) == names
    assert list(store.all_parts()) == [".part-1"]


@pytest.mark.usefixtures("app")
def test_an_empty_store_holds_nothing() -> None:
    assert [*store.all_kept(), *store.all_parts()] == []


@pytest.mark.usefixtures("app")
def test_what_lies_there_says_its_size_and_when_it_was_written() -> None:
    kept = store.keep(io.BytesIO(CONTENT))
    lie_since(kept.sha256, LONG_AGO)
    assert store.lying(kept.sha256) == store.Lying(kept.sha256, len(CONTENT), LONG_AGO)
    with pytest.raises(store.Missing):
        store.lying("a" * 64)


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("name", ["../secret.key", ".part-/../../secret.key", "secret.key", ""])
def test_only_what_lies_in_the_store_is_discarded(name: str) -> None:
    key = store.folder().parent / "secret.key"
    key.write_text("key")
    store.keep(io.BytesIO(CONTENT))
    (store.folder() / ".part-").mkdir()
    with pytest.raises(store.Missing):
        store.discard(name)
    assert key.exists()


@pytest.mark.usefixtures("app")
def test_what_was_written_since_is_not_discarded_and_stays_whole() -> None:
    kept = store.keep(io.BytesIO(CONTENT))
    lie_since(kept.sha256, LONG_AGO)
    assert store.discard(kept.sha256, before=LONG_AGO) is False
    assert store.measured(kept.sha256) == kept
    assert store.lying(kept.sha256).since == LONG_AGO
    assert store.discard(kept.sha256, before=LONG_AGO + timedelta(seconds=1)) is True
    assert everything() == []
    assert store.discard(kept.sha256) is False


@pytest.mark.usefixtures("app")
def test_a_content_kept_anew_just_before_it_would_go_stays() -> None:
    """An old one that nobody wanted comes in again, and its row is on the way."""
    kept = store.keep(io.BytesIO(CONTENT))
    lie_since(kept.sha256, LONG_AGO)
    store.keep(io.BytesIO(CONTENT))
    assert store.discard(kept.sha256, before=LONG_AGO + timedelta(days=1)) is False
    assert store.measured(kept.sha256) == kept


@pytest.mark.usefixtures("app")
def test_a_content_kept_anew_while_it_goes_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = store.keep(io.BytesIO(CONTENT))
    lie_since(kept.sha256, LONG_AGO)
    unlink = Path.unlink

    def meanwhile(path: Path, missing_ok: bool = False) -> None:
        monkeypatch.undo()
        store.keep(io.BytesIO(CONTENT))
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", meanwhile)
    assert store.discard(kept.sha256, before=LONG_AGO + timedelta(days=1)) is True
    assert store.measured(kept.sha256) == kept
    assert len(everything()) == 1
