"""One file that holds the whole instance, written while it is in use; and putting it back.

A zip: each table as lines of JSON, the contents of the cases' files under their hashes, the instance's settings, and a
manifest with the SHA-256 of every member and the revision of the schema; encrypted as a whole (``sealed``), with the keys
apart (``apart``). The same file goes into SQLite or PostgreSQL. Those of format 1 were not encrypted and held the key
of sessions.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import tomllib
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import flask_migrate
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.orm import Session

from .. import keys
from ..config import BadSetting
from ..db import db, resource, transaction
from ..ledger import rehash
from ..search import index
from ..whole import untaken, whole
from . import apart, keyring, packing, portable, sealed, terms
from .snapshot import snapshot

FORMAT = 2
KNOWN = frozenset({1, FORMAT})
MANIFEST = "manifest.json"
KEY, SETTINGS = "secret.key", "caseflow.toml"
ELSEWHERE = frozenset({"DATABASE_URL", "FILES_URL"})
TABLES = "tables/"
PIECE = 1024 * 1024  # bytes read at a time

NOT_ITS_KEYS = (
    "旁边的 .key 不是这份备份的密钥文件，或者缺密钥 {}：换成同一次备份的，"
    "没有的，先把当时的 data.key 放进这个空的实例再恢复"
)

# What a damaged zip can bring its reader to
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, KeyError, ValueError, TypeError,
    OverflowError, NotImplementedError, RuntimeError, OSError,
)  # fmt: skip


class Unusable(Exception):
    """The file can't be restored, or not here, or none could be made that can be; nothing was written. The message
    says why."""


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
    """Write the whole instance as it stands now to a new file ``path``, mode 600, its keys first to ``path``.key.

    Nothing stands under that name until all of it does; ``done`` is told the bytes of contents read. A
    content that is missing or damaged hinders nothing: the manifest says how many are. Raises
    FileExistsError where something stood there already: an older backup is never lost to a newer one.
    Raises OSError, and Unusable where a key is lacking that the database tells of.
    """
    untaken(path)
    try:
        session, ring = keyring.held_together()
    except BadSetting as lacking:
        raise Unusable(str(lacking)) from lacking
    secret = instance / KEY
    keys_apart = apart.made(ring, secret.read_text(encoding="ascii") if secret.is_file() else "")
    with _beside(path, keys_apart), whole(path, new=True) as file:
        writer = sealed.Writer(file, keys_apart.own)
        manifest = _write(writer, session, instance, now, done)
        writer.finish()
    return manifest


@contextmanager
def _beside(path: Path, keys_apart: apart.Apart) -> Iterator[None]:
    """The keys of a backup, gone again where it didn't come about."""
    apart.write(apart.beside(path), keys_apart)
    try:
        yield
    except BaseException:
        apart.beside(path).unlink(missing_ok=True)
        raise


def _write(
    out: Any, session: Session, instance: Path, now: datetime, done: Callable[[int], object]
) -> Manifest:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        rows, members = {}, {}
        found = portable.tables(session)
        for table in found:
            name = _member(table.name)
            members[name], lines = _put(archive, name, _told(portable.dump(session, table), done))
            rows[table.name] = lines - 1  # the first names the columns
        revision, hashes = portable.revision(session), packing.hashes(session, found)
        session.rollback()  # contents may take hours; what these rows name stays where it is
        if (instance / SETTINGS).is_file():
            members[SETTINGS], _ = _put(archive, SETTINGS, [(instance / SETTINGS).read_bytes()])
        for name, method, pieces in packing.members(hashes, done):
            members[name], _ = _put(archive, name, pieces, method)
        manifest = Manifest(FORMAT, version("caseflow"), revision, now.isoformat(), rows, members)
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
    return manifest


def _told(pieces: Iterable[bytes], done: Callable[[int], object]) -> Iterator[bytes]:
    """Rows count for nothing beside contents, but whoever gives a backup up is heard among them too."""
    for piece in pieces:
        done(0)
        yield piece


def _member(table: str) -> str:
    return f"{TABLES}{table}.jsonl"


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

    Every hash is checked before anything is written, and that every key is there; contents are in the store before
    the first row tells of them. Raises Unusable, OSError.
    """
    with opened(path) as (archive, keys_apart):
        own = keys.ring()  # what it will be added to
        manifest = check(archive, own.beside(keys_apart.ring) if keys_apart else own)
        if not portable.is_empty(snapshot()):
            raise Unusable("这个实例里已经有数据，只能恢复到空的实例")
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
            _put_back(archive, manifest, instance, keys_apart)
    db.session.remove()
    flask_migrate.upgrade()
    keyring.enrol(current_app.extensions["caseflow"]["settings"])
    terms.fill()
    rehash.fill()
    index.rebuild()
    db.session.remove()
    return manifest


def check(archive: zipfile.ZipFile, ring: keys.Ring | None) -> Manifest:
    """Read every member, compare its hash and count its rows. Raises Unusable at the first that differs, where this
    program doesn't know the schema, or where ``ring`` lacks a key that something in it may be sealed with."""
    try:
        manifest = Manifest(**json.loads(archive.read(MANIFEST)))
        if manifest.format not in KNOWN:
            raise Unusable(f"备份格式 {manifest.format} 本程序不认识")
        if {MANIFEST, *manifest.members} != set(archive.namelist()):
            raise Unusable("备份文件已损坏：内容与清单不一致")
        for name, expected in manifest.members.items():
            if _read(archive, name) != (expected, _lines(manifest, name)):
                raise Unusable(f"备份文件已损坏：{name}")
        if manifest.revision not in _revisions():
            raise Unusable(f"备份的数据库版本 {manifest.revision} 本程序不认识，请用更新的程序恢复")
        if ring and keyring.TABLE in manifest.rows:
            told = keyring.told(archive.read(_member(keyring.TABLE)))
            if lacking := ring.lacking(told):
                raise Unusable(NOT_ITS_KEYS.format("、".join(lacking)))
    except UNREADABLE as error:
        raise Unusable("备份文件已损坏，读不出来；换一份备份") from error
    return manifest


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, apart.Apart | None]]:
    """A backup file for reading, with its keys where it is encrypted. Raises Unusable where it is none, or isn't whole."""
    with ExitStack() as after:
        try:
            keys_apart = apart.read(apart.beside(path)) if sealed.is_sealed(path) else None
            file: IO[bytes] = after.enter_context(path.open("rb"))
            archive = zipfile.ZipFile(_clear(file, keys_apart) if keys_apart else file)
        except apart.Missing as missing:
            raise Unusable(str(missing)) from missing
        except sealed.WrongKey as wrong:
            raise Unusable(f"{apart.beside(path).name} 不是这份备份的密钥文件，换成同一次备份的") from wrong
        except UNREADABLE as error:
            raise Unusable("不是备份文件，或者已损坏；换一份备份") from error
        yield after.enter_context(archive), keys_apart


def _clear(file: IO[bytes], keys_apart: apart.Apart) -> IO[bytes]:
    return io.BufferedReader(sealed.Reader(file, keys_apart.own), sealed.PIECE)


def prove(path: Path) -> Manifest:
    """Whether a backup could be restored: whole, every hash, every row, a schema that is known, the keys that belong to
    it. Touches nothing and asks no database. Raises Unusable, OSError."""
    with opened(path) as (archive, keys_apart):
        return check(archive, keys_apart.ring if keys_apart else None)


def _read(archive: zipfile.ZipFile, name: str) -> tuple[str, int | None]:
    """The hash of a member and, of a table, its lines."""
    digest, lines = hashlib.sha256(), 0
    with archive.open(name) as member:
        while piece := member.read(PIECE):
            digest.update(piece)
            lines += piece.count(b"\n")
    return digest.hexdigest(), lines if name.startswith(TABLES) else None


def _lines(manifest: Manifest, name: str) -> int | None:
    """How many lines a member is to have, if it is a table: the first names the columns."""
    table = name.removeprefix(TABLES).removesuffix(".jsonl")
    return manifest.rows[table] + 1 if name.startswith(TABLES) else None


def _revisions() -> set[str]:
    scripts = ScriptDirectory(str(resource("migrations")))
    return {script.revision for script in scripts.walk_revisions()}


def _put_back(
    archive: zipfile.ZipFile, manifest: Manifest, instance: Path, keys_apart: apart.Apart | None
) -> None:
    """The key as it was, what was sealed with it can be opened; settings only where none stand and only if they
    name no other database or store."""
    if keys_apart:
        keyring.take_over(keys_apart.ring, current_app.extensions["caseflow"]["settings"])
        if keys_apart.secret:
            _replace(instance / KEY, keys_apart.secret.encode())
    elif KEY in manifest.members:
        _replace(instance / KEY, archive.read(KEY))
    if SETTINGS in manifest.members:
        content = archive.read(SETTINGS)
        stands = (instance / SETTINGS).exists() or bool(ELSEWHERE & tomllib.loads(content.decode()).keys())
        _replace(instance / (f"{SETTINGS}.restored" if stands else SETTINGS), content)


def _replace(path: Path, content: bytes) -> None:
    with whole(path) as file:
        file.write(content)
