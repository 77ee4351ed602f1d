"""The store: each content once, in full or not at all, under a name that nobody can choose; as folder and as bucket."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from flask import Flask

from caseflow import create_app
from caseflow.config import ObjectStore, Settings
from caseflow.files import store
from caseflow.files.bucket import Bucket
from tests.support.s3 import S3Server, client

# One worker takes all of these, and starts one S3 server.
pytestmark = pytest.mark.xdist_group("s3")

CONTENT = "某路改造工程结算审核报告".encode() * 1000
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory, s3: S3Server) -> dict[str, Flask]:
    """An application of each kind, that ask their databases nothing."""
    instance = tmp_path_factory.mktemp("instance")
    url = f"sqlite:///{instance / 'none.sqlite3'}"
    settings = Settings(instance, url, "k" * 40, testing=True)
    made = {"folder": settings, "bucket": replace(settings, files=s3.bucket("宗卷/2026"))}
    return {kind: create_app(each) for kind, each in made.items()}


@pytest.fixture(params=["folder", "bucket"])
def app(request: pytest.FixtureRequest, apps: dict[str, Flask]) -> Iterator[Flask]:
    """The application, its store empty."""
    with apps[request.param].app_context():
        yield apps[request.param]
        for path in everything():
            take_away(path)


@pytest.fixture
def in_folder(apps: dict[str, Flask]) -> Iterator[None]:
    with apps["folder"].app_context():
        yield
        for path in everything():
            take_away(path)


def bucket() -> tuple[Any, ObjectStore] | None:
    """Somebody else at the bucket, or None where there is only a folder."""
    place = store._settings().files
    return (client(place), place) if place else None


def everything() -> list[str]:
    """All files or objects, whatever they are."""
    if away := bucket():
        held, place = away
        return [one["Key"] for one in held.list_objects_v2(Bucket=place.bucket).get("Contents", ())]
    return [str(path) for path in store.folder().rglob("*") if path.is_file()]


def take_away(name: str) -> None:
    if away := bucket():
        away[0].delete_object(Bucket=away[1].bucket, Key=name)
    else:
        Path(name).unlink()


def damage(name: str) -> None:
    """Somebody writes other bytes where a content lies."""
    if away := bucket():
        away[0].put_object(Bucket=away[1].bucket, Key=name, Body=b"other")
    else:
        Path(name).write_bytes(b"other")


def keep(content: bytes = CONTENT) -> store.Kept:
    return store.keep(io.BytesIO(content))


@pytest.mark.usefixtures("app")
def test_what_is_kept_is_read_back_as_it_was_and_lies_there_once() -> None:
    assert [*store.all_kept(), *store.all_parts()] == []
    large = CONTENT * 40  # more than a piece
    kept, before = keep(large), datetime.now(UTC) - timedelta(minutes=1)
    assert (kept.sha256, kept.size) == (hashlib.sha256(large).hexdigest(), len(large))
    with store.open_kept(kept.sha256) as file:
        assert file.read() == large
        file.seek(5)
        assert file.read(3) == large[5:8]
    found = store.lying(kept.sha256)
    assert (found.name, found.size) == (kept.sha256, len(large))
    assert before < found.since < before + timedelta(minutes=2)
    assert keep(large) == kept == store.measured(kept.sha256)
    assert list(store.all_kept()) == [kept.sha256]
    assert len(everything()) == 1


@pytest.mark.usefixtures("app")
def test_only_a_hash_of_what_is_there_opens_anything() -> None:
    keep()
    for name in ("", "../../secret.key", "a" * 63, "A" * 64, "/etc/passwd", "a" * 64, "a" * 64 + "/"):
        for ask in (store.open_kept, store.lying, store.measured):
            with pytest.raises(store.Missing):
                ask(name)


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
def test_a_damaged_content_is_found_out_and_whole_again_once_it_comes_in_again() -> None:
    kept = keep()
    damage(everything()[0])
    assert store.measured(kept.sha256) != kept
    keep()
    assert store.measured(kept.sha256) == kept
    assert len(everything()) == 1


@pytest.mark.usefixtures("app")
def test_all_contents_are_told_in_order_and_apart_from_what_somebody_put_there() -> None:
    names = sorted(keep(bytes([n])).sha256 for n in range(8))
    if away := bucket():
        for key in ("宗卷/2026/note.txt", f"宗卷/2026x/{'a' * 64}/1", f"宗卷/2026/{'a' * 63}/1"):
            away[0].put_object(Bucket=away[1].bucket, Key=key, Body=b"x")
    else:
        (store.folder() / ".part-1").write_bytes(b"half")
        (store.folder() / "00").mkdir(exist_ok=True)
        (store.folder() / "00" / "note.txt").write_bytes(b"x")
    assert list(store.all_kept()) == names
    assert list(store.all_parts()) == ([] if away else [".part-1"])


# --- what is left over -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("app")
def test_only_what_lies_in_the_store_is_discarded() -> None:
    key = store.folder().parent / "secret.key"
    key.write_text("key")
    kept = keep()
    for name in ("../secret.key", ".part-/../../secret.key", "secret.key", "", "a" * 63):
        with pytest.raises(store.Missing):
            store.discard(name)
    assert key.exists()
    assert list(store.all_kept()) == [kept.sha256]


@pytest.mark.usefixtures("app")
def test_what_was_written_since_is_not_discarded_and_stays_whole() -> None:
    kept = keep()
    since = store.lying(kept.sha256).since
    assert store.discard(kept.sha256, before=since) is False
    assert store.measured(kept.sha256) == kept
    assert store.lying(kept.sha256).since == since
    assert store.discard(kept.sha256, before=since + timedelta(seconds=1)) is True
    assert everything() == []
    assert store.discard(kept.sha256) is False


@pytest.mark.usefixtures("app")
def test_a_content_kept_anew_while_it_goes_stays(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """An old one that nobody wanted comes in again, and its row is on the way."""
    kept = keep()
    before = store.lying(kept.sha256).since + DAY
    if bucket():
        meanwhile(monkeypatch, the_bucket(app), "_objects")
    else:
        meanwhile(monkeypatch, Path, "unlink", first=True)
    assert store.discard(kept.sha256, before=before) is True
    assert store.measured(kept.sha256) == kept
    assert len(everything()) == 1


def meanwhile(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, first: bool = False) -> None:
    """Somebody keeps the same content just after a step of the store is done, or just before (``first``)."""
    do = getattr(owner, name)

    def step(*words: Any, **more: Any) -> Any:
        monkeypatch.undo()
        if first:
            keep()
            return do(*words, **more)
        done = do(*words, **more)
        keep()
        return done

    monkeypatch.setattr(owner, name, step)


def the_bucket(app: Flask) -> Bucket:
    made: list[Bucket] = list(app.extensions["caseflow"]["buckets"].values())
    return made[0]


# --- what only a folder knows ------------------------------------------------------------------------------


@pytest.mark.usefixtures("in_folder")
def test_a_full_disk_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        keep()
    assert everything() == []


@pytest.mark.usefixtures("in_folder")
def test_nobody_else_on_the_machine_reads_the_store() -> None:
    kept = keep()
    place = store.folder() / kept.sha256[:2] / kept.sha256
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(store.folder().stat().st_mode) == 0o700


# --- what only a bucket knows ------------------------------------------------------------------------------


@pytest.fixture
def in_bucket(apps: dict[str, Flask]) -> Iterator[Bucket]:
    with apps["bucket"].app_context():
        keep(b"first")
        yield the_bucket(apps["bucket"])
        for path in everything():
            take_away(path)


def test_two_that_keep_the_same_at_once_take_nothing_of_each_other_away(
    in_bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep()
    # the other does all of it after my look, or after I wrote
    for owner, name in ((in_bucket, "_objects"), (in_bucket.client, "put_object")):
        meanwhile(monkeypatch, owner, name)
        kept = keep()
        assert store.measured(kept.sha256) == kept
        assert list(store.all_kept()).count(kept.sha256) == 1
    keep()
    assert len([key for key in everything() if kept.sha256 in key]) == 1


def test_a_content_that_is_kept_anew_while_it_is_opened_is_opened(
    in_bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = keep()
    meanwhile(monkeypatch, in_bucket, "_newest")
    assert store.measured(kept.sha256) == kept


def test_a_server_that_is_away_or_refuses_is_not_a_content_that_is_missing(
    in_bucket: Bucket, s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = keep()
    asked: list[Callable[[], object]] = [
        keep,
        lambda: store.open_kept(kept.sha256),
        lambda: store.lying(kept.sha256),
        lambda: list(store.all_kept()),
        lambda: store.discard(kept.sha256),
    ]
    s3.down()
    try:
        for ask in asked:
            with pytest.raises(store.Unreachable, match="文件存储连不上"):
                ask()
    finally:
        s3.up()
    monkeypatch.setattr(in_bucket, "bucket", "another-one")
    for ask in asked:
        with pytest.raises(store.Unreachable, match="文件存储不接受：NoSuchBucket"):
            ask()
    monkeypatch.undo()
    assert store.measured(kept.sha256) == kept


def test_over_tls_too_the_bytes_are_signed_and_what_is_young_in_any_copy_stays() -> None:
    sent, sha256 = [], hashlib.sha256(CONTENT).hexdigest()
    old, young = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 3, tzinfo=UTC)
    copies = "".join(
        f"<Contents><Key>{sha256}/{n}</Key><LastModified>{since.isoformat()}</LastModified><Size>1</Size></Contents>"
        for n, since in enumerate((old, young))
    )

    def answer(request: Any, **_: Any) -> AWSResponse:
        sent.append((request.method, request.headers.get("X-Amz-Content-SHA256")))
        page = f"<ListBucketResult>{copies if request.method == 'GET' else ''}</ListBucketResult>"
        return AWSResponse(request.url, 200, {}, SimpleNamespace(stream=lambda: [page.encode()]))

    there = Bucket(ObjectStore("gk", "", "https://s3.example.cn", "cn-1", "gk", "geheim"))
    there.client.meta.events.register("before-send.s3", answer)
    assert not there.discard(sha256, before=young)
    assert "DELETE" not in [method for method, _ in sent]
    there.keep(io.BytesIO(CONTENT))
    assert ("PUT", sha256.encode()) in sent
    assert there.discard(sha256, before=young + DAY)
