"""Checked ledgers between the check and the commit: kept in the instance folder, bound to one person.

The name of the folder is a hash of person and token, so a token is worth nothing to anybody else and
no name from outside ever becomes a path.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

KEEP = timedelta(days=1)
FOLDER = "uploads"
LEDGER, PROCEEDINGS = "ledger", "proceedings"

Save = Callable[[Path], object]  # writes what was uploaded to a path


@dataclass(frozen=True)
class Kept:
    """A ledger that waits for its commit."""

    folder: Path
    ledger: Path
    proceedings: Path | None

    def drop(self) -> None:
        """Delete it."""
        shutil.rmtree(self.folder, ignore_errors=True)


def keep(
    instance: Path, person_id: int, ledger: tuple[str, Save], proceedings: tuple[str, Save] | None
) -> tuple[str, Kept]:
    """Keep a ledger, given by its suffix and a way to save it; returns its token."""
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
    found = {path.stem: path for path in folder.iterdir()} if folder.is_dir() else {}
    return Kept(folder, found[LEDGER], found.get(PROCEEDINGS)) if LEDGER in found else None


def sweep(instance: Path, now: datetime) -> None:
    """Delete what nobody committed for a day."""
    oldest = (now - KEEP).timestamp()
    root = instance / FOLDER
    for folder in root.iterdir() if root.is_dir() else ():
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)


def _folder(instance: Path, person_id: int, token: str) -> Path:
    return instance / FOLDER / hashlib.sha256(f"{person_id}:{token}".encode()).hexdigest()


def _save(stem: Path, upload: tuple[str, Save]) -> Path:
    suffix, save = upload
    path = stem.with_suffix(suffix)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    save(path)
    return path
