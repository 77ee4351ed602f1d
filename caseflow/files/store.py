"""Where file contents are kept: a folder of the instance, each content once, under its SHA-256.

Cases know ``keep`` and ``open_kept`` alone; another store can stand here later. A content is on the disk in full
before it has its name, and has its name before any row tells of it: whatever happens in between leaves a
file too many at worst, never a row without its file. What is left over, upkeep lists and discards.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from typing import IO

from ..config import Settings
from ..db import extension_state

PIECE = 1 << 20
NAME = re.compile(r"[0-9a-f]{64}")
PART = ".part-"  # what is not whole yet


@dataclass(frozen=True)
class Kept:
    """A content in the store."""

    sha256: str
    size: int  # bytes


@dataclass(frozen=True)
class Lying:
    """What lies in the store under a name: a content, or a part that is not whole yet."""

    name: str
    size: int  # bytes
    since: datetime  # when it was last written


class Missing(LookupError):
    """No content under that hash."""


def keep(source: IO[bytes]) -> Kept:
    """Keep a content. Raises OSError, and then nothing is left.

    One that stands already is laid over by itself: a damaged one is whole again, and one that no row
    knew is as young as the row that will now tell of it.
    """
    home = folder()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=home, prefix=PART)
    try:
        digest, size = hashlib.sha256(), 0
        with os.fdopen(handle, "wb") as file:
            while piece := source.read(PIECE):
                file.write(piece)
                digest.update(piece)
                size += len(piece)
            file.flush()
            os.fsync(file.fileno())
        kept = Kept(digest.hexdigest(), size)
        place = _place(kept.sha256)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        os.replace(part, place)
        for above in (place.parent, home, home.parent):
            _settle(above)
        return kept
    finally:
        Path(part).unlink(missing_ok=True)


def open_kept(sha256: str) -> BufferedReader:
    """A content, for reading. Raises Missing."""
    try:
        return _place(sha256).open("rb")
    except FileNotFoundError:
        raise Missing(sha256) from None


def all_kept() -> Iterator[str]:
    """The hashes of everything in the store, in order."""
    for shelf in sorted(folder().glob("??")):
        yield from sorted(place.name for place in shelf.glob("*") if NAME.fullmatch(place.name))


def all_parts() -> Iterator[str]:
    """The names of what is not whole yet, or was broken off."""
    yield from sorted(place.name for place in folder().glob(f"{PART}*"))


def measured(sha256: str) -> Kept:
    """Hash and size of what is there now, read from the disk. Raises Missing, OSError."""
    with open_kept(sha256) as file:
        return Kept(hashlib.file_digest(file, "sha256").hexdigest(), file.tell())


def lying(name: str) -> Lying:
    """A content or part as it lies there, unread. Raises Missing."""
    try:
        found = _lies(name).stat()
    except FileNotFoundError:
        raise Missing(name) from None
    return Lying(name, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))


def discard(name: str, before: datetime | None = None) -> bool:
    """Take a content or part away, unless it was written since ``before``; returns whether it is gone.

    It is looked at under another name: whoever keeps the same content meanwhile gets the old name anew.
    """
    place, aside = _lies(name), folder() / f"{PART}{secrets.token_hex(8)}"
    try:
        os.replace(place, aside)
    except FileNotFoundError:
        return False
    if before and lying(aside.name).since >= before:
        os.replace(aside, place)
        return False
    aside.unlink()
    return True


def folder() -> Path:
    """The store of this installation."""
    settings: Settings = extension_state("settings")
    return settings.instance / "files"


def _place(sha256: str) -> Path:
    if not NAME.fullmatch(sha256):
        raise Missing(sha256)
    return folder() / sha256[:2] / sha256


def _lies(name: str) -> Path:
    return folder() / name if name.startswith(PART) and "/" not in name else _place(name)


def _settle(place: Path) -> None:
    """Let the new name outlive a power cut; where folders can't be synced (Windows) the system does it."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
