"""The store: each content once, in full or not at all, under a name that nobody can choose."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
from collections.abc import Iterator
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
    assert store.digest_of(kept.sha256) == kept.sha256


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
    assert store.digest_of(kept.sha256) != kept.sha256
