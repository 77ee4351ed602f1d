"""Whether the store holds what the rows say: every content read once and hashed anew.

A row is named by case and number, never by the file's own name: that may hold an applicant's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from ..db import db
from ..files import store
from ..models import Case, Document, Letter, LetterTemplate, Office, Publication, PublicationFile, StoredFile

CHUNK = 500  # rows read at a time
MISSING = "内容已不存在"
DIFFERS = "内容与校验值不符"
UNREADABLE = "内容读不出来"


def total() -> tuple[int, int]:
    """How many contents the rows know, and their bytes."""
    count, size = _fresh().execute(select(func.count(), func.sum(StoredFile.size))).one()
    return count, int(size or 0)


def differences(done: Callable[[int], object] = lambda size: None) -> Iterator[str]:
    """Each row whose content is missing or isn't what it was, one line each; ``done`` is told the bytes read.

    Nothing is held open in the database while contents are read: that may take hours, and no row ever
    loses its content meanwhile.
    """
    for rows in _known():
        bad = {}
        for kept in rows:
            if why := _fault(kept):
                bad[kept.sha256] = why
            done(kept.size)
        yield from named(bad)


def absent() -> Iterator[str]:
    """The rows whose content is missing, by their names; nothing is read."""
    for rows in _known():
        yield from named({kept.sha256: MISSING for kept in rows if not _is_there(kept.sha256)})


def unknown(names: Iterable[str]) -> Iterator[str]:
    """Those of the contents that no row knows.

    Each is asked for after it was seen in the store: what was kept and told of before is known.
    """
    source = iter(names)
    while chunk := list(islice(source, CHUNK)):
        query = select(StoredFile.sha256).where(StoredFile.sha256.in_(chunk))
        known = set(_fresh().scalars(query))
        yield from (name for name in chunk if name not in known)


def named(bad: Mapping[str, str]) -> Iterator[str]:
    """A line for each row that needs one of these contents, with what is wrong with it."""
    if not bad:
        return
    told = set()
    for sha256, name in _users(_fresh(), list(bad)):
        told.add(sha256)
        yield f"{name}：{bad[sha256]}"
    for sha256 in sorted(bad.keys() - told):
        yield f"文件 {sha256}：{bad[sha256]}"


def _users(session: Session, hashes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each row that needs one of the contents: which one, and what the row is called."""
    documents = (
        select(Document.sha256, Office.code, Case.number, Document.n)
        .join(Case, Case.id == Document.case_id)
        .join(Office, Office.id == Case.office_id)
        .where(Document.sha256.in_(hashes))
        .order_by(Document.case_id, Document.n)
    )
    for sha256, code, number, n in session.execute(documents):
        yield str(sha256), f"{code} {number} 材料 {n}"
    letters = (
        select(Letter.sha256, Office.code, Case.number, Letter.number, Letter.version)
        .join(Case, Case.id == Letter.case_id)
        .join(Office, Office.id == Case.office_id)
        .where(Letter.sha256.in_(hashes))
        .order_by(Letter.case_id, Letter.id)
    )
    for sha256, code, number, issued, version in session.execute(letters):
        yield str(sha256), f"{code} {number} 文书 {issued}（第 {version} 版）"
    published = (
        select(PublicationFile.sha256, Office.code, Case.number, Publication.version, PublicationFile.n)
        .join(Publication, Publication.id == PublicationFile.publication_id)
        .join(Case, Case.id == Publication.case_id)
        .join(Office, Office.id == Case.office_id)
        .where(PublicationFile.sha256.in_(hashes))
        .order_by(Publication.case_id, Publication.version, PublicationFile.n)
    )
    for sha256, code, number, version, n in session.execute(published):
        yield str(sha256), f"{code} {number} 公开答复第 {version} 版文件 {n}"
    templates = (
        select(LetterTemplate.sha256, LetterTemplate.kind, LetterTemplate.version)
        .where(LetterTemplate.sha256.in_(hashes))
        .order_by(LetterTemplate.kind, LetterTemplate.version)
    )
    for content, kind, version in session.execute(templates):
        yield str(content), f"文书模板 {kind}（第 {version} 版）"


def _known() -> Iterator[Sequence[Row[str, int]]]:
    """The rows of the store in the order of their hashes, some at a time."""
    last = ""
    query = select(StoredFile.sha256, StoredFile.size).order_by(StoredFile.sha256).limit(CHUNK)
    while rows := _fresh().execute(query.where(StoredFile.sha256 > last)).all():
        last = rows[-1].sha256
        db.session.rollback()  # nothing stays open meanwhile
        yield rows


def _fresh() -> Session:
    session = db.session()
    session.rollback()
    return session


def _fault(kept: Row[str, int]) -> str:
    """What is wrong with the content of a row."""
    try:
        found = store.measured(kept.sha256)
    except store.Missing:
        return MISSING
    except store.Unreachable:
        raise
    except OSError:
        return UNREADABLE
    return "" if (found.sha256, found.size) == (kept.sha256, kept.size) else DIFFERS


def _is_there(sha256: str) -> bool:
    try:
        store.lying(sha256)
    except store.Missing:
        return False
    return True
