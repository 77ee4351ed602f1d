"""Where file contents are kept: a folder of the instance, each content once, under its SHA-256.

``keep`` and ``open_kept`` are the whole interface to it; another store can stand here later. A content is on
the disk in full before it has its name, and has its name before any row tells of it: whatever happens in
between leaves a file too many at worst, never a row without its file.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
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


class Missing(LookupError):
    """No content under that hash."""


def keep(source: IO[bytes]) -> Kept:
    """Keep a content; one that stands already stays as it is. Raises OSError, and then nothing is left."""
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
        if not place.exists():
            place.parent.mkdir(mode=0o700, exist_ok=True)
            os.replace(part, place)
            _settle(place.parent)
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
    for place in sorted(folder().glob("??/*")):
        if NAME.fullmatch(place.name):
            yield place.name


def digest_of(sha256: str) -> str:
    """The hash of what is there now, read from the disk. Raises Missing, OSError."""
    with open_kept(sha256) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder() -> Path:
    """The store of this installation."""
    settings: Settings = extension_state("settings")
    return settings.instance / "files"


def _place(sha256: str) -> Path:
    if not NAME.fullmatch(sha256):
        raise Missing(sha256)
    return folder() / sha256[:2] / sha256


def _settle(place: Path) -> None:
    """Let the new name outlive a power cut; where folders can't be synced (Windows) the system does it."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
