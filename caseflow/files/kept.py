"""What every store of contents promises, and the words in which it speaks of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Protocol

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


class Unreachable(OSError):
    """The store doesn't answer, or refuses; what it holds is not known. The message says why."""


class Store(Protocol):
    """Each content once, under its SHA-256: whole before it has its name, whoever else is at work."""

    def keep(self, source: IO[bytes]) -> Kept:
        """See ``store.keep``."""

    def open_kept(self, sha256: str) -> IO[bytes]:
        """See ``store.open_kept``."""

    def all_kept(self) -> Iterator[str]:
        """See ``store.all_kept``."""

    def all_parts(self) -> Iterator[str]:
        """See ``store.all_parts``."""

    def lying(self, name: str) -> Lying:
        """See ``store.lying``."""

    def discard(self, name: str, before: datetime | None) -> bool:
        """See ``store.discard``."""


def copied(source: IO[bytes], out: IO[bytes]) -> Kept:
    """Write all of a content to ``out``; what it is. Raises OSError."""
    digest, size = hashlib.sha256(), 0
    while piece := source.read(PIECE):
        out.write(piece)
        digest.update(piece)
        size += len(piece)
    return Kept(digest.hexdigest(), size)
