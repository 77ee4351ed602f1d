"""A folder becomes a zip: nothing is compressed and no member has a time, so the same record gives the same bytes."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from typing import IO

from ..files import store
from ..files.store import PIECE
from ..letters.page import EPOCH
from ..upkeep.contents import DIFFERS, MISSING, UNREADABLE
from .plan import Member, Plan


class Damaged(Exception):
    """A content of the case is gone or isn't what it was: no folder is made. The message says which."""


def pack(plan: Plan, out: IO[bytes]) -> None:
    """Write the zip to ``out``. Raises Damaged; OSError where it can't be written."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for member in plan.files:
            with archive.open(_info(member.name), "w") as target:
                for piece in _content(plan, member):
                    target.write(piece)


def _info(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, EPOCH)
    made.create_system, made.external_attr = 3, 0o100644 << 16  # on any system the same
    return made


def _content(plan: Plan, member: Member) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for piece in _read(plan, member):
        digest.update(piece)
        yield piece
    if digest.hexdigest() != member.sha256:
        raise Damaged(_why(plan, member, DIFFERS))


def _read(plan: Plan, member: Member) -> Iterator[bytes]:
    if member.made is not None:
        yield member.made
        return
    try:
        with store.open_kept(member.sha256) as file:
            yield from iter(lambda: file.read(PIECE), b"")
    except store.Missing:
        raise Damaged(_why(plan, member, MISSING)) from None
    except store.Unreachable:
        raise
    except OSError as error:
        raise Damaged(_why(plan, member, UNREADABLE)) from error


def _why(plan: Plan, member: Member, what: str) -> str:
    return f"{plan.number} 的案卷做不成：“{member.name}”{what}，请从备份恢复"
