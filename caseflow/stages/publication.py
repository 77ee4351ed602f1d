"""公开答复: how the versions of a case stand, as its events say; what they say is written by ``caseflow.publications``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..law.casefile import CaseFile
from ..models import Publication

WORDS = ("title", "question", "answer")


def standing(file: CaseFile) -> dict[int, tuple[str, date | None]]:
    """State and day of approval of each version, by the id of its row."""
    return {version.id: (version.state, version.on) for version in file.publications}


def summarise(session: Session, case_id: int, file: CaseFile) -> None:
    """Bring the rows of a case up to date with its events: the one writer of what is derived in them."""
    stands = standing(file)
    for row in session.scalars(select(Publication).where(Publication.case_id == case_id)):
        row.state, row.published_on = stands[row.id]


def said(row: Publication | Any, files: Iterable[str]) -> dict[str, str]:
    """What the seal of a version covers: its words, and the names under which its ``files`` go out."""
    return {name: str(getattr(row, name)) for name in WORDS} | {"files": "\n".join(files)}


def filed(files: Iterable[Any]) -> list[Mapping[str, Any]]:
    """What an event keeps of the files: everything but their names."""
    return [{"sha256": file.sha256, "by_hand": file.by_hand} for file in files]
