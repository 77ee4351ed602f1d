"""存入材料: the files of a case: each kept first, then told by an event that holds its hash and no name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..calendars.store import current
from ..db import insert
from ..files import store
from ..files.types import NotAllowed, base_name, type_of
from ..law.folder import KINDS as KINDS
from ..models import Case, Document, StoredFile
from . import record
from .desk import Work, acting, calendar_for
from .errors import Refused

FULL = "文件没有保存：服务器的磁盘写不进去（可能已满），请告诉系统管理员。什么都没有改变"
AWAY = "文件没有保存：文件存储暂时连不上，过几分钟再试；一直这样，请告诉系统管理员。什么都没有改变"


@dataclass(frozen=True)
class Upload:
    """One file as it came: its name, and its content to be read."""

    name: str
    content: IO[bytes]


@dataclass(frozen=True)
class Came:
    """A file that is allowed and already kept."""

    name: str
    kept: store.Kept


def add_files(
    work: Work,
    case_id: int,
    seen: int,
    uploads: Sequence[Upload],
    kind: str,
    note: str = "",
    *,
    desk_only: bool = False,
    released: bool = False,
) -> None:
    """存入材料: all of the files or none. ``released``: they went to the applicant. Raises Refused."""
    if kind not in KINDS:
        raise Refused("选择材料的种类", "kind")
    came = kept(uploads)
    with acting(work, case_id, seen, "add_files") as case:
        first = _next(case.session, case.row)
        rows = [
            _row(case.session, case.row, work, file, kind, n, desk_only=desk_only, released=released)
            for n, file in enumerate(came, first)
        ]
        case.write({"documents": [sealed(row) for row in rows]}, note)


def put_in(
    session: Session, row: Case, work: Work, came: Sequence[Came], kind: str, *, desk_only: bool = False
) -> None:
    """Files that are kept already come into a case with another act, in its transaction: an event of their own."""
    if not came:
        return
    first = _next(session, row)
    rows = [
        _row(session, row, work, file, kind, n, desk_only=desk_only) for n, file in enumerate(came, first)
    ]
    record.append(
        session, row, "add_files", work.today, {"documents": [sealed(one) for one in rows]}, actor_id=work.actor_id,
        at=work.now, calendar=calendar_for(row, "add_files", current()), source=work.source,
    )  # fmt: skip


def kept(uploads: Sequence[Upload]) -> list[Came]:
    """Keep the contents, every one looked at before the first is written. Raises Refused."""
    if not uploads:
        raise Refused("选择要存入的文件", "files")
    look(uploads)
    try:
        return [Came(base_name(u.name), store.keep(u.content)) for u in uploads]
    except OSError as error:
        raise Refused(why_not_kept(error), "files") from error


def look(uploads: Sequence[Upload], field: str = "files") -> None:
    """Raises Refused at the first of them that may not come in."""
    try:
        for upload in uploads:
            type_of(upload.name, upload.content)
    except NotAllowed as wrong:
        raise Refused(str(wrong), field) from wrong


def why_not_kept(error: OSError) -> str:
    """Why a content could not be kept, for whoever sent it."""
    return AWAY if isinstance(error, store.Unreachable) else FULL


def sealed(row: Document | Any) -> dict[str, Any]:
    """What the event keeps of a file: everything but its name."""
    return {
        "n": row.n, "kind": row.kind, "sha256": row.sha256,
        "desk_only": row.desk_only, "released": row.released,
    }  # fmt: skip


def know(session: Session, kept: store.Kept, now: datetime) -> None:
    """The row of a content; one that came before stays as it is."""
    row = {"sha256": kept.sha256, "size": kept.size, "kept_at": now}
    session.execute(insert(session, StoredFile).values(**row).on_conflict_do_nothing())


def _row(
    session: Session, case: Case, work: Work, file: Came, kind: str, n: int, *, desk_only: bool = False,
    released: bool = False,
) -> Document:  # fmt: skip
    know(session, file.kept, work.now)
    row = Document(
        case_id=case.id, n=n, kind=kind, name=file.name, sha256=file.kept.sha256,
        desk_only=desk_only, released=released, added_at=work.now, added_by=work.actor_id,
    )  # fmt: skip
    session.add(row)
    return row


def _next(session: Session, case: Case) -> int:
    query = select(func.max(Document.n)).where(Document.case_id == case.id)
    return (session.scalar(query) or 0) + 1


def of_case(session: Session, case: Case) -> list[Document]:
    """The files of a case in the order of the folder."""
    rows = session.scalars(select(Document).where(Document.case_id == case.id))
    return sorted(rows, key=lambda row: (list(KINDS).index(row.kind), row.n))
