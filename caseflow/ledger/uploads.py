"""Checked ledgers between the check and the commit: kept sealed in the instance folder for an hour, bound to one person.

The name of the folder is a hash of person and token, so a token is worth nothing to anybody else and
no name from outside ever becomes a path.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from .. import keys

KEEP = timedelta(hours=1)
FOLDER = "uploads"
LEDGER, PROCEEDINGS = "ledger", "proceedings"
ABOUT = "uploaded ledger"  # what it is sealed as

Upload = tuple[str, bytes]  # the suffix of its name, and what is in it


@dataclass(frozen=True)
class Kept:
    """A ledger that waits for its commit."""

    folder: Path
    ledger: Path
    proceedings: Path | None

    @contextmanager
    def opened(self) -> Iterator[tuple[Path, Path | None]]:
        """Both files unsealed, as long as they are read. Raises keys.Unreadable, OSError."""
        with TemporaryDirectory(dir=self.folder) as clear:
            yield _clear(self.ledger, clear), _clear(self.proceedings, clear) if self.proceedings else None

    def drop(self) -> None:
        """Delete it."""
        shutil.rmtree(self.folder, ignore_errors=True)


def keep(instance: Path, person_id: int, ledger: Upload, proceedings: Upload | None) -> tuple[str, Kept]:
    """Keep a ledger; returns its token."""
    token = secrets.token_urlsafe(24)
    folder = _folder(instance, person_id, token)
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700)
    first = _save(folder / LEDGER, ledger)
    second = _save(folder / PROCEEDINGS, proceedings) if proceedings else None
    return token, Kept(folder, first, second)


def find(instance: Path, person_id: int, token: str) -> Kept | None:
    """What this person kept under a token; None if it isn't theirs, was committed or swept."""
    folder = _folder(instance, person_id, token)
    found = {path.stem: path for path in folder.iterdir() if path.is_file()} if folder.is_dir() else {}
    return Kept(folder, found[LEDGER], found.get(PROCEEDINGS)) if LEDGER in found else None


def sweep(instance: Path, now: datetime) -> None:
    """Delete what nobody committed for an hour."""
    oldest = (now - KEEP).timestamp()
    root = instance / FOLDER
    for folder in root.iterdir() if root.is_dir() else ():
        with suppress(FileNotFoundError):  # another process was quicker
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)


def _folder(instance: Path, person_id: int, token: str) -> Path:
    return instance / FOLDER / hashlib.sha256(f"{person_id}:{token}".encode()).hexdigest()


def _save(stem: Path, upload: Upload) -> Path:
    suffix, content = upload
    path = stem.with_suffix(suffix)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(keys.ring().seal_file(content, ABOUT))
    return path


def _clear(sealed: Path, folder: str) -> Path:
    path = Path(folder, sealed.name)
    path.write_bytes(keys.ring().open_file(sealed.read_bytes(), ABOUT))
    return path
