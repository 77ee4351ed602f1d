"""The store as a folder: for one machine, or for several that share a disk."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from .kept import NAME, PART, Kept, Lying, Missing, copied


class Folder:
    """Contents on shelves by the first two characters of their hashes; parts beside the shelves."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def keep(self, source: IO[bytes]) -> Kept:
        """Written and synced under the name of a part, then renamed."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=self.home, prefix=PART)
        try:
            with os.fdopen(handle, "wb") as file:
                kept = copied(source, file)
                file.flush()
                os.fsync(file.fileno())
            place = self._place(kept.sha256)
            place.parent.mkdir(mode=0o700, exist_ok=True)
            os.replace(part, place)
            for above in (place.parent, self.home, self.home.parent):
                _settle(above)
            return kept
        finally:
            Path(part).unlink(missing_ok=True)

    def open_kept(self, sha256: str) -> IO[bytes]:
        """The file itself."""
        try:
            return self._place(sha256).open("rb")
        except FileNotFoundError:
            raise Missing(sha256) from None

    def all_kept(self) -> Iterator[str]:
        """Shelf by shelf."""
        for shelf in sorted(self.home.glob("??")):
            yield from sorted(place.name for place in shelf.glob("*") if NAME.fullmatch(place.name))

    def all_parts(self) -> Iterator[str]:
        """What a killed process left, or a living one is writing."""
        yield from sorted(place.name for place in self.home.glob(f"{PART}*"))

    def lying(self, name: str) -> Lying:
        """By the time of the file."""
        try:
            found = self._lies(name).stat()
        except FileNotFoundError:
            raise Missing(name) from None
        return Lying(name, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))

    def discard(self, name: str, before: datetime | None) -> bool:
        """Looked at under another name: whoever keeps the same content meanwhile gets the old name anew."""
        place, aside = self._lies(name), self.home / f"{PART}{secrets.token_hex(8)}"
        try:
            os.replace(place, aside)
        except FileNotFoundError:
            return False
        if before and self.lying(aside.name).since >= before:
            os.replace(aside, place)
            return False
        aside.unlink()
        return True

    def _place(self, sha256: str) -> Path:
        if not NAME.fullmatch(sha256):
            raise Missing(sha256)
        return self.home / sha256[:2] / sha256

    def _lies(self, name: str) -> Path:
        return self.home / name if name.startswith(PART) and "/" not in name else self._place(name)


def _settle(place: Path) -> None:
    """Let the new name outlive a power cut; where folders can't be synced (Windows) the system does it."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
