"""Where file contents are kept: each once, under its SHA-256; in a folder of the instance or in a bucket.

A content is in the store in full before it has its name, and has its name before any row tells of it: whatever
happens in between leaves a file too many at worst, never a row without its file. What is left over, upkeep
lists and discards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

from ..config import ObjectStore, Settings
from ..db import extension_state
from .bucket import Bucket
from .folder import Folder
from .kept import PART as PART
from .kept import PIECE as PIECE
from .kept import Kept as Kept
from .kept import Lying as Lying
from .kept import Missing as Missing
from .kept import Store
from .kept import Unreachable as Unreachable


def keep(source: IO[bytes]) -> Kept:
    """Keep a content. Raises OSError, and then nothing is left that the sweep doesn't take away.

    One that stands already is laid over by itself: a damaged one is whole again, and one that no row
    knew is as young as the row that will now tell of it.
    """
    return _store().keep(source)


def open_kept(sha256: str) -> IO[bytes]:
    """A content, for reading from its beginning. Raises Missing, Unreachable."""
    return _store().open_kept(sha256)


def all_kept() -> Iterator[str]:
    """The hashes of everything in the store, in order. Raises Unreachable."""
    return _store().all_kept()


def all_parts() -> Iterator[str]:
    """The names of what is not whole yet, or was broken off."""
    return _store().all_parts()


def measured(sha256: str) -> Kept:
    """Hash and size of what is there now, read from the store. Raises Missing, OSError."""
    with open_kept(sha256) as file:
        return Kept(hashlib.file_digest(file, "sha256").hexdigest(), file.tell())  # type: ignore[arg-type]


def lying(name: str) -> Lying:
    """A content or part as it lies there, unread. Raises Missing, Unreachable."""
    return _store().lying(name)


def discard(name: str, before: datetime | None = None) -> bool:
    """Take a content or part away, unless it was written since ``before``; returns whether it is gone.

    Whoever keeps the same content at the same time keeps it. Raises Missing where nothing can have that name.
    """
    return _store().discard(name, before)


def folder() -> Path:
    """Where the contents lie of an installation that has no bucket."""
    return _settings().instance / "files"


def _settings() -> Settings:
    settings: Settings = extension_state("settings")
    return settings


def _store() -> Store:
    place = _settings().files
    if place is None:
        return Folder(folder())
    clients: dict[ObjectStore, Bucket] = extension_state("buckets", {})
    return clients.get(place) or clients.setdefault(place, Bucket(place))
