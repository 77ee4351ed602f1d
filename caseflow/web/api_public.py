"""What everybody may read by program: signed years, published replies. No token is asked for; an address is counted."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, request, url_for
from sqlalchemy import select

from ..closing.sign import newest
from ..db import db
from ..law.publishing import GROUNDS
from ..models import Office, Publication
from ..publications import find
from ..publications.find import Filters
from ..stages import offices
from ..stages.checks import fault
from . import api_document
from .access import PUBLIC, allow
from .api_shared import PREFIX, answered, counted, counter_address, refused, told_office
from .problems import Problem

bp = Blueprint("api_public", __name__, url_prefix=PREFIX)

AFTER = re.compile(api_document.AFTER["pattern"])
NO_OFFICE = "没有这个机关"


@bp.get("/years/<int:year>")
@allow(PUBLIC)
@counted
def year(year: int) -> Any:
    """Tables 3 and 4 of a year as they were signed last; a year that isn't signed is not there."""
    office = _named() or _on_top()
    within = api_document.YEARS["minimum"] <= year <= api_document.YEARS["maximum"]
    signed = newest(db.session(), office.id, year) if office and within else None
    if signed is None:
        raise Problem(404, "这一年的年报表还没有签发")
    return answered(signed.frozen["figures"])


@bp.get("/published")
@allow(PUBLIC)
@counted
def replies() -> Any:
    """The published replies, the newest first, twenty at a time; those that say every word of a question."""
    office, question, after = _named(), request.args.get("q", ""), request.args.get("after", "")
    wrong = {"q": fault(question, api_document.QUESTION["maxLength"])}
    wrong["after"] = "" if AFTER.fullmatch(after) else "写上一页的答复里 next 给出的值"
    if found := {name: [why] for name, why in wrong.items() if why}:
        raise refused(found)
    page = find.published(question, Filters(office.id if office else None), after)
    asked: dict[str, Any] = {name: text for name in ("q", "office") if (text := request.args.get(name))}
    return answered({
        "total": page.total,
        "replies": [_line(one) for one in page.replies],
        "next": url_for("api_public.replies", **asked, after=page.after) if page.after else None,
    })  # fmt: skip


@bp.get("/published/<int:publication_id>")
@allow(PUBLIC)
@counted
def reply(publication_id: int) -> Any:
    """One reply with where its files are; the version that stands in its place, where there is a newer one."""
    found = find.one(publication_id)
    if found is None:
        raise Problem(404, "没有这份公开的答复，或者已经撤下")
    ground = GROUNDS[found.ground]
    return answered(_line(found) | {
        "answer": found.answer,
        "ground": ground.label,
        "article": ground.article,
        "files": [
            {
                "name": file.name,
                "size": file.stored.size,
                "address": counter_address("published.file", publication_id=found.id, n=file.n),
            }
            for file in found.files if file.stored
        ],
    })  # fmt: skip


def _line(row: Publication) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "question": row.question,
        "office": told_office(row.office),
        "published_on": row.published_on.isoformat() if row.published_on else "",
        "page": counter_address("published.reply", publication_id=row.id),
    }


def _named() -> Office | None:
    """The organ of ?office=; None where none is named. Raises Problem where there is no such organ."""
    code = request.args.get("office")
    if code is None:
        return None
    office = offices.find(db.session(), code) if offices.CODE.fullmatch(code) else None
    if office is None:
        raise Problem(404, NO_OFFICE)
    return office


def _on_top() -> Office | None:
    """The only organ with none above it; None where there are several."""
    tops = db.session.scalars(select(Office).where(Office.parent_id.is_(None)).limit(2)).all()
    return tops[0] if len(tops) == 1 else None
