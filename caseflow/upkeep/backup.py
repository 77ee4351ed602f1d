"""One file that holds the whole instance, written while it is in use; and putting it back.

A zip: each table as lines of JSON, the contents of the cases' files under their hashes, the instance's own
files, and a manifest with the SHA-256 of every member and the revision of the schema. The same file goes
into SQLite or PostgreSQL.
"""

from __future__ import annotations

import hashlib
import json
import struct
import tomllib
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import flask_migrate
from alembic.script import ScriptDirectory
from flask import current_app

from .. import keys
from ..db import db, resource, transaction
from ..files.whole import whole
from ..ledger import rehash
from ..search import index
from . import keyring, packing, portable, terms
from .snapshot import snapshot

FORMAT = 1
MANIFEST = "manifest.json"
KEY, KEYS, SETTINGS = "secret.key", "data.key", "caseflow.toml"
ELSEWHERE = frozenset({"DATABASE_URL", "FILES_URL"})
PIECE = 1024 * 1024  # bytes read at a time

# What a damaged zip can bring its reader to
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, KeyError, ValueError, TypeError,
    OverflowError, NotImplementedError, RuntimeError, OSError,
)  # fmt: skip


class Unusable(Exception):
    """The file can't be restored, or not here; nothing was written. The message says why."""


@dataclass(frozen=True)
class Manifest:
    """What the file says of itself."""

    format: int
    version: str  # of the program
    revision: str  # of the schema
    made_at: str
    rows: dict[str, int]  # by table
    members: dict[str, str]  # SHA-256 by name

    @property
    def contents(self) -> list[str]:
        """The members that are contents of the store."""
        return [name for name in self.members if name.startswith(packing.FOLDER)]

    @property
    def faulty(self) -> int:
        """How many contents were missing when it was made, or were not what their names say."""
        right = sum(name.endswith(f"/{self.members[name]}") for name in self.contents)
        return self.rows.get(packing.TABLE, 0) - right


# -- writing -------------------------------------------------------------------------------------


def write(
    path: Path, instance: Path, now: datetime, done: Callable[[int], object] = lambda size: None
) -> Manifest:
    """Write the whole instance as it stands now to a new file ``path``, mode 600.

    Nothing stands under that name until all of it does; ``done`` is told the bytes of contents read. A
    content that is missing or damaged hinders nothing: the manifest says how many are. Raises
    FileExistsError where something stood there already: an older backup is never lost to a newer one.
    Raises OSError.
    """
    with (
        whole(path, new=True) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive,
    ):
        session = snapshot()
        rows, members = {}, {}
        found = portable.tables(session)
        for table in found:
            name = _member(table.name)
            members[name], lines = _put(archive, name, portable.dump(session, table))
            rows[table.name] = lines - 1  # the first names the columns
        revision, hashes = portable.revision(session), packing.hashes(session, found)
        session.rollback()  # contents may take hours; what these rows name stays where it is
        for name in (KEY, SETTINGS):
            if (instance / name).is_file():
                members[name], _ = _put(archive, name, [(instance / name).read_bytes()])
        members[KEYS], _ = _put(archive, KEYS, [json.dumps(keys.ring().as_json()).encode()])
        for name, method, pieces in packing.members(hashes, done):
            members[name], _ = _put(archive, name, pieces, method)
        manifest = Manifest(FORMAT, version("caseflow"), revision, now.isoformat(), rows, members)
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
    return manifest


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"


def _put(
    archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes], method: int = zipfile.ZIP_DEFLATED
) -> tuple[str, int]:
    """Write one member; returns its hash and its number of lines."""
    digest, lines = hashlib.sha256(), 0
    archive.compression = method
    with archive.open(name, "w", force_zip64=True) as member:
        for piece in pieces:
            member.write(piece)
            digest.update(piece)
            lines += piece.count(b"\n")
    return digest.hexdigest(), lines


# -- putting back --------------------------------------------------------------------------------


def restore(path: Path, instance: Path) -> Manifest:
    """Put a backup into this empty instance: all of it or nothing.

    Every hash is checked before anything is written; contents are in the store before the first row tells
    of them. Raises Unusable, OSError.
    """
    with opened(path) as archive:
        manifest = check(archive)
        if not portable.is_empty(snapshot()):
            raise Unusable("这个实例里已经有数据，只能恢复到空的实例")
        if manifest.revision not in _revisions():
            raise Unusable(f"备份的数据库版本 {manifest.revision} 本程序不认识，请用更新的程序恢复")
        db.session.remove()
        flask_migrate.downgrade(revision=manifest.revision)  # nothing to lose: it is empty
        packing.put_back(archive, manifest.contents)
        with transaction() as session:
            if not portable.is_empty(session):
                raise Unusable("恢复期间有别的程序写入了数据")
            found = portable.tables(session)
            portable.clear(session, found)
            for table in found:
                with archive.open(_member(table.name)) as member:
                    portable.load(session, table, member)
            portable.restart_numbers(session, found)
            _put_back(archive, manifest, instance)
    db.session.remove()
    flask_migrate.upgrade()
    keyring.enrol(current_app.extensions["caseflow"]["settings"])
    terms.fill()
    rehash.fill()
    index.rebuild()
    db.session.remove()
    return manifest


def check(archive: zipfile.ZipFile) -> Manifest:
    """Read every member and compare its hash. Raises Unusable at the first that differs."""
    try:
        manifest = Manifest(**json.loads(archive.read(MANIFEST)))
        if manifest.format != FORMAT:
            raise Unusable(f"备份格式 {manifest.format} 本程序不认识")
        if {MANIFEST, *manifest.members} != set(archive.namelist()):
            raise Unusable("备份文件已损坏：内容与清单不一致")
        for name, expected in manifest.members.items():
            if _hash(archive, name) != expected:
                raise Unusable(f"备份文件已损坏：{name}")
    except UNREADABLE as error:
        raise Unusable("备份文件已损坏，读不出来；换一份备份") from error
    return manifest


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """A backup file for reading. Raises Unusable where it is no zip."""
    try:
        archive = zipfile.ZipFile(path)
    except UNREADABLE as error:
        raise Unusable("不是备份文件，或者已损坏；换一份备份") from error
    with archive:
        yield archive


def _hash(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as member:
        while piece := member.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _revisions() -> set[str]:
    scripts = ScriptDirectory(str(resource("migrations")))
    return {script.revision for script in scripts.walk_revisions()}


def _put_back(archive: zipfile.ZipFile, manifest: Manifest, instance: Path) -> None:
    """The key as it was, what was sealed with it can be opened; settings only where none stand and only if they
    name no other database or store."""
    if KEYS in manifest.members:
        keyring.take_over(
            keys.from_json(json.loads(archive.read(KEYS))), current_app.extensions["caseflow"]["settings"]
        )
    if KEY in manifest.members:
        _replace(instance / KEY, archive.read(KEY))
    if SETTINGS in manifest.members:
        content = archive.read(SETTINGS)
        stands = (instance / SETTINGS).exists() or bool(ELSEWHERE & tomllib.loads(content.decode()).keys())
        _replace(instance / (f"{SETTINGS}.restored" if stands else SETTINGS), content)


def _replace(path: Path, content: bytes) -> None:
    with whole(path) as file:
        file.write(content)
