"""An office whose files lie in an S3-compatible store: upkeep, folders and pages, also while it is away."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.office import DeskOffice, seq
from tests.support.pages import Desk
from tests.upkeep.desk import busy, put_in
from tests.upkeep.test_backup import NOW, restore, verified, write
from tests.upkeep.test_contents import contents
from tests.upkeep.test_verify import differences

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from caseflow.config import Settings
    from tests.conftest import MakeApp
    from tests.support.s3 import S3Server
    from tests.upkeep.conftest import Elsewhere

pytestmark = pytest.mark.xdist_group("s3")


@pytest.fixture
def app(make_app: MakeApp, settings: Settings, s3: S3Server) -> Flask:
    return make_app(replace(settings, files=s3.bucket()))


def left_over(after: timedelta) -> list[str]:
    from caseflow import moment
    from caseflow.upkeep import sweep

    return [one.name for one in sweep.left_over(moment.now() + after)]


def test_a_backup_of_one_store_goes_into_the_other_and_nothing_is_lost(
    office: DeskOffice, app: Flask, elsewhere: Elsewhere, s3: S3Server, tmp_path: Path
) -> None:
    from caseflow.files import store
    from caseflow.folders.packing import pack
    from caseflow.folders.plan import plan
    from caseflow.upkeep import backup, packing

    case = busy(office)["sued"]
    mine = put_in(office, case, b"%PDF-" + bytes(3 << 20), b"%PDF- small")
    stray = store.keep(io.BytesIO(b"left over")).sha256
    assert not store.folder().exists()
    assert differences() == contents() == []
    pack(plan(case), io.BytesIO())
    assert left_over(timedelta(hours=23)) == []
    assert left_over(timedelta(hours=25)) == [stray]
    write(app, tmp_path / "b.zip")

    other = elsewhere("sqlite")
    restore(other, tmp_path / "b.zip")
    assert verified(other)
    with other.app_context():
        assert contents() == []
        assert store.folder().exists()
        assert set(mine) <= set(store.all_kept())

    # a trial that fails, into a bucket that somebody else uses, takes nothing of theirs away
    keep, before, calls = store.keep, list(store.all_kept()), []

    def full(source: Any) -> store.Kept:
        calls.append(keep(source))
        if len(calls) == 3:
            raise OSError("full")
        return calls[-1]

    with backup.opened(tmp_path / "b.zip") as (archive, _), pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "keep", full)
        with pytest.raises(OSError, match="full"):
            packing.put_back(archive, [name for name in archive.namelist() if name.startswith("files/")])
    assert list(store.all_kept()) == before
    assert contents() == []


def test_a_store_that_is_away_is_said_and_changes_nothing(
    office: DeskOffice, app: Flask, s3: S3Server, tmp_path: Path
) -> None:
    from caseflow.files.store import Unreachable
    from caseflow.upkeep import backup

    case = office.accepted(date(2026, 9, 21))
    put_in(office, case, b"%PDF-1.7 scan")
    last, desk = seq(case), Desk(app.test_client())
    desk.enter("clerk-ssfb")
    assert desk.get(f"/cases/{case}/files/1").response.data == b"%PDF-1.7 scan"
    desk.get(f"/cases/{case}/files")
    s3.down()
    try:
        page = desk.submit({"kind": "request", "files": [(io.BytesIO(b"%PDF-1.7"), "a.pdf")], "note": "来信"})
        assert page.status == 422
        assert any("文件存储暂时连不上" in error for error in page.errors)
        assert "来信" in page.one("textarea").text
        page = desk.get(f"/cases/{case}/files/1")
        assert page.status == 503
        assert "文件存储暂时连不上" in page.text
        # neither is mistaken for files that are lost
        for ask in (contents, lambda: backup.write(tmp_path / "b.zip", tmp_path, NOW)):
            with pytest.raises(Unreachable):
                ask()
    finally:
        s3.up()
    assert not (tmp_path / "b.zip").exists()
    assert seq(case) == last
    assert contents() == []
