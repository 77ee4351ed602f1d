"""The contents of the store on their way into a backup and back."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from ..files import store

TABLE = "stored_file"
FOLDER = "files/"

# How begins what is packed already: PDF, JPEG, PNG, and the zips of Office and OFD
PACKED = (b"%PDF-", b"\xff\xd8\xff", b"\x89PNG", b"PK\3\4")

Pieces = Iterator[bytes]


def hashes(session: Session, tables: Iterable[Table]) -> list[str]:
    """The contents that the rows name; none where the schema is older than the store."""
    for table in tables:
        if table.name == TABLE:
            return list(session.scalars(select(table.c.sha256).order_by(table.c.sha256)))
    return []


def members(names: Iterable[str], done: Callable[[int], object]) -> Iterator[tuple[str, int, Pieces]]:
    """Each content as a member of the backup: its name, how it is to be packed, and its bytes.

    One that is missing has none; one that breaks off is as long as it can be read. Raises Unreachable: without
    the store there is no backup.
    """
    for sha256 in names:
        try:
            with store.open_kept(sha256) as file:
                head = file.read(store.PIECE)
                method = zipfile.ZIP_STORED if head.startswith(PACKED) else zipfile.ZIP_DEFLATED
                yield f"{FOLDER}{sha256[:2]}/{sha256}", method, _pieces(head, file, done)
        except store.Unreachable:
            raise
        except (store.Missing, OSError):
            continue


def _pieces(head: bytes, file: IO[bytes], done: Callable[[int], object]) -> Pieces:
    piece = head
    while piece:
        yield piece
        done(len(piece))
        try:
            piece = file.read(store.PIECE)
        except OSError:
            return


def put_back(archive: zipfile.ZipFile, names: Iterable[str]) -> None:
    """Keep these members in the store: all of them, or none but what was there before. Raises OSError."""
    before, kept = set(store.all_kept()), []
    try:
        for name in names:
            with archive.open(name) as member:
                kept.append(store.keep(member).sha256)
    except BaseException:
        for sha256 in kept:
            if sha256 not in before:
                store.discard(sha256)
        raise
