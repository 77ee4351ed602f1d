"""年度报告: its drafts. Every save is a version, none is ever changed; an older one is brought back by saving it anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from ..db import transaction
from ..law.annual import PROACTIVE, TEXTS
from ..law.annual_two import Amounts, as_json
from ..models import AnnualDraft, Office, Person
from .checks import LIMITS, fault
from .errors import Changed, Forbidden, NotFound, Refused

EDITORS = ("clerk", "lead")
LARGEST_VERSION = 2**31 - 1


@dataclass(frozen=True)
class Draft:
    """Whose report of which year a person writes, and the version their page showed."""

    person_id: int
    office_id: int
    year: int
    seen: int
    now: datetime


def save_text(draft: Draft, part: str, text: str | None) -> int:
    """Keep the text of one part; None: nobody's words, it follows the figures again. Returns the version that holds.

    Raises Changed where somebody else wrote this part meanwhile (another part does no harm), Refused for a text
    that can't be kept, KeyError for a part without text, Forbidden and NotFound as ``_office``.
    """
    if part not in TEXTS:
        raise KeyError(part)
    if text is not None and (why := fault(text, LIMITS["annual"])):
        raise Refused(why, "text")
    with transaction() as session:
        _office(session, draft)
        before, texts, figures = _standing(session, draft, lambda texts, _: texts.get(part))
        changed = {key: kept for key, kept in texts.items() if key != part}
        changed |= {} if text is None else {part: text}
        return before if changed == texts else _add(session, draft, before, changed, figures, part)


def save_figures(draft: Draft, amounts: Amounts) -> int:
    """Keep the figures of part two, blanks as blanks. Returns the version that holds.

    Raises Changed where somebody else wrote them meanwhile, Forbidden and NotFound as ``_office``.
    """
    with transaction() as session:
        _office(session, draft)
        before, texts, figures = _standing(session, draft, lambda _, figures: figures)
        kept = as_json(amounts)
        if kept == figures or (not figures and not any(kept.values())):
            return before
        return _add(session, draft, before, texts, kept, PROACTIVE)


def restore(draft: Draft, version: int) -> int:
    """Save an older version anew as the newest; 0 is the report as the figures alone give it.

    Raises Changed where there is a newer one than was seen, NotFound for no such version, Refused where it holds already,
    Forbidden and NotFound as ``_office``.
    """
    with transaction() as session:
        _office(session, draft)
        standing = newest(session, draft.office_id, draft.year)
        now = standing.version if standing else 0
        if now != draft.seen:
            raise Changed(draft.seen, now)
        older = find(session, draft.office_id, draft.year, version) if version else None
        if version and older is None:
            raise NotFound()
        texts, figures = _content(older)
        if (texts, figures) == _content(standing):
            raise Refused("现在就是这一版的内容")
        return _add(session, draft, now, texts, figures, "", version)


def newest(session: Session, office_id: int, year: int) -> AnnualDraft | None:
    """The version that holds; None where nobody wrote anything yet."""
    return newest_of(session, [office_id], year).get(office_id)


def newest_of(session: Session, office_ids: Iterable[int], year: int) -> dict[int, AnnualDraft]:
    """The version that holds of each office; one in which nobody wrote anything is left out."""
    later = aliased(AnnualDraft)
    is_older = exists().where(
        later.office_id == AnnualDraft.office_id, later.year == AnnualDraft.year,
        later.version > AnnualDraft.version,
    )  # fmt: skip
    query = select(AnnualDraft).where(AnnualDraft.office_id.in_(list(office_ids)), AnnualDraft.year == year)
    return {draft.office_id: draft for draft in session.scalars(query.where(~is_older))}


def find(session: Session, office_id: int, year: int, version: int) -> AnnualDraft | None:
    """One version."""
    if version > LARGEST_VERSION:
        return None
    query = select(AnnualDraft).where(AnnualDraft.office_id == office_id, AnnualDraft.year == year)
    return session.scalar(query.where(AnnualDraft.version == version))


Texts: TypeAlias = dict[str, str]
Kept: TypeAlias = dict[str, str | None]


def _standing(
    session: Session, draft: Draft, concerned: Callable[[Texts, Kept], Any]
) -> tuple[int, Texts, Kept]:
    """The newest version with its content. Raises Changed where what is ``concerned`` isn't what was seen."""
    now = newest(session, draft.office_id, draft.year)
    version = now.version if now else 0
    if version != draft.seen:
        seen = find(session, draft.office_id, draft.year, draft.seen)
        if (draft.seen and seen is None) or concerned(*_content(seen)) != concerned(*_content(now)):
            raise Changed(draft.seen, version)
    return version, *_content(now)


def _content(row: AnnualDraft | None) -> tuple[Texts, Kept]:
    return (dict(row.texts), dict(row.figures)) if row else ({}, {})


def _add(
    session: Session,
    draft: Draft,
    before: int,
    texts: Texts,
    figures: Kept,
    part: str,
    again: int | None = None,
) -> int:
    row = AnnualDraft(
        office_id=draft.office_id, year=draft.year, version=before + 1, texts=texts, figures=figures, part=part,
        restored=again, author_id=draft.person_id, at=draft.now,
    )  # fmt: skip
    session.add(row)
    return row.version


def _office(session: Session, draft: Draft) -> Office:
    """The office, held until the end of the transaction, so that versions follow one another.

    Raises NotFound for an office that isn't this person's, Forbidden for a role that doesn't write the report.
    """
    person = session.get_one(Person, draft.person_id)
    if person.role not in EDITORS:
        raise Forbidden()
    office = session.get(Office, draft.office_id, with_for_update=True)
    if office is None or person.office_id != office.id:
        raise NotFound()
    return office
