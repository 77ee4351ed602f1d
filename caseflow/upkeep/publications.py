"""Whether what is published of a case is what its events say: words by their hash, files, states, what it is found by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from ..law.casefile import CaseFile
from ..models import Publication, PublicationFile, PublicationGram
from ..publications import index
from ..stages import masking, publication, record
from . import documents

PROPOSES, APPROVES = "propose_publication", "approve_publication"


@dataclass
class Version:
    """One version with its files and what it is found by."""

    row: Row[Any]
    files: list[Row[Any]] = field(default_factory=list)
    grams: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """公开答复第 1 版."""
        return f"公开答复第 {self.row.version} 版"


class Filled(Protocol):
    """What holds the versions of one case."""

    published: list[Version]


def fill(session: Session, which: ColumnElement[bool], folders: Mapping[int, Filled]) -> None:
    """Put the versions of some cases into their folders, by the ids of the cases."""
    for version in versions(session, which):
        folders[version.row.case_id].published.append(version)


def versions(session: Session, which: ColumnElement[bool]) -> Iterable[Version]:
    """The versions of some cases in their order; three queries, one where there are none."""
    query = select(Publication.__table__).where(which).order_by(Publication.case_id, Publication.version)
    found = {row.id: Version(row) for row in session.execute(query)}
    if not found:
        return ()
    of_ids = select(Publication.id).where(which)
    files = select(PublicationFile.__table__).where(PublicationFile.publication_id.in_(of_ids))
    for file in session.execute(files.order_by(PublicationFile.publication_id, PublicationFile.n)):
        found[file.publication_id].files.append(file)
    grams = select(PublicationGram.__table__).where(PublicationGram.publication_id.in_(of_ids))
    for row in session.execute(grams):
        found[row.publication_id].grams.add(row.gram)
    return found.values()


def states(kept: Iterable[Version], file: CaseFile) -> Iterator[str]:
    """Each version that doesn't stand as the events say."""
    stands = publication.standing(file)
    for version in kept:
        row = version.row
        if row.id in stands and (row.state, row.published_on) != stands[row.id]:
            state, on = stands[row.id]
            yield f"{version.name}：行内 {row.state} {row.published_on}，回放 {state} {on}"


def differences(events: Sequence[Row[Any]], kept: Sequence[Version]) -> Iterator[str]:
    """Each version whose words, files or grams aren't those that were proposed, and approved."""
    told: dict[Any, list[Mapping[str, Any]]] = {}
    for event in events:
        if event.act in {PROPOSES, APPROVES}:
            told.setdefault(event.details.get("publication"), []).append(event.details)
    gone, rows = documents.masked(events, "publications"), {version.row.id: version for version in kept}
    for key in sorted(told.keys() - rows.keys(), key=str):
        yield f"公开答复 {key}：已不存在"
    for version in kept:
        if version.row.id not in told:
            yield f"{version.name}：没有事件提到它"
        else:
            yield from _one(version, told[version.row.id], version.row.id in gone)


def _one(version: Version, told: Iterable[Mapping[str, Any]], gone: bool) -> Iterator[str]:
    row, names = version.row, [file.name for file in version.files]
    if gone:
        if why := documents.unmasked(
            {name: getattr(row, name) for name in masking.PUBLICATION}, masking.PUBLICATION
        ):
            yield f"{version.name}：{why}"
        if version.grams or any(file.sha256 for file in version.files):
            yield f"{version.name}：个人信息已经隐去，检索的词或者文件却还在"
        return
    sealed = record.sealed(row.salt, publication.said(row, names))
    for details in told:
        if details.get("hash") != sealed:
            yield f"{version.name}：内容与事件里的校验值不符"
        if details.get("files") != publication.filed(version.files):
            yield f"{version.name}：文件与事件里的不符"
        for column in ("version", "ground"):
            if column in details and details[column] != getattr(row, column):
                yield f"{version.name} {column}：行内 {getattr(row, column)}，事件里 {details[column]}"
    if version.grams != index.of_version(row.title, row.question, row.answer, names):
        yield f"{version.name}：检索的词与内容不符"
