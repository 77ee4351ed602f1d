"""One file that holds everything, taken while people work, put back whole or not at all, on either engine."""

from __future__ import annotations

import hashlib
import json
import random
import stat
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from tests.support import states
from tests.support.children import Child
from tests.support.office import row
from tests.upkeep.desk import busy

if TYPE_CHECKING:
    from flask import Flask

    from caseflow.config import Settings
    from tests.support.office import DeskOffice
    from tests.upkeep.conftest import Elsewhere

NOW = datetime(2026, 10, 26, 1, tzinfo=UTC)


def write(app: Flask, path: Path) -> None:
    from caseflow.upkeep import backup

    with app.app_context():
        backup.write(path, Path(app.instance_path), NOW)


def restore(app: Flask, path: Path) -> None:
    from caseflow.upkeep import backup

    with app.app_context():
        backup.restore(path, Path(app.instance_path))


def refuse(app: Flask, path: Path, why: str) -> None:
    """Restoring is refused with this reason, and the instance stays empty."""
    from caseflow.upkeep import backup

    before = content(app)
    with pytest.raises(backup.Unusable, match=why):
        restore(app, path)
    assert content(app) == before


def content(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    from caseflow.db import Base, db

    with app.app_context():
        tables = Base.metadata.sorted_tables
        return {t.name: sorted(map(tuple, db.session.execute(select(t))), key=str) for t in tables}


def verified(app: Flask) -> bool:
    from caseflow.upkeep import indexed, verify

    with app.app_context():
        return [*verify.differences(), *indexed.differences()] == []


def work(office: DeskOffice, files: bool = True) -> None:
    """A busy desk with its alerts, some acknowledged, and an office tree whose branch is older than its root."""
    states.made_once(f"work {office} {files}", lambda: _work(office, files))


def _work(office: DeskOffice, files: bool) -> None:
    from caseflow.alerts import inbox, ladder, lease
    from caseflow.calendars import store
    from caseflow.db import transaction
    from caseflow.models import Office
    from tests.support.office import found

    busy(office, files)
    lease.take("a process")
    ladder.make_pass(date(2026, 10, 26), NOW, store.current())
    inbox.acknowledge_all(office.people["clerk"], date(2026, 10, 26), store.current(), NOW)
    root = found(code="SHI", name="市政府")
    with transaction() as session:
        session.get_one(Office, office.id).parent_id = root.id


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_backup_put_back_on_either_engine_holds_every_row(
    office: DeskOffice, app: Flask, elsewhere: Elsewhere, tmp_path: Path, engine: str
) -> None:
    work(office)
    write(app, tmp_path / "b.zip")
    other = elsewhere(engine)
    restore(other, tmp_path / "b.zip")
    assert content(other) == content(app)
    assert verified(other)
    with other.app_context():  # and one can go on working there
        assert row(office.register(date(2026, 10, 26))).number == "2026-9"
    assert verified(other)


def test_a_backup_is_for_its_owner_alone(office: DeskOffice, app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    write(app, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not zipfile.is_zipfile(path)
    assert sorted(p.name for p in tmp_path.iterdir() if "b.zip" in p.name) == ["b.zip", "b.zip.key"]


def test_a_backup_never_replaces_what_stands_there(office: DeskOffice, app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    path.write_text("an older one")
    with pytest.raises(FileExistsError):
        write(app, path)
    assert path.read_text() == "an older one"
    assert [p.name for p in tmp_path.iterdir() if "b.zip" in p.name] == ["b.zip"]


def test_of_two_backups_to_one_name_the_later_gives_way(
    office: DeskOffice, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.zip"

    def meanwhile(name: str) -> str:
        path.write_text("the earlier one")
        return version(name)

    monkeypatch.setattr("caseflow.upkeep.backup.version", meanwhile)
    with pytest.raises(FileExistsError):
        write(app, path)
    assert path.read_text() == "the earlier one"
    assert [p.name for p in tmp_path.iterdir() if "b.zip" in p.name] == ["b.zip"]


def backups_while(children: list[Child], app: Flask, folder: Path) -> list[Path]:
    """The backups taken one after the other while children are at work, three at most; all have ended then."""
    for child in children:
        child.go()
    taken: list[Path] = []
    while len(taken) < 3 and any(child.is_alive() for child in children):
        taken.append(folder / f"{len(taken)}.zip")
        write(app, taken[-1])
    for child in children:
        child.result()
    return taken


def test_a_backup_taken_while_others_register_is_one_moment_of_it(
    office: DeskOffice, app: Flask, settings: Settings, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    from caseflow.db import db

    busy(office)
    db.session.rollback()
    children = [Child(settings, "register", asdict(office), "2026-10-23", 10) for _ in range(2)]
    taken = backups_while(children, app, tmp_path)
    sizes = []
    for path in taken[::2]:
        other = elsewhere("sqlite")
        restore(other, path)
        assert verified(other)
        sizes.append(len(content(other)["case"]))
    assert sizes == sorted(sizes)
    assert len(content(app)["case"]) == 28


def test_nothing_is_put_into_an_instance_that_holds_something(
    office: DeskOffice, app: Flask, tmp_path: Path
) -> None:
    work(office)
    write(app, tmp_path / "b.zip")
    refuse(app, tmp_path / "b.zip", "已经有数据")


def test_what_a_machine_does_by_itself_before_anyone_works_is_no_hindrance(
    office: DeskOffice, app: Flask, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    from caseflow.alerts import ladder, lease
    from caseflow.calendars import store

    work(office)
    write(app, tmp_path / "b.zip")
    other = elsewhere("sqlite")
    with other.app_context():
        lease.take("another process")
        ladder.make_pass(date(2026, 10, 26), NOW, store.current())
    restore(other, tmp_path / "b.zip")
    assert content(other) == content(app)


# --- damage ------------------------------------------------------------------------------------------------


_written: dict[str, tuple[bytes, str]] = {}


@pytest.fixture
def whole(office: DeskOffice, app: Flask, tmp_path: Path) -> Path:
    """A backup of a busy desk, which is the same desk each time."""
    from caseflow.db import dialect

    path, key = tmp_path / "b.zip", tmp_path / "b.zip.key"
    work(office)
    if dialect() not in _written:
        write(app, path)
        _written[dialect()] = path.read_bytes(), key.read_text()
    else:
        path.write_bytes(_written[dialect()][0])
        key.write_text(_written[dialect()][1])
        key.chmod(0o600)
    return path


Change = Callable[[dict[str, bytes]], None]


def remade(path: Path, change: Change) -> Path:
    """A sound zip with other members, not encrypted, as the first programs made them."""
    from caseflow.upkeep import backup

    with backup.opened(path) as (archive, _):
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    other = path.with_name("other.zip")
    with zipfile.ZipFile(other, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return other


def test_a_truncated_file_is_refused_wherever_it_was_cut(whole: Path, elsewhere: Elsewhere) -> None:
    other, data = elsewhere("sqlite"), whole.read_bytes()
    for length in (0, 1, 100, len(data) // 2, len(data) - 30, len(data) - 1):
        whole.write_bytes(data[:length])
        refuse(other, whole, "已损坏")


def test_a_file_with_a_bit_flipped_is_refused_wherever_it_is(whole: Path) -> None:
    from caseflow.upkeep import backup

    assert backup.prove(whole).rows["case"] == 8
    data, chance = whole.read_bytes(), random.Random(7)
    for place in (0, 20, 40, *(chance.randrange(len(data)) for _ in range(40))):
        whole.write_bytes(data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :])
        with pytest.raises(backup.Unusable):
            backup.prove(whole)


def test_a_backup_is_nothing_without_its_own_key_and_the_key_holds_those_of_the_installation(
    whole: Path, app: Flask, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    from caseflow import keys

    key = whole.with_name("b.zip.key")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert "林国栋".encode() not in whole.read_bytes()
    told = key.read_text()
    assert keys.read(Path(app.instance_path) / "data.key").current.secret.hex() in told
    other = elsewhere("sqlite")
    key.unlink()
    refuse(other, whole, r"找不到 b\.zip\.key：备份是加密的")
    for broken in ("", "{}", told.replace('"backup"', '"else"')):
        key.write_text(broken)
        refuse(other, whole, r"b\.zip\.key 读不出来")
    write(app, tmp_path / "c.zip")
    key.write_text((tmp_path / "c.zip.key").read_text())
    refuse(other, whole, r"b\.zip\.key 不是这份备份的密钥文件")
    key.write_text(told)
    before = keys.read(Path(other.instance_path) / "data.key").current.id
    restore(other, whole)
    after = keys.read(Path(other.instance_path) / "data.key")
    assert (after.current.id, set(after.keys)) == ("tests", {"tests", before})
    (tmp_path / "d.zip.key").write_text("of another one")
    with pytest.raises(FileExistsError):
        write(app, tmp_path / "d.zip")
    assert not (tmp_path / "d.zip").exists()


def test_a_backup_made_while_keys_are_turned_or_forgotten_has_every_key_it_needs(
    whole: Path, app: Flask, elsewhere: Elsewhere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process turns just before the database is read, or forgets just behind: this one hasn't looked yet."""
    from caseflow import keys
    from caseflow.db import transaction
    from caseflow.models import SealingKey
    from caseflow.upkeep import backup, keyring
    from caseflow.upkeep.snapshot import snapshot

    file = Path(app.instance_path) / "data.key"
    first, read = keys.read(file), snapshot
    turned = first.with_new()

    def turn_first() -> Any:
        keys.write(file, turned)
        with transaction() as session:
            session.add(SealingKey(id=turned.current.id, fingerprint=turned.current.fingerprint))
        return read()

    def forget_behind() -> Any:
        session = read()
        session.execute(select(SealingKey)).all()
        keys.write(file, turned.without({"tests"}))
        return session

    for name, meanwhile in (("turned", turn_first), ("forgotten", forget_behind)):
        with monkeypatch.context() as patch:
            patch.setattr(keyring, "snapshot", meanwhile)
            write(app, tmp_path / name)
        assert json.loads((tmp_path / f"{name}.key").read_text())["data"] == turned.as_json()
        backup.prove(tmp_path / name)
    other = elsewhere("sqlite")
    restore(other, tmp_path / "turned")
    with other.app_context():
        assert list(keyring.differences()) == []
    with pytest.raises(backup.Unusable, match=r"data\.key 不是写这个数据库用的那一个（缺密钥 tests）"):
        write(app, tmp_path / "lacking")
    assert list(tmp_path.glob("*lacking*")) == []


def test_the_key_file_of_a_backup_is_held_against_it_before_anything_is_written(
    whole: Path, app: Flask, elsewhere: Elsewhere
) -> None:
    from caseflow import keys
    from caseflow.upkeep import backup

    key, other = whole.with_name("b.zip.key"), elsewhere("sqlite")
    told = json.loads(key.read_text())
    stranger = keys.Key("tests", b"x" * 32)  # of the same name
    for ring in (keys.fresh(), keys.Ring(stranger, {"tests": stranger})):
        key.write_text(json.dumps(told | {"data": ring.as_json()}))
        with pytest.raises(backup.Unusable, match=r"\.key 不是这份备份的密钥文件，或者缺密钥 tests"):
            backup.prove(whole)
        before = (Path(other.instance_path) / "data.key").read_text()
        refuse(other, whole, r"\.key 不是这份备份的密钥文件，或者缺密钥 tests")
        assert (Path(other.instance_path) / "data.key").read_text() == before
    key.write_text(json.dumps(told | {"data": keys.fresh().as_json()}))
    (Path(other.instance_path) / "data.key").write_text((Path(app.instance_path) / "data.key").read_text())
    with other.app_context():
        keys.kept().look()
    restore(other, whole)  # with the key that the installation had
    assert verified(other)


def test_a_member_that_was_changed_lost_or_added_is_refused(whole: Path, elsewhere: Elsewhere) -> None:
    def change(members: dict[str, bytes]) -> None:
        members["tables/case.jsonl"] = members["tables/case.jsonl"].replace(b"handle", b"archive")

    def lose(members: dict[str, bytes]) -> None:
        del members["tables/event.jsonl"]

    def add(members: dict[str, bytes]) -> None:
        members["../../secret.key"] = b"x"

    def without_manifest(members: dict[str, bytes]) -> None:
        del members["manifest.json"]

    other = elsewhere("sqlite")
    for damage in (change, lose, add, without_manifest):
        refuse(other, remade(whole, damage), "已损坏")


def test_a_file_of_a_later_program_is_refused(whole: Path, elsewhere: Elsewhere) -> None:
    def say(**words: Any) -> Change:
        def change(members: dict[str, bytes]) -> None:
            members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | words).encode()

        return change

    other = elsewhere("sqlite")
    refuse(other, remade(whole, say(revision="9999")), "9999")
    refuse(other, remade(whole, say(format=3)), "备份格式 3")


# --- what else may come between ----------------------------------------------------------------------------


def test_a_backup_of_an_older_schema_is_put_back_and_migrated(
    office: DeskOffice, app: Flask, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """At revision 0002 the holiday notices were not in the database yet, nor the files of cases."""
    import flask_migrate

    from caseflow.db import db

    work(office, files=False)
    before = content(app)
    db.session.remove()
    flask_migrate.downgrade(revision="0002")
    write(app, tmp_path / "b.zip")

    def of_its_time(members: dict[str, bytes]) -> None:
        told = json.loads(members["manifest.json"])
        members["secret.key"] = b"s" * 64
        told["members"]["secret.key"] = hashlib.sha256(members["secret.key"]).hexdigest()
        members["manifest.json"] = json.dumps(told | {"format": 1}).encode()

    other, older = elsewhere("sqlite"), remade(tmp_path / "b.zip", of_its_time)
    restore(other, older)
    assert (Path(other.instance_path) / "secret.key").read_bytes() == b"s" * 64
    after = content(other)
    for rows in (before, after):
        del rows["calendar_year"]  # says when it was entered
        del rows["sealing_key"]  # what stood in clear is sealed, and hashed, with the key of this one
        rows["identity"] = [identity[:3] for identity in rows["identity"]]
        rows["office"] = [office[:4] for office in rows["office"]]  # no word on its letters yet
    assert after == before
    assert verified(other)


def test_a_restore_killed_before_its_commit_leaves_the_instance_empty_and_can_be_repeated(
    whole: Path, app: Flask, elsewhere: Elsewhere, request: pytest.FixtureRequest
) -> None:
    other = elsewhere(request.node.callspec.params["database_url"])
    settings = other.extensions["caseflow"]["settings"]
    Child(settings, "killed_at", "INSERT INTO proceeding", "restore", str(whole)).go().killed()
    assert content(other)["case"] == content(other)["event"] == []
    assert Child(settings, "restore", str(whole)).go().result()["case"] == 8
    assert content(other) == content(app)


def test_a_backup_killed_half_way_leaves_nothing_under_its_name(
    office: DeskOffice, settings: Settings, tmp_path: Path
) -> None:
    work(office)
    path = tmp_path / "b.zip"
    Child(settings, "killed_at", "FROM particulars", "write_backup", str(path)).go().killed()
    assert not path.exists()


def test_the_key_and_the_settings_come_back_unless_they_would_mislead(
    office: DeskOffice, app: Flask, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    instance = Path(app.instance_path)
    (instance / "secret.key").write_text("k" * 64)
    for stands, words, expected in (
        (None, "BEHIND_TLS = true\n", {"caseflow.toml": "BEHIND_TLS = true\n"}),
        (None, 'DATABASE_URL = "x"\n', {"caseflow.toml.restored": 'DATABASE_URL = "x"\n'}),
        (None, 'FILES_URL = "s3://b"\n', {"caseflow.toml.restored": 'FILES_URL = "s3://b"\n'}),
        ("# mine\n", "# other\n", {"caseflow.toml": "# mine\n", "caseflow.toml.restored": "# other\n"}),
    ):
        (instance / "caseflow.toml").write_text(words)
        for name in ("b.zip", "b.zip.key"):
            (tmp_path / name).unlink(missing_ok=True)
        write(app, tmp_path / "b.zip")
        folder = Path((other := elsewhere("sqlite")).instance_path)
        if stands:
            (folder / "caseflow.toml").write_text(stands)
        restore(other, tmp_path / "b.zip")
        assert {p.name: p.read_text() for p in folder.glob("caseflow.toml*")} == expected
        assert (folder / "secret.key").read_text() == "k" * 64
        assert stat.S_IMODE((folder / "secret.key").stat().st_mode) == 0o600
