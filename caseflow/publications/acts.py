"""公开答复: proposed in redacted words, approved by another, taken down; nothing goes out with personal data in it.

Files are read before the case is opened, which takes a while; what they say is held against the case in the one
transaction of the act.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from sqlalchemy import func, insert, select

from ..db import db
from ..files import store
from ..law.publishing import GROUNDS, PROPOSED
from ..models import Document, Office, Publication, PublicationFile, PublicationGram
from ..stages import papers, publication, record
from ..stages.checks import LIMITS, fault
from ..stages.desk import OpenCase, Work, acting
from ..stages.errors import Refused
from ..stages.papers import Upload
from . import contents, index
from .contents import Said
from .own import own_of
from .scan import Own, Piece, findings, paragraphs, sentence

MOST_FILES = 20
# Of each text: the name of its limit
MOST = {"title": LIMITS["published_title"], "question": LIMITS["question"], "answer": LIMITS["answer"]}
LACKING = {"title": "写上标题", "question": "写上要的是什么信息", "answer": "写上答复"}
UNREAD = "程序读不全这些文件的内容：{}。逐页核对过没有个人信息，再勾选“已逐页核对”"


@dataclass(frozen=True)
class Answer:
    """What is to be published: ``ground`` is one of law.publishing.GROUNDS."""

    title: str
    question: str
    answer: str
    ground: str

    @property
    def words(self) -> Mapping[str, str]:
        """Its texts by their fields."""
        return {name: getattr(self, name) for name in publication.WORDS}


class Faulty(Refused):
    """Several fields can't stand; each with its sentence."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        field, reason = next(iter(faults.items()))
        super().__init__(reason, field)
        self.faults = faults


@dataclass(frozen=True)
class Attached:
    """One file on its way: its name, the content as it is kept, what it says."""

    name: str
    kept: store.Kept
    said: Said


def propose(
    work: Work, case_id: int, seen: int, answer: Answer, uploads: Sequence[Upload] = (),
    chosen: Collection[int] = (), *, looked: bool = False, note: str = "",
) -> int:  # fmt: skip
    """提出公开答复, with files that come now or are ``chosen`` by their numbers of the case's released ones; the id
    of its row. ``looked``: whoever proposes went through every page that the program can't read. Raises Refused.
    """
    came = papers.kept(uploads) if uploads else []
    files = [Attached(file.name, file.kept, _said(file.name, file.kept.sha256)) for file in came]
    read = _released(case_id, chosen)
    with acting(work, case_id, seen, "propose_publication") as case:
        files = [*_chosen(case, chosen, read), *files]
        _check(case, answer, files, looked)
        row = _row(case, answer)
        attached = _attach(case, row, files)
        row.salt = secrets.token_hex(16)
        case.session.flush()
        names = [file.name for file in files]
        grams = index.of_version(answer.title, answer.question, answer.answer, names)
        case.session.execute(
            insert(PublicationGram), [{"gram": gram, "publication_id": row.id} for gram in sorted(grams)]
        )
        told = {"ground": answer.ground, "hash": record.sealed(row.salt, publication.said(row, names))}
        case.write(_named(row) | told | {"files": publication.filed(attached)}, note)
        return row.id


def approve(work: Work, case_id: int, seen: int, *, looked: bool = False, note: str = "") -> None:
    """批准公开: everything is looked through anew, for the case may have learnt of people since. Raises Refused."""
    read = _proposed_files(case_id)
    with acting(work, case_id, seen, "approve_publication") as case:
        row, files = _waiting(case)
        own = own_of(case.session, case_id, case.session.get_one(Office, case.row.office_id))
        said = {file.n: read[file.n] for file in files}
        faults = _personal(
            {name: getattr(row, name) for name in publication.WORDS}, _named_files(files, said), own
        )
        if faults:
            raise Refused("；".join(faults.values()))
        _looked([file.name for file in files if file.by_hand or said[file.n].by_hand], looked)
        names = [file.name for file in files]
        told = {
            "hash": record.sealed(row.salt, publication.said(row, names)),
            "files": publication.filed(files),
        }
        case.write(_named(row) | told, note)


def refuse(work: Work, case_id: int, seen: int, note: str) -> None:
    """退回公开: not in this way, with the reason. Raises Refused."""
    with acting(work, case_id, seen, "refuse_publication") as case:
        case.write(_named(_waiting(case)[0]), note)


def withdraw(work: Work, case_id: int, seen: int, note: str) -> None:
    """撤下公开: nobody outside reads it any more, with the reason. Raises Refused."""
    with acting(work, case_id, seen, "withdraw_publication") as case:
        version = case.file.published
        case.write({"publication": version.id, "version": version.version} if version else {}, note)


# -- what may be said ---------------------------------------------------------------------------


def _check(case: OpenCase, answer: Answer, files: Sequence[Attached], looked: bool) -> None:
    """Raises Faulty with everything that can't stand, each at its field."""
    faults = {name: why for name, text in answer.words.items() if (why := fault(text, MOST[name]))}
    faults |= {name: LACKING[name] for name, text in answer.words.items() if not text.strip()}
    if answer.ground not in GROUNDS:
        faults["ground"] = "选择公开的理由"
    if len(files) > MOST_FILES:
        faults["files"] = f"最多 {MOST_FILES} 个文件"
    own = own_of(case.session, case.row.id, case.session.get_one(Office, case.row.office_id))
    named = [(file.name, file.said) for file in files]
    faults = _personal(answer.words, named, own) | faults
    if faults:
        raise Faulty(faults)
    _looked([file.name for file in files if file.said.by_hand], looked)


def _personal(words: Mapping[str, str], files: Iterable[tuple[str, Said]], own: Own) -> dict[str, str]:
    """What is personal in texts and files, a sentence for each field."""
    faults = {name: sentence(findings(paragraphs(text), own)) for name, text in words.items()}
    in_files = []
    for name, said in files:
        if why := sentence(findings([Piece("文件名", name), *said.pieces], own)):
            in_files.append(f"“{name}”里{why}")
    faults["files"] = "；".join(in_files)
    return {name: why for name, why in faults.items() if why}


def _looked(unread: Sequence[str], looked: bool) -> None:
    if unread and not looked:
        raise Refused(UNREAD.format("、".join(unread)), "looked")


# -- files --------------------------------------------------------------------------------------


def _said(name: str, sha256: str) -> Said:
    """What a kept content says; one that can't be had is not read."""
    try:
        file: IO[bytes] = store.open_kept(sha256)
    except (store.Missing, store.Unreachable):
        return contents.UNREAD
    with file:
        return contents.read(name, file)


def _released(case_id: int, chosen: Collection[int]) -> dict[int, Attached]:
    """The chosen files of a case that went to its applicant, read."""
    if not chosen:
        return {}
    from_case = select(Document).where(
        Document.case_id == case_id, Document.n.in_(chosen), Document.released, Document.sha256.is_not(None)
    )
    return {
        row.n: Attached(row.name, store.Kept(row.sha256, row.stored.size), _said(row.name, row.sha256))
        for row in db.session.scalars(from_case)
        if row.sha256 and row.stored
    }


def _chosen(case: OpenCase, chosen: Collection[int], read: Mapping[int, Attached]) -> list[Attached]:
    """Those of them that the case still holds. Raises Refused where one isn't among them."""
    there = read.keys() & case.file.documents.keys()
    if set(chosen) - there:
        raise Refused("只能选这件里标明“已随答复提供给申请人”的材料", "chosen")
    return [read[n] for n in sorted(there)]


def _proposed_files(case_id: int) -> dict[int, Said]:
    """What the files of the version that waits say, by their numbers."""
    waiting = select(Publication.id).where(Publication.case_id == case_id, Publication.state == PROPOSED)
    files = select(PublicationFile).where(PublicationFile.publication_id.in_(waiting))
    return {file.n: _said(file.name, file.sha256 or "") for file in db.session.scalars(files)}


def _named_files(files: Iterable[PublicationFile], said: Mapping[int, Said]) -> list[tuple[str, Said]]:
    return [(file.name, said[file.n]) for file in files]


# -- rows ---------------------------------------------------------------------------------------


def _row(case: OpenCase, answer: Answer) -> Publication:
    query = select(func.max(Publication.version)).where(Publication.case_id == case.row.id)
    row = Publication(
        case_id=case.row.id, office_id=case.row.office_id, version=(case.session.scalar(query) or 0) + 1,
        ground=answer.ground, salt="", proposed_by=case.work.actor_id, proposed_at=case.work.now, state=PROPOSED,
        **{name: text.strip() for name, text in answer.words.items()},
    )  # fmt: skip
    case.session.add(row)
    return row


def _attach(case: OpenCase, row: Publication, files: Sequence[Attached]) -> list[PublicationFile]:
    case.session.flush()  # its id
    for file in files:
        papers.know(case.session, file.kept, case.work.now)
    attached = [
        PublicationFile(
            publication_id=row.id, n=n, name=file.name, sha256=file.kept.sha256, by_hand=file.said.by_hand
        )
        for n, file in enumerate(files, 1)
    ]
    case.session.add_all(attached)
    return attached


def _waiting(case: OpenCase) -> tuple[Publication, list[PublicationFile]]:
    """The version that waits for the lead, with its files."""
    version = case.file.proposed
    row = case.session.get_one(Publication, version.id if version else 0)
    files = (
        select(PublicationFile).where(PublicationFile.publication_id == row.id).order_by(PublicationFile.n)
    )
    return row, list(case.session.scalars(files))


def _named(row: Publication) -> dict[str, int]:
    return {"publication": row.id, "version": row.version}
