"""年度报告: the whole report of a year, part by part; every number that differs from its table pointed at; versions; files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, send_file, url_for

from .. import moment
from ..closing import sign
from ..closing.printed import state_of
from ..db import db
from ..law import annual_tables, annual_two
from ..law.annual import PARTS, PROACTIVE
from ..law.words import with_weekday
from ..models import AnnualDraft
from ..reports import offices
from ..reports.annual import report as reports
from ..reports.annual.files import FILES
from ..reports.annual.paper import Paper, Part, State
from ..reports.annual.report import AnnualReport
from ..reports.year import within
from ..stages import annual
from ..stages.errors import Changed, Refused
from . import access, again
from .access import allow
from .annual_forms import TextForm, TwoForm, two_form
from .year import asked_scope, asked_way

bp = Blueprint("annual", __name__, url_prefix="/year/<int:year>")

TOGETHER = State("汇总稿（由各机关分别签发）")
FIGURES, LAST = "figures", "last"  # what a part may be started from


@bp.get("/report")
@allow(*access.READERS)
def page(year: int) -> Any:
    """The six parts with their state, the report as it will be printed, files and versions."""
    found, office, alone = _report(year), access.office_asked(), not asked_scope()
    return render_template(
        "annual/page.html",
        r=found,
        paper=found.paper(_state(found)),
        versions=_told(reports.versions(office.id, year)) if alone else [],
        writes=alone and not access.office_way() and access.me().role in annual.EDITORS,
        over=year < access.today().year,
        files=FILES,
        way=asked_way(),
        one=access.office_way(),
        below=len(offices.beneath(office.id)),
        signed=sign.newest(db.session(), office.id, year) if alone else None,
    )


@bp.get("/report.<ending>")
@allow(*access.READERS)
def download(year: int, ending: str) -> Response:
    """The report as a file."""
    if ending not in FILES:
        abort(404)
    found = _report(year)
    kind = "-含下级" if asked_scope() else ""
    return as_file(found.paper(_state(found)), f"{year}年度报告-{found.office.code}{kind}", ending)


def as_file(paper: Paper, name: str, ending: str) -> Response:
    """A report as a file of a kind of FILES; its name says whether it is a draft."""
    make, kind = FILES[ending]
    name = f"{name}{'' if paper.state.final else '-草稿'}.{ending}"
    return send_file(BytesIO(make(paper)), mimetype=kind, as_attachment=True, download_name=name)


def _state(found: AnnualReport) -> State:
    """Whether it is signed as it stands; of several offices together there is nothing to sign."""
    return TOGETHER if found.below else state_of(found)


@bp.get("/report/<part>")
@allow(*access.DESK)
def edit(year: int, part: str) -> Any:
    """One part to be written; it may be started from the figures or from last year's text."""
    found = _report(year)
    if _known(part) == PROACTIVE:
        form = two_form(found.edition, found.figures.two)
    else:
        form = TextForm(formdata=None, text=_start(found, part))
    form.seen.data = str(found.version)
    return _edit(found, part, form)


@bp.post("/report/<part>")
@allow(*access.DESK)
@again.kept(lambda year, part: _posted(year, part))
def save(year: int, part: str) -> Any:
    """Keep a part as a new version; what somebody else wrote into it meanwhile is shown first."""
    found, form = _report(year), _form(year, part)
    if not form.validate():
        return _edit(found, part, form), 422
    draft = annual.Draft(access.me().id, found.office.id, year, form.last_seen(), moment.now())
    try:
        version = _save(draft, found, part, form)
    except Changed as changed:
        form.seen.data = str(changed.seq)
        return _edit(_report(year), part, form, meanwhile=True), 409
    except Refused as refused:
        form.refuse(refused)
        return _edit(found, part, form), 422
    flash(f"{PARTS[part]}：{f'已保存，第 {version} 版' if version > found.version else '没有改动'}")
    return redirect(url_for("annual.page", year=year))


@bp.post("/report/<part>/check")
@allow(*access.DESK)
@again.kept(lambda year, part: _posted(year, part))
def check(year: int, part: str) -> Any:
    """What is typed, held against the figures; writes nothing."""
    found, form = _report(year), _form(year, part)
    form.validate()
    return _edit(found, part, form)


@bp.get("/report/versions/<int:version>")
@allow(*access.READERS)
def older(year: int, version: int) -> Any:
    """The report with the words of one version; the figures of the cases are those of now."""
    found = _report(year, version)
    rows = _told(reports.versions(found.office.id, year))
    row = next((told for told in rows if told.version == version), None)
    return render_template(
        "annual/version.html", r=found, row=row, version=version, newest=rows[0].version if rows else 0, way=access.office_way(),
        writes=not access.office_way() and access.me().role in annual.EDITORS,
    )  # fmt: skip


@bp.post("/report/versions/<int:version>")
@allow(*access.DESK)
def restore(year: int, version: int) -> Any:
    """Save an older version anew."""
    found, seen = _report(year), access.number(request.form, "seen")
    draft = annual.Draft(access.me().id, found.office.id, year, -1 if seen is None else seen, moment.now())
    try:
        made = annual.restore(draft, version)
    except Refused as refused:
        flash(refused.reason, "warning")
    except Changed:
        flash("您打开以后又有了新的一版，没有恢复；看过以后再点一次", "warning")
        return redirect(url_for("annual.older", year=year, version=version))
    else:
        flash(
            f"已恢复第 {version} 版的内容，存为第 {made} 版"
            if version
            else f"全部改回由数字生成，存为第 {made} 版"
        )
    return redirect(url_for("annual.page", year=year))


# -- what the views share ------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """One version as a page tells it."""

    version: int
    who: str
    when: str
    what: str
    part: str  # "" where it is an older one again, and with it every part


def _told(rows: list[tuple[AnnualDraft, str]]) -> list[Told]:
    return [Told(row.version, by, _when(row.at), _what(row), row.part) for row, by in rows]


def _what(row: AnnualDraft) -> str:
    if row.restored is not None:
        return f"恢复第 {row.restored} 版" if row.restored else "改回由数字生成"
    return PARTS.get(row.part, "")


def _when(at: datetime) -> str:
    """1月12日 周二 09:30, in China."""
    there = moment.local(at)
    return f"{with_weekday(there.date(), access.today())} {there:%H:%M}"


def _report(year: int, version: int | None = None) -> AnnualReport:
    """The report of the office that is asked for, if the year can have one and there is such a version."""
    if not within(year, access.today()):
        abort(404)
    office = access.office_asked()
    if version is None:
        return (reports.together if asked_scope() else reports.annual_report)(office, year)
    found = reports.older_report(office, year, version)
    if found is None:
        abort(404)
    return found


def _known(part: str) -> str:
    if part not in PARTS:
        abort(404)
    return part


def _form(year: int, part: str) -> TextForm | TwoForm:
    """The form of a part with what was sent."""
    return two_form(_report(year).edition) if _known(part) == PROACTIVE else TextForm()


def _posted(year: int, part: str) -> str:
    """What was sent, shown again as it is."""
    return _edit(_report(year), part, _form(year, part))


def _start(found: AnnualReport, part: str) -> str:
    """The text that a part is opened with: what stands, or what was asked for instead."""
    start = request.args.get("start")
    if start == FIGURES:
        return found.generated[part]
    last = reports.last_text(found.office, found.year, part) if start == LAST else ""
    return last or found.part(part).text


def _save(draft: annual.Draft, found: AnnualReport, part: str, form: TextForm | TwoForm) -> int:
    if isinstance(form, TwoForm):
        return annual.save_figures(draft, form.amounts())
    text = form.text.data or ""
    # the same words as the figures give are nobody's: they go on following the figures
    return annual.save_text(draft, part, None if text == found.generated[part].strip() else text)


def _edit(found: AnnualReport, part: str, form: TextForm | TwoForm, meanwhile: bool = False) -> str:
    shown = _typed(found, part, form)
    rows = _told(reports.versions(found.office.id, found.year))
    common = {
        "r": found, "part": shown, "form": form, "rows": rows,
        "meanwhile": found.part(part) if meanwhile else None,
        "other": next((told for told in rows if told.part in ("", part)), None),
    }  # fmt: skip
    if isinstance(form, TwoForm):
        return render_template(
            "annual/two.html", **common, places=annual_tables.places(found.edition), last=found.last_two,
            written=annual_two.written, wrong={p for f in shown.findings if f.kind == annual_two.WRONG for p in f.places},
        )  # fmt: skip
    last = reports.last_text(found.office, found.year, part)
    same = (form.text.data or "") == found.generated[part].strip()
    return render_template("annual/text.html", **common, last=last, same=same, figures=FIGURES, start=LAST)


def _typed(found: AnnualReport, part: str, form: TextForm | TwoForm) -> Part:
    """The part as it is typed now, held against the figures."""
    if isinstance(form, TwoForm):
        try:
            return reports.with_figures(found, form.amounts()).part(part)
        except ValueError:  # told at its field; the others are held against what stands
            return found.part(part)
    return found.read(part, form.text.data or "", True)
