"""填报和签发: what to look at before the year's report is signed, the signature, and what has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from sqlalchemy import func, select
from wtforms import HiddenField

from .. import moment
from ..closing import sign
from ..closing.changes import changes, texts
from ..closing.checks import Asked, behind, findings
from ..closing.freeze import Frozen, freeze
from ..closing.printed import signed_report
from ..db import db
from ..law.applicants import TOTAL
from ..law.terms import report_day
from ..law.words import with_weekday
from ..law.year_table import CARRIED_IN, CARRIED_OUT, NEW, RESULTS_TOTAL
from ..models import Office, Person, SignedYear
from ..reports import offices
from ..reports import year as report
from ..reports.annual.files import FILES
from ..reports.pages import case_page
from ..stages.errors import Refused
from ..stages.offices import ABOVE
from . import access, forms
from .access import allow
from .annual import as_file
from .listing import key, listing

bp = Blueprint("closing", __name__)

SUMS = {NEW: "新收", CARRIED_IN: "上年结转", RESULTS_TOTAL: "本年办结", CARRIED_OUT: "结转下年"}


class SignForm(forms.Form):
    """What the lead signs: the hash of what was shown, and why again."""

    shown = HiddenField()
    explanation = forms.area("说明", "note", description="再次签发的，写明哪里改了、为什么")


@bp.get("/year/<int:year>/closing")
@allow(*access.READERS)
def page(year: int) -> Any:
    """Everything to look at before signing; who has signed, and what has changed since."""
    return _show(year, SignForm(formdata=None))


@bp.post("/year/<int:year>/closing")
@allow("lead")
def do(year: int) -> Any:
    """Sign what was shown."""
    _within(year)
    form = SignForm()
    if form.validate():
        try:
            row = sign.sign(access.my_work(), year, form.shown.data or "", form.explanation.data or "")
            flash(f"{year} 年的年报表已签发（第 {row.edition} 版）", "success")
            return redirect(url_for("closing.page", year=year))
        except Refused as refused:
            form.refuse(refused)
    return _show(year, form), 422


@bp.get("/year/<int:year>/closing/cases/<what>")
@allow(*access.READERS)
def cases(year: int, what: str) -> Any:
    """All cases of one finding, a page of them."""
    _within(year)
    office, way = access.office_asked(), access.office_way()
    last = sign.newest(db.session(), office.id, year - 1)
    try:
        sentence, clauses = behind(what, _asked(office, year), office, Frozen(last.frozen) if last else None)
    except KeyError:
        abort(404)
    found = case_page(clauses, key("after"), key("before"))
    return render_template(
        "year/finding.html", year=year, way=way, whose=office, sentence=sentence,
        listing=listing(found, "closing.cases", year=year, what=what, **way),
    )  # fmt: skip


@bp.get("/year/<int:year>/closing/<int:edition>")
@allow(*access.READERS)
def signed(year: int, edition: int) -> Any:
    """One signed edition with its whole report, beside the figures as they are now."""
    office, row = access.office_asked(), _edition(year, edition)
    present = freeze(office, year)
    return render_template(
        "year/signed.html", year=year, row=_told([row])[0], way=access.office_way(), whose=office, files=FILES,
        changes=changes(Frozen(row.frozen), present), texts=texts(Frozen(row.frozen), present),
        paper=signed_report(row),
    )  # fmt: skip


@bp.get("/year/<int:year>/closing/<int:edition>.<ending>")
@allow(*access.READERS)
def download(year: int, edition: int, ending: str) -> Response:
    """The report of a signed edition as a file."""
    if ending not in FILES:
        abort(404)
    name = f"{year}年度报告-{access.office_asked().code}-第{edition}版"
    return as_file(signed_report(_edition(year, edition)), name, ending)


def _edition(year: int, edition: int) -> SignedYear:
    """An edition of the office that is asked for; one that isn't is a 404."""
    office = access.office_asked()
    row = next((r for r in sign.editions(office.id, year) if r.edition == edition), None)
    return row or abort(404)


def _show(year: int, form: SignForm) -> str:
    _within(year)
    office, today = access.office_asked(), access.today()
    present, editions = freeze(office, year), sign.editions(office.id, year)
    last = sign.newest(db.session(), office.id, year - 1)
    form.shown.data = present.hash
    newest = editions[0] if editions else None
    return render_template(
        "year/closing.html",
        year=year,
        way=access.office_way(),
        whose=office,
        below=_below(office, year),
        over=year < today.year,
        due=report_day(year, office.government),
        findings=findings(_asked(office, year), present, Frozen(last.frozen) if last else None),
        editions=_told(editions),
        changes=changes(Frozen(newest.frozen), present) if newest else [],
        texts=texts(Frozen(newest.frozen), present) if newest else [],
        same=bool(newest and newest.hash == present.hash),
        balanced=present.data["figures"]["balanced"],
        sums=[(label, present.figure(key, TOTAL)) for key, label in SUMS.items()],
        form=form,
    )


def _within(year: int) -> None:
    if not report.within(year, access.today()):
        abort(404)


def _asked(office: Office, year: int) -> Asked:
    return Asked(office.id, year, access.today())


def _below(office: Office, year: int) -> list[tuple[Office, int]]:
    """The offices under one that this person reaches, each with the edition it signed, 0 for none."""
    looks = access.me().role in ABOVE
    reached = offices.office_ids(office.id, with_subordinates=looks)[1:]
    newest = select(func.max(SignedYear.edition)).where(
        SignedYear.office_id == Office.id, SignedYear.year == year
    )
    query = select(Office, newest.scalar_subquery()).where(Office.id.in_(reached)).order_by(Office.code)
    return [(o, edition or 0) for o, edition in db.session.execute(query)] if reached else []


@dataclass(frozen=True)
class Signed:
    """One edition as a page tells it."""

    edition: int
    who: str
    when: str
    hash: str
    explanation: str


def _told(rows: list[SignedYear]) -> list[Signed]:
    query = select(Person.id, Person.name).where(Person.id.in_({row.signed_by for row in rows}))
    names = {key: name for key, name in db.session.execute(query)} if rows else {}
    return [Signed(r.edition, names[r.signed_by], _moment(r.signed_at), r.hash, r.explanation) for r in rows]


def _moment(at: datetime) -> str:
    """2027年1月12日 周二 09:30, in China."""
    there = moment.local(at)
    return f"{there.year}年{with_weekday(there.date())} {there:%H:%M}"
