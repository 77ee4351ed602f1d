"""文书模板: which template each letter is written from. Versions are added, never changed; the newest holds.

A template is one for all the offices of this installation: what differs between them, their letters take from
``letterhead``.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import IO

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from ..db import transaction
from ..files import store
from ..files.types import shown
from ..law.letters import BY_CODE
from ..letters import package
from ..letters.check import faults
from ..letters.shipped import shipped
from ..models import LetterTemplate
from . import audit, papers
from .errors import NotFound, Refused

SHIPPED = 0  # the number by which the template that comes with the program is asked for


def template_of(session: Session, kind: str) -> bytes:
    """The template that holds for a letter. Raises NotFound for no letter, store.Missing without its file."""
    row = _newest(session, kind)
    return content_of(row) if row else _shipped(kind)


def version_of(session: Session, kind: str, version: int) -> bytes:
    """A template by its version, ``SHIPPED`` too. Raises NotFound, or store.Missing without its file."""
    if version == SHIPPED:
        return _shipped(kind)
    row = session.get(LetterTemplate, (kind, version))
    if row is None:
        raise NotFound(kind)
    return content_of(row)


def content_of(row: LetterTemplate) -> bytes:
    """What a version says: what was uploaded, or, where there is no hash, the shipped one again."""
    if row.sha256 is None:
        return _shipped(row.kind)
    with store.open_kept(row.sha256) as file:
        return file.read()


def history(session: Session, kind: str) -> list[LetterTemplate]:
    """All versions of a letter's template, the newest, which holds, first; none: never anything but the shipped."""
    mine = select(LetterTemplate).where(LetterTemplate.kind == kind)
    return list(session.scalars(mine.order_by(LetterTemplate.version.desc())))


def in_force(session: Session) -> dict[str, LetterTemplate]:
    """The version that holds of every letter that has one."""
    rows = session.scalars(select(LetterTemplate).order_by(LetterTemplate.version))
    return {row.kind: row for row in rows}  # the newest last


def upload(actor_id: int, now: datetime, kind: str, name: str, content: IO[bytes]) -> int:
    """Put an administrator's template in force; returns its version. Raises NotFound.

    Raises Refused with every fault, a line each, at the field ``file``; then the one in force stays.
    """
    if kind not in BY_CODE:
        raise NotFound(kind)
    template = content.read(package.MAX_BYTES + 1)
    if len(template) > package.MAX_BYTES:  # the rest of it is not even read
        raise Refused(f"文件超过 {package.MAX_BYTES >> 10} KB：请删去模板里的大图片", "file")
    if not template:
        raise Refused("选择要上传的模板（.docx）", "file")
    if found := faults(BY_CODE[kind], template):
        raise Refused("\n".join(found), "file")
    try:
        kept = store.keep(io.BytesIO(template))
    except OSError as error:
        raise Refused(papers.why_not_kept(error), "file") from error
    with transaction() as session:
        _hold(session)
        papers.know(session, kept, now)
        return _add(session, kind, kept.sha256, shown(name), actor_id, now)


def back_to_shipped(actor_id: int, now: datetime, kind: str) -> int:
    """Put the shipped template in force again, as a version of its own. Raises NotFound, Refused if it holds."""
    if kind not in BY_CODE:
        raise NotFound(kind)
    with transaction() as session:
        _hold(session)
        row = _newest(session, kind)
        if row is None or row.sha256 is None:
            raise Refused("现在用的就是随软件提供的模板")
        return _add(session, kind, None, "", actor_id, now)


def _add(session: Session, kind: str, sha256: str | None, name: str, actor_id: int, now: datetime) -> int:
    last = session.scalar(select(func.max(LetterTemplate.version)).where(LetterTemplate.kind == kind))
    version = (last or SHIPPED) + 1
    told = name or "随软件提供的"
    audit.note(session, "template_changed", setting=BY_CODE[kind].title, file=told, now=f"第 {version} 版")
    session.add(
        LetterTemplate(
            kind=kind, version=version, sha256=sha256, name=name, uploaded_by=actor_id, uploaded_at=now
        )
    )
    return version


def _hold(session: Session) -> None:
    """Versions are given one after the other; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE letter_template IN SHARE ROW EXCLUSIVE MODE"))


def _newest(session: Session, kind: str) -> LetterTemplate | None:
    mine = select(LetterTemplate).where(LetterTemplate.kind == kind)
    return session.scalar(mine.order_by(LetterTemplate.version.desc()).limit(1))


def _shipped(kind: str) -> bytes:
    if kind not in BY_CODE:
        raise NotFound(kind)
    return shipped(kind)
