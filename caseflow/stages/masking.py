"""隐去个人信息: the personal data of one case masked, all of it or nothing, told by one event.

Rows stay, so that everything that names them still stands; what they said is gone. Their salts go with it:
without them nobody can try a name against the hash that an event keeps.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from ..calendars import store
from ..db import Base, dialect, transaction
from ..law import retention
from ..law.publishing import PUBLISHED
from ..law.replay import replay
from ..law.retention import MASK
from ..models import (
    Document,
    Identity,
    Letter,
    LetterTemplate,
    Mail,
    Note,
    Particulars,
    Publication,
    PublicationFile,
    PublicationGram,
    StoredFile,
    Ticket,
    Visit,
)
from . import record
from .desk import lock

ACT = "mask_personal"

# Every column that may hold something personal, and what it holds afterwards: the mask where it can't be empty
FORM: dict[str, str] = {
    name: MASK if name in ("name", "content") else "" for name in (*record.PARTICULARS, "salt")
}
IDENTITY: dict[str, str] = dict.fromkeys((*record.IDENTITY, record.BY_HASH), "")
NOTE: dict[str, str] = {"text": MASK, "party": "", "salt": ""}
DOCUMENT: dict[str, Any] = {"name": MASK, "sha256": None}
LETTER: dict[str, Any] = {"typed": {}, "sha256": None}
SEALED = FORM | IDENTITY | NOTE
# Of what was proposed and never published, or taken down: what stands public holds nothing personal, and stays
PUBLICATION: dict[str, str] = {"title": MASK, "question": MASK, "answer": MASK, "salt": ""}


def mask(
    office_id: int, case_id: int, seen: int, years: int, *, today: date, now: datetime, actor_id: int | None
) -> list[str] | None:
    """Mask a case that is past its retention of ``years``; returns the contents that no row names any more.

    None, and nothing is written, where it is not due or has changed since event ``seen``. Raises NotFound.
    """
    with transaction() as session:
        row = lock(session, case_id, office_id)
        past = record.entries(session, case_id)
        if row.seq != seen or not retention.is_due(replay(past), today, years):
            return None
        if dialect() == "sqlite":  # overwrite what is replaced instead of leaving it in free pages
            session.connection().exec_driver_sql("PRAGMA secure_delete=ON")
        details, hashes = _masked(session, case_id)
        freed = _freed(session, hashes)
        record.append(
            session, row, ACT, today, {"years": years} | details, actor_id=actor_id, at=now,
            calendar=store.edition(row.calendar_version), past=past,
        )  # fmt: skip
        return freed


def _masked(session: Session, case_id: int) -> tuple[dict[str, Any], list[str]]:
    """Mask what isn't yet; returns what the event says of it, and the contents it named."""
    forms = _ids(
        session, select(Particulars.id).where(Particulars.case_id == case_id, Particulars.salt != "")
    )
    notes = _ids(session, select(Note.id).where(Note.case_id == case_id, Note.salt != ""))
    letters = select(Letter.id, Letter.sha256).where(Letter.case_id == case_id, Letter.sha256.is_not(None))
    files = select(Document.n, Document.sha256).where(
        Document.case_id == case_id, Document.sha256.is_not(None)
    )
    published = _ids(session, unpublished(case_id).where(Publication.salt != ""))
    of_published = PublicationFile.publication_id.in_(published)
    issued = {key: sha256 for key, sha256 in session.execute(letters)}
    filed = {n: sha256 for n, sha256 in session.execute(files)}
    hashes = {*issued.values(), *filed.values()}
    hashes |= set(session.scalars(select(PublicationFile.sha256).where(of_published)))
    _cover(
        session,
        (Particulars, Particulars.id.in_(forms), forms, FORM),
        (Identity, Identity.particulars_id.in_(forms), forms, IDENTITY),
        (Note, Note.id.in_(notes), notes, NOTE),
        (Letter, Letter.id.in_(issued), issued, LETTER),
        (Document, and_(Document.case_id == case_id, Document.n.in_(filed)), filed, DOCUMENT),
        (Publication, Publication.id.in_(published), published, PUBLICATION),
        (PublicationFile, of_published, published, DOCUMENT),
    )
    _drop(
        session,
        (Visit, Visit.case_id == case_id),  # nobody follows at the counter what is no longer told
        (Ticket, Ticket.case_id == case_id),
        (Mail, Mail.case_id == case_id),  # the letters to its applicant, with their address
        (PublicationGram, PublicationGram.publication_id.in_(published)),
    )
    session.expire_all()  # what was loaded before still says the names, and the index is written from it
    named = {
        "forms": forms, "notes": notes, "letters": sorted(issued), "documents": sorted(filed),
        "publications": published,
    }  # fmt: skip
    return {key: ids for key, ids in named.items() if ids}, sorted(sha256 for sha256 in hashes if sha256)


def _cover(
    session: Session, *changes: tuple[type[Base], ColumnElement[bool], Collection[int], dict[str, Any]]
) -> None:
    for table, rows, ids, values in changes:
        if ids:
            statement = update(table).where(rows).values(values)
            session.execute(statement.execution_options(synchronize_session=False))


def _drop(session: Session, *rows: tuple[type[Base], ColumnElement[bool]]) -> None:
    for table, which in rows:
        session.execute(delete(table).where(which).execution_options(synchronize_session=False))


def unpublished(case_id: int) -> Select[int]:
    """The versions of 公开答复 that nobody outside reads."""
    return select(Publication.id).where(Publication.case_id == case_id, Publication.state != PUBLISHED)


def _ids(session: Session, query: Select[int]) -> list[int]:
    return sorted(session.scalars(query))


def _freed(session: Session, hashes: Collection[str]) -> list[str]:
    """Forget the contents that nothing else names. Their rows are locked first, so that whoever is just filing
    the same content comes before or after."""
    if not hashes:
        return []
    here = StoredFile.sha256.in_(hashes)
    session.execute(select(StoredFile.sha256).where(here).order_by(StoredFile.sha256).with_for_update()).all()
    users = (Document, Letter, LetterTemplate, PublicationFile)
    named = (exists().where(table.sha256 == StoredFile.sha256) for table in users)
    gone = delete(StoredFile).where(here, ~or_(*named)).returning(StoredFile.sha256)
    return sorted(session.scalars(gone.execution_options(synchronize_session=False)))
