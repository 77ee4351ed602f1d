"""期限: the one table of terms for everybody; how early each warns, for the administrator of the organ on top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from wtforms import BooleanField, StringField

from ..alerts import rules
from ..db import db
from ..law.terms import BY_CODE, TERMS, Term
from ..stages import record, terms
from ..stages.errors import Refused
from . import access
from .access import allow
from .forms import Form, WholeField, strip

bp = Blueprint("terms", __name__, url_prefix="/admin/terms")


@dataclass(frozen=True)
class Line:
    """One term as it is set now."""

    term: Term
    length: str
    rungs: str
    overdue: bool


class RuleForm(Form):
    """What can be set of a term; ``days`` only where the law leaves its length open."""

    rungs = StringField(
        "提醒（剩几个工作日）",
        filters=[strip],
        description=f"写成 10、5、2、0：剩这么多工作日时各提醒一次，0 是最后一天；最多 {terms.MOST} 次",
    )
    overdue = BooleanField("逾期以后每个工作日再提醒一次")
    days = WholeField("多长（日历日）", description=f"1 到 {terms.LONGEST}，改了以后正在计算的一并改")


class OfficeForm(Form):
    """Which of the two days of the annual report is this office's."""

    government = BooleanField("本机关是人民政府")


@bp.get("")
@allow(*access.EVERYBODY)
def page() -> Any:
    """All terms: what starts each, how long, its article, whose it is, its lapse, when it warns."""
    ladders, lengths = rules.ladders(db.session()), record.term_lengths(db.session())
    return render_template(
        "admin/terms.html",
        lines=[_line(term, ladders[term.code], lengths) for term in TERMS],
        form=OfficeForm(formdata=None, government=access.me().office.government),
    )


@bp.post("")
@allow("admin")
def office() -> Any:
    """Say whether this office is a government."""
    government = bool(OfficeForm().government.data)
    terms.set_government(access.me().office_id, government)
    flash(f"年度报告的最后期限是每年 {'3月31日' if government else '1月31日'}")
    return redirect(url_for("terms.page"))


@bp.get("/<term>")
@allow("admin", for_all=True)
def edit(term: str) -> Any:
    """One term, with what can be set."""
    found = _find(term)
    ladder = rules.ladders(db.session())[term]
    days = record.term_lengths(db.session()).get(term)
    rungs = _words(ladder.rungs)
    return _form(found, RuleForm(formdata=None, rungs=rungs, overdue=ladder.overdue, days=days))


@bp.post("/<term>")
@allow("admin", for_all=True)
def change(term: str) -> Any:
    """Set it; what can't stand is said at its field."""
    found, form = _find(term), RuleForm()
    if found.days is None:
        del form.days
    if form.validate():
        days = form.days.data if found.days is not None else None
        try:
            terms.set_rule(term, form.rungs.data, bool(form.overdue.data) and not found.told_once, days)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(f"“{found.label}”的提醒已经改好，下一次计算起有效")
            return redirect(url_for("terms.page"))
    return _form(found, form), 422


def _find(code: str) -> Term:
    if code not in BY_CODE:
        abort(404)
    return BY_CODE[code]


def _form(term: Term, form: RuleForm) -> str:
    return render_template("admin/term.html", term=term, form=form)


def _line(term: Term, ladder: rules.Ladder, lengths: dict[str, int]) -> Line:
    own = lengths.get(term.code)
    return Line(
        term, f"{own} 日，{term.length}" if own else term.length, _words(ladder.rungs), ladder.overdue
    )


def _words(rungs: tuple[int, ...]) -> str:
    return "、".join(str(rung) for rung in rungs)
