"""An encrypted file: AES-256-GCM in pieces, so that of any size no more than one piece is in memory.

The head names the key by its fingerprint and holds the random beginning of all nonces; each piece is sealed for its
place and for being the last or not. So a file that was cut off, put together from two or turned about is found out
like one in which a byte was changed. Nothing of it is ever on a disk in clear.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidTag

from ..keys import Key

MAGIC = b"caseflow-backup-2\n"
FINGERPRINT = 16
BEGINNING = 7  # bytes of a nonce that are the file's; four are the place of the piece, one says whether it is the last
HEAD = len(MAGIC) + FINGERPRINT + BEGINNING
PIECE = 64 * 1024  # bytes of the content
TAG = 16


class Damaged(ValueError):
    """The file isn't what was written."""


class WrongKey(ValueError):
    """The file was written with another key."""


def is_sealed(path: Path) -> bool:
    """Whether a file says that it is encrypted. Raises OSError."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _nonce(head: bytes, place: int, last: bool) -> bytes:
    return head[-BEGINNING:] + place.to_bytes(4, "big") + bytes([last])


class Writer(io.RawIOBase):
    """What is written to it goes to ``out`` encrypted; without ``finish`` what came out counts as cut off."""

    def __init__(self, out: IO[bytes], key: Key, piece: int = PIECE) -> None:
        self.out, self.key, self.piece = out, key, piece
        self.head = MAGIC + bytes.fromhex(key.fingerprint) + os.urandom(BEGINNING)
        self.waiting, self.place, self.length = bytearray(), 0, 0
        out.write(self.head)

    def writable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Bytes of content so far."""
        return self.length

    def write(self, content: Any) -> int:
        """Keep a piece back, for it may be the last."""
        self.waiting += content
        self.length += len(content)
        while len(self.waiting) > self.piece:
            self._put(bytes(self.waiting[: self.piece]), last=False)
            del self.waiting[: self.piece]
        return len(content)

    def finish(self) -> None:
        """The last piece, though it may be empty."""
        self._put(bytes(self.waiting), last=True)

    def _put(self, content: bytes, last: bool) -> None:
        self.out.write(self.key.cipher.encrypt(_nonce(self.head, self.place, last), content, self.head))
        self.place += 1


class Reader(io.RawIOBase):
    """The content of an encrypted file, anywhere in it. Raises WrongKey, and Damaged where it is read and isn't right."""

    def __init__(self, file: IO[bytes], key: Key, piece: int = PIECE) -> None:
        self.file, self.key, self.piece = file, key, piece
        self.head = file.read(HEAD)
        if len(self.head) < HEAD or not self.head.startswith(MAGIC):
            raise Damaged("no head")
        if self.head[len(MAGIC) : -BEGINNING] != bytes.fromhex(key.fingerprint):
            raise WrongKey
        size = file.seek(0, io.SEEK_END) - HEAD
        self.last, rest = divmod(size - 1, piece + TAG) if size >= TAG else (0, -1)
        self.length = self.last * piece + rest + 1 - TAG
        self.at, self.place, self.content = 0, -1, b""
        self._look(self.last)  # its end is there

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place of the content."""
        self.at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.length}[whence])
        return self.at

    def tell(self) -> int:
        """Where it is."""
        return self.at

    def readinto(self, buffer: Any) -> int:
        """What is left of the piece at hand; 0 at the end."""
        if self.at >= self.length:
            return 0
        place, inside = divmod(self.at, self.piece)
        self._look(place)
        found = self.content[inside : inside + len(buffer)]
        buffer[: len(found)] = found
        self.at += len(found)
        return len(found)

    def _look(self, place: int) -> None:
        if place == self.place:
            return
        self.file.seek(HEAD + place * (self.piece + TAG))
        sealed = self.file.read(self.piece + TAG)
        try:
            self.content = self.key.cipher.decrypt(
                _nonce(self.head, place, place == self.last), sealed, self.head
            )
        except (InvalidTag, ValueError) as error:
            raise Damaged(f"piece {place}") from error
        self.place = place
