"""已公开的答复 and 年度报告: what everybody may read without an account."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from operator import attrgetter
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, send_file, url_for

from ..law.publishing import GROUNDS
from ..law.words import in_full, with_weekday
from ..models import Publication
from ..publications import find, years
from ..publications.find import Filters
from ..search import grams, highlight
from ..search.grams import Word
from ..search.highlight import Piece
from . import access
from .access import PUBLIC, allow
from .handing import handed
from .papers import size_words

bp = Blueprint("published", __name__, url_prefix="/published")

LONGEST = 100  # characters of a question
TYPED = ("title", "document_no", "content")  # of the form by which one asks
LOST = "这个文件暂时取不到，请过些时候再试，或者告诉公开它的机关"


@dataclass(frozen=True)
class Line:
    """One reply of the list, what was asked for marked."""

    id: int
    title: list[Piece]
    question: list[Piece]
    office: str
    day: str


@bp.get("")
@allow(PUBLIC)
def page() -> Any:
    """The published replies, the newest first; those that say every word of a question."""
    question = request.args.get("q", "").replace("\0", "").strip()[:LONGEST]
    organs, of_years = find.choices()
    chosen = {name: access.number(request.args, name) for name in ("office", "year")}
    limits = Filters(
        chosen["office"] if chosen["office"] in dict(organs) else None,
        chosen["year"] if chosen["year"] in of_years else None,
    )
    found, words = find.published(question, limits, request.args.get("after", "")), grams.words(question)
    same = {"q": question, "office": limits.office, "year": limits.year}
    given: dict[str, Any] = {name: value for name, value in same.items() if value}
    return render_template(
        "counter/published.html", q=question, lines=[_line(row, words) for row in found.replies], total=found.total, organs=organs,
        years=of_years, limits=limits, filtered=bool(given), later=bool(request.args.get("after")), given=given,
        next=url_for("published.page", **given, after=found.after) if found.after else None,
    )  # fmt: skip


@bp.get("/<int:publication_id>")
@allow(PUBLIC)
def reply(publication_id: int) -> Any:
    """One reply with its files; the version that stands in its place, where there is a newer one."""
    found = find.one(publication_id)
    if found is None:
        abort(404)
    if found.id != publication_id:
        return redirect(url_for("published.reply", publication_id=found.id))
    on = in_full(found.published_on) if found.published_on else ""
    return render_template(
        "counter/published_reply.html",
        reply=found,
        on=on,
        ground=GROUNDS[found.ground],
        size_words=size_words,
    )


@bp.get("/<int:publication_id>/files/<int:n>")
@allow(PUBLIC)
def file(publication_id: int, n: int) -> Response:
    """One file of a reply."""
    return handed(find.file_of(publication_id, n), LOST)


@bp.post("/matching")
@allow(PUBLIC)
def matching() -> Any:
    """The replies most like what is being typed, for the script of the form."""
    typed = " ".join(request.form.get(name, "") for name in TYPED).replace("\0", "")
    return render_template("counter/_published_matching.html", matching=find.matching(typed))


@bp.get("/reports")
@allow(PUBLIC)
def reports() -> Any:
    """The annual reports of every organ: each signed year."""
    organs = [(name, list(found)) for name, found in groupby(years.signed_years(), attrgetter("office"))]
    return render_template("counter/published_reports.html", organs=organs, files=years.FILES)


@bp.get("/reports/<int:organ_id>/<int:year>")
@allow(PUBLIC)
def report(organ_id: int, year: int) -> Any:
    """One annual report as it was signed."""
    found = _report(organ_id, year)
    return render_template("counter/published_report.html", found=found, r=found.paper, files=years.FILES)


@bp.get("/reports/<int:organ_id>/<int:year>.<ending>")
@allow(PUBLIC)
def report_file(organ_id: int, year: int, ending: str) -> Response:
    """The same as a file, or its tables 3 and 4 as data."""
    if ending not in years.FILES:
        abort(404)
    found = _report(organ_id, year)
    make, kind, _ = years.FILES[ending]
    return send_file(
        BytesIO(make(found)), mimetype=kind, as_attachment=True, download_name=f"{found.name}.{ending}"
    )


def _report(organ_id: int, year: int) -> years.Report:
    return years.report(organ_id, year) or abort(404)


def _line(row: Publication, words: list[Word]) -> Line:
    day = with_weekday(row.published_on, access.today()) if row.published_on else ""
    question = highlight.snippet(row.question, words)
    if words and not highlight.spans(row.question, words) and highlight.spans(row.answer, words):
        question = highlight.snippet(row.answer, words)
    return Line(row.id, highlight.marked(row.title, words), question, row.office.name, day)
