"""检索: the cases in which every word is said, of those that this person may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ..counter import tickets
from ..db import db
from ..law.applicants import CLASSES
from ..law.outcomes import OUTCOMES
from ..models import Case
from ..reports import offices
from ..search import grams, highlight, texts
from ..search.find import LIMIT, Filters, find
from ..search.grams import DESK, Word
from ..search.highlight import Piece
from . import access
from .access import allow
from .rows import Row, lines

bp = Blueprint("search", __name__)

PAGE = 20  # cases
LONGEST = 100  # characters of a question
OPEN = "open"  # as a result: none yet
SHOWN = ("登记编号", "申请人", "申请内容")  # always
MOST_TEXTS = 3  # others of a case in which something was found
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True)
class Hit:
    """One case that was found: its line, and where it says what was asked for."""

    row: Row
    office: str  # "" where there is only one
    number: list[Piece]
    applicant: list[Piece]
    what: list[Piece]
    others: list[tuple[str, list[Piece]]]  # label, piece


@bp.get("/search")
@allow(*access.READERS)
def page() -> Any:
    """What was asked for, and the cases; a question that is none asks for one."""
    question = request.args.get("q", "").replace("\0", "").strip()[:LONGEST]
    words, scope = grams.words(question), _scope()
    if case_id := tickets.case_of(db.session(), question, scope.names):
        return redirect(url_for("cases.page", case_id=case_id))
    found = find(db.session(), words, _filters(scope), _at_desk())
    number = min(max(access.number(request.args, "page") or 1, 1), max(1, -(-len(found.ids) // PAGE)))
    shown = found.ids[(number - 1) * PAGE : number * PAGE]
    return render_template(
        "search/page.html",
        q=question, words=words, hits=_hits(shown, words, scope), total=f"{LIMIT}+" if found.more else str(len(found.ids)),
        more=found.more, first=(number - 1) * PAGE + 1,
        prev=_at(number - 1) if number > 1 else None,
        next=_at(number + 1) if number * PAGE < len(found.ids) else None,
        choices=_choices(scope), asked=request.args, filtered=any(request.args.get(n) for n in NAMES),
    )  # fmt: skip


NAMES = ("year", "office", "result", "applicant_class")


@dataclass(frozen=True)
class Scope:
    """The offices whose cases this person sees, by id, and whether there are no others."""

    names: dict[int, str]
    is_all: bool


def _scope() -> Scope:
    mine = access.me().office
    if access.me().role != "supervisor":
        return Scope({mine.id: mine.name}, False)
    every = offices.whole()
    names = {key: every.names[key] for key in every.ids(mine.id, with_subordinates=True)}
    return Scope(names, len(names) == len(every.names))


def _at_desk() -> bool:
    return access.me().role in access.DESK


def _filters(scope: Scope) -> Filters:
    """The limits of the address; one that isn't among the choices is as if it were not there, an office is a 404."""
    office = access.number(request.args, "office")
    if office is not None and office not in scope.names:
        abort(404)
    result, kind = request.args.get("result", ""), request.args.get("applicant_class", "")
    year = access.number(request.args, "year")
    return Filters(
        offices=(office,) if office is not None else () if scope.is_all else tuple(scope.names),
        year=year if year and FIRST_YEAR <= year <= LAST_YEAR else None,
        result="" if result == OPEN else result if result in {o.code for o in OUTCOMES} else None,
        applicant_class=kind if kind in CLASSES else None,
    )


def _at(number: int) -> str:
    """The address of another page of the same question."""
    same = {name: value for name, value in request.args.items() if name != "page" and value}
    return url_for("search.page", **same, page=number)  # type: ignore[arg-type]


def _choices(scope: Scope) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    """The drop-downs: name, label, first line, choices."""
    this = access.today().year
    years = [(str(year), f"{year} 年") for year in range(this, this - 11, -1)]
    results = [(OPEN, "尚未办结"), *((o.code, o.label) for o in OUTCOMES)]
    many = [("office", "机关", "全部机关", [(str(key), name) for key, name in scope.names.items()])]
    return [
        *(many if len(scope.names) > 1 else []),
        ("year", "登记年度", "全部年度", years),
        ("result", "办理结果", "全部结果", results),
        ("applicant_class", "申请人类型", "全部类型", list(CLASSES.items())),
    ]


def _hits(ids: Sequence[int], words: Sequence[Word], scope: Scope) -> list[Hit]:
    """The cases in the order of their ids as given, with what they say."""
    if not ids:
        return []
    query = select(Case).where(Case.id.in_(ids)).options(joinedload(Case.particulars))
    by_id = {case.id: case for case in db.session.scalars(query)}
    cases = [by_id[case_id] for case_id in ids if case_id in by_id]
    told = texts.beside(db.session(), cases)
    return [
        _hit(row, case, [t for t in told[case.id] if t.part != DESK or _at_desk()], words, scope)
        for row, case in zip(lines(cases), cases, strict=True)
    ]


def _hit(row: Row, case: Case, told: list[texts.Text], words: Sequence[Word], scope: Scope) -> Hit:
    others = [t for t in told if t.label not in SHOWN and highlight.spans(t.text, words)]
    once = {t.text: t for t in reversed(others)}  # a letter repeats the ground of its draft
    return Hit(
        row,
        scope.names[case.office_id] if len(scope.names) > 1 else "",
        highlight.marked(row.number, words),
        highlight.marked(row.applicant, words),
        highlight.snippet(row.what, words),
        [(t.label, highlight.snippet(t.text, words)) for t in list(once.values())[::-1]][:MOST_TEXTS],
    )
