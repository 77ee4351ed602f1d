"""录入: the published table of an office beneath that doesn't work here; looked at with its faults, then taken as it is."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path, PurePath
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField
from wtforms.validators import ValidationError

from .. import moment
from ..db import db
from ..files.types import base_name
from ..law import outcomes, published
from ..law.published import Figures
from ..law.year_table import printed
from ..ledger import uploads
from ..ledger.sheet import Unreadable
from ..models import Office
from ..published.read import LARGEST, MEGABYTE, SUFFIXES, read
from ..reports import offices, typed
from ..reports.year import within
from ..stages import typed as acts
from ..stages.errors import Refused
from ..stages.typed import TAKERS, Source, Typist
from . import access
from .access import allow
from .forms import Form, choices, select
from .year import FORM

bp = Blueprint("typed", __name__, url_prefix="/year/<int:year>/typed")


def _a_table(form: Any, field: Any) -> None:
    """A file is there, of a kind that is read; its size is known only once it is kept."""
    if not field.data:
        raise ValidationError("选择这个机关公开的表")
    if PurePath(field.data.filename).suffix.lower() not in SUFFIXES:
        raise ValidationError("只读 .xlsx、.docx、.html 和 .csv 文件")


class UploadForm(Form):
    """Whose table, and the file."""

    office = select("机关", {}, "选择机关", blank="选择下级机关")
    file = FileField(
        "公开的表", [_a_table],
        description=f"年报的表三、表四，.xlsx、.docx、.html 或者 .csv，最多 {LARGEST // MEGABYTE} 兆；整篇年报也可以",
    )  # fmt: skip


class TakeForm(Form):
    """The file that was looked at, whether its blanks are 0, and whether it is of this year whatever it says."""

    token = HiddenField()
    name = HiddenField()
    zeros = BooleanField("空白的格都是 0，已向原机关核实")
    other_year = BooleanField("")


@bp.get("")
@allow(*TAKERS)
def page(year: int) -> Any:
    """The offices beneath with what stands for each, and the upload."""
    return _page(year, _upload(year))


@bp.post("")
@allow(*TAKERS)
def check(year: int) -> Any:
    """The table as it was read, every fault marked; writes nothing."""
    form = _upload(year)
    if not form.validate():
        return _page(year, form), 422
    instance, upload = Path(current_app.instance_path), form.file.data
    uploads.sweep(instance, moment.now())
    suffix = PurePath(upload.filename).suffix.lower()
    token, kept = uploads.keep(instance, access.me().id, (suffix, upload.read()), None)
    try:
        with kept.opened() as (file, _):
            figures = read(file)
    except Unreadable as error:
        kept.drop()
        form.file.errors = [str(error)]
        return _page(year, form), 422
    name = base_name(upload.filename) or f"公开的表{suffix}"
    take = TakeForm(formdata=None, token=token, name=name)
    return _shown(year, _office(year, int(form.office.data)), figures, take=take)


@bp.post("/<int:office_id>/take")
@allow(*TAKERS)
def take(year: int, office_id: int) -> Any:
    """Let it stand as it is, with its marks."""
    office, form = _office(year, office_id), TakeForm()
    kept = uploads.find(Path(current_app.instance_path), access.me().id, form.token.data or "")
    if kept is None:
        flash("这张表已经录入，或者放得太久已经删除；需要的话重新上传", "warning")
        return redirect(url_for("typed.page", year=year))
    with kept.opened() as (file, _):
        figures, sha256 = read(file), _sha256(file)
    source = Source(base_name(form.name.data or "") or "公开的表", sha256)
    who = Typist(access.me().id, moment.now())
    ticks = {"zeros": bool(form.zeros.data), "other_year": bool(form.other_year.data)}
    try:
        version = acts.take(who, office.id, year, figures, source, **ticks)
    except Refused as refused:
        form.other_year.errors = [refused.reason]
        return _shown(year, office, figures, take=form), 422
    kept.drop()
    flash(f"{office.name} {year} 年的表已经录入" + (f"，代替第 {version - 1} 版" if version > 1 else ""))
    return redirect(url_for("typed.table", year=year, office_id=office.id))


@bp.get("/<int:office_id>")
@allow(*TAKERS)
def table(year: int, office_id: int) -> Any:
    """What stands for an office, with its marks and all its versions."""
    office = _office(year, office_id)
    standing = typed.standing([office.id], year)
    if not standing and not typed.versions(office.id, year):
        abort(404)
    figures = standing[0].figures if standing else None
    return _shown(year, office, figures, standing[0] if standing else None)


@bp.post("/<int:office_id>/withdraw")
@allow(*TAKERS)
def withdraw(year: int, office_id: int) -> Any:
    """Let no typed table stand for this office; the versions stay."""
    office = _office(year, office_id)
    try:
        acts.withdraw(Typist(access.me().id, moment.now()), office.id, year)
    except Refused as refused:
        flash(refused.reason, "warning")
    else:
        flash(f"{office.name} {year} 年录入的表已经撤下，各版仍留着")
    return redirect(url_for("typed.page", year=year))


# -- what the views share ------------------------------------------------------------------------


def _upload(year: int) -> UploadForm:
    if not within(year, access.today()):
        abort(404)
    form = UploadForm()
    below = offices.beneath(access.me().office_id)
    form.office.choices = choices({str(o.id): o.name for o in below}, "选择下级机关")
    return form


def _office(year: int, office_id: int) -> Office:
    """An office beneath this person's; any other is not found."""
    if not within(year, access.today()) or office_id not in _below():
        abort(404)
    return db.session.get_one(Office, office_id)


def _below() -> list[int]:
    return offices.office_ids(access.me().office_id, with_subordinates=True)[1:]


def _page(year: int, form: UploadForm) -> str:
    below = offices.beneath(access.me().office_id)
    ids = [office.id for office in below]
    return render_template(
        "year/typed.html",
        year=year,
        form=form,
        below=below,
        standing={t.office.id: t for t in typed.standing(ids, year)},
        own=typed.with_cases(ids, year),
        day=_day,
    )


def _shown(
    year: int, office: Office, figures: Figures | None, standing: typed.Typed | None = None,
    take: TakeForm | None = None,
) -> str:  # fmt: skip
    """A table that was read: before it is taken (``take``), or as it stands."""
    findings = published.check(figures) if figures else ()
    if take and figures:
        take.other_year.label.text = f"已核实：虽然写着 {figures.year} 年，确是 {year} 年的表"
    return render_template(
        "year/typed_table.html",
        year=year,
        office=office,
        f=figures,
        rows=list(printed(figures.edition)) if figures else [],
        marks=_marks(figures) if figures else {},
        lines=published.told(findings),
        wrong=sum(found.kind == published.WRONG for found in findings),
        standing=standing,
        take=take,
        newer=bool(typed.standing([office.id], year)) if take else False,
        own=office.id in typed.with_cases([office.id], year),
        versions=typed.versions(office.id, year),
        expected=outcomes.edition_of(year),
        form=FORM,
        day=_day,
    )


WORDS = {published.BLANK: "空白", published.MISSING: "缺"}


def _marks(figures: Figures) -> dict[tuple[str, str], tuple[str, str]]:
    """Each cell's class, and what is written in it where no number stands."""
    wrong = {p for found in published.check(figures) if found.kind == published.WRONG for p in found.places}
    found = {place: ("wrong" if place in wrong else "", "") for place in figures.places}
    for place in figures.blanks:
        kind = figures.kind(place)
        found[place] = ("blank", WORDS.get(kind, figures.written.get(place, "")))
    return found


def _day(at: datetime) -> date:
    return moment.local(at).date()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
