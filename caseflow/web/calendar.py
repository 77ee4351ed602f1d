"""日历: the year's working days and where they come from; entering a notice, local days, closing days."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from wtforms import Field

from .. import moment
from ..calendars import store
from ..db import db
from ..law import notice as notices
from ..law.holidays import Unreadable
from ..law.workdays import FIRST, LAST
from ..models import CalendarYear, Person
from ..stages import calendar, closing
from ..stages.calendar import Draft
from ..stages.checks import day_of
from ..stages.errors import Changed, Refused
from . import access, forms
from . import calendar_changes as changes
from . import calendar_pages as pages
from .access import allow

bp = Blueprint("calendar", __name__, url_prefix="/calendar")

TEMPLATES = {"notice": "calendar/notice.html", "local": "calendar/local.html"}


class NoticeForm(forms.Form):
    """The State's notice."""

    words = forms.area(
        "放假安排", "notice", "粘贴通知中的放假安排",
        description="从通知原文粘贴，一句不改，例如“春节：2月15日至23日放假调休，共9天。2月14日（星期六）上班。”",
    )  # fmt: skip
    document = forms.text(
        "文件", "document", "写明文件名称和文号",
        description="名称和文号，例如“……的通知（国办发明电〔2026〕7号）”；粘贴的原文里有的，可以不写文号",
    )  # fmt: skip
    seen = forms.hidden()


class LocalForm(forms.Form):
    """A statutory local holiday, or a government's notice."""

    first = forms.day("第一天", "填写第一天")
    last = forms.day("最后一天", description="只有一天的不填")
    kind = forms.segments(
        "安排", {"off": "放假", "worked": "调休上班"}, "选择放假或者调休上班", default="off"
    )
    name = forms.text("名称", "holiday", "写明名称")
    document = forms.text(
        "文件", "document", "写明文件名称和文号", description="地方性法规或者人民政府通知，写明文号"
    )
    seen = forms.hidden()


class ClosingForm(forms.Form):
    """A day on which this office is closed."""

    day = forms.day("日期", "填写日期")
    name = forms.text("原因", "holiday", "写明原因")


@bp.get("")
@allow(*access.EVERYBODY)
def current() -> Any:
    """To this year."""
    return redirect(url_for("calendar.year", year=access.today().year))


@bp.get("/<int:year>")
@allow(*access.EVERYBODY)
def year(year: int) -> Any:
    """Twelve months, their working days, and the document each day comes from."""
    entries, shown = store.entries(_within(year)), request.args.get("version")
    edition = None if shown is None else _edition(entries, shown)
    version = edition.version if edition else access.calendar().version
    return render_template(
        "calendar/year.html",
        **_year(year, version),
        **(_against(year, edition, entries) if edition else {}),
        entries=[(e, _who(e.entered_by)) for e in entries],
        edition=edition,
    )


def _year(year: int, version: int) -> dict[str, Any]:
    """A year as it stands, or stood, at ``version``."""
    neighbours = [n for n in (year - 1, year + 1) if FIRST.year <= n <= LAST.year]
    entered, standing = store.years([year, *neighbours], version), store.edition(version)
    found = entered[year]
    closed = closing.closing_days(access.me().office_id, year)
    return {
        "found": found,
        "months": pages.months(found, standing, closed, access.today()),
        "working": pages.working_days(standing, year),
        "festivals": pages.festivals(year, [found, *(entered[n] for n in neighbours)]),
        "lack": pages.lack_of(found),
        "sources": pages.sources(found),
        "closed": closed,
        "neighbours": neighbours,
        "heads": pages.HEADS,
    }


def _edition(entries: list[CalendarYear], shown: str) -> CalendarYear:
    """The edition asked for; a year has only those in which it was entered."""
    found = next((entry for entry in entries if entry.version == _number(shown)), None)
    return found or abort(404)


def _against(year: int, edition: CalendarYear, entries: list[CalendarYear]) -> dict[str, Any]:
    """When an edition was entered and what it changed in the year; None in its first."""
    versions = [entry.version for entry in entries if entry.version <= edition.version]
    after, *before = [store.year(year, version) for version in versions[:2]]
    differs = changes.changed(before[0], after) if before else None
    return {"entered_day": moment.local(edition.entered_at).date(), "differs": differs}


@bp.route("/<int:year>/enter", methods=["GET", "POST"])
@allow("admin", for_all=True)
def notice(year: int) -> Any:
    """The State's notice: pasted, previewed, entered."""
    form = NoticeForm()
    if request.method == "GET":
        standing = store.year(_within(year)).document
        form.document.data = standing or notices.TITLE.format(year)
    return _proposed(
        year, "notice", form,
        lambda: calendar.draft(form.words.data or "", year, _document(form, year)),
    )  # fmt: skip


def _document(form: NoticeForm, year: int) -> str:
    """The document as typed; where it has no number, title and number as the pasted words have them."""
    typed, told = form.document.data or "", notices.document_of(form.words.data or "", year)
    known = typed == store.year(year).document or calendar.NUMBER.search(typed)
    return told if not known and calendar.NUMBER.search(told) and typed in told else typed


@bp.route("/<int:year>/local", methods=["GET", "POST"])
@allow("admin", for_all=True)
def local(year: int) -> Any:
    """A local day: previewed, entered."""
    form = LocalForm()
    return _proposed(year, "local", form, lambda: _local_draft(year, form))


@bp.post("/<int:year>/local/remove")
@allow("admin", for_all=True)
def remove(year: int) -> Any:
    """A local day that is to count no more: previewed, taken out in a new edition."""
    day = day_of(request.form.get("day", ""))
    if day is None or day.year != _within(year):
        abort(422)
    form = forms.Form()
    return _proposed(year, "remove", form, lambda: calendar.draft_without(day))


@bp.route("/<int:year>/closing", methods=["GET", "POST"])
@allow("lead")
def close(year: int) -> Any:
    """The office's own closing days."""
    form, office_id, status = ClosingForm(), access.me().office_id, 200
    if request.method == "POST":
        day = form.day.data
        if form.validate() and day:
            try:
                closing.close_on(office_id, day, form.name.data or "")
            except Refused as refused:
                form.refuse(refused)
            else:
                flash("已登记，只供查看，不影响期限")
                return redirect(url_for("calendar.close", year=day.year))
        status = 422
    days = closing.closing_days(office_id, _within(year))
    return render_template("calendar/closing.html", year=year, form=form, days=days), status


@bp.post("/<int:year>/closing/remove")
@allow("lead")
def reopen(year: int) -> Any:
    """Open on that day after all."""
    day = day_of(request.form.get("day", ""))
    if day is None:
        abort(422)
    try:
        closing.open_on(access.me().office_id, day)
        flash("已删去")
    except Refused as refused:
        flash(f"{refused.reason}，也许已经删去，没有改动", "warning")
    return redirect(url_for("calendar.close", year=_within(year)))


def _within(year: int) -> int:
    """A year that the calendar reaches; any other is not found."""
    if not FIRST.year <= year <= LAST.year:
        abort(404)
    return year


def _who(person_id: int | None) -> str:
    """Who entered an edition: of another office only that."""
    person = db.session.get(Person, person_id) if person_id else None
    if person is None:
        return "随系统提供或者用命令录入"
    return person.name if person.office_id == access.me().office_id else "其他机关的系统管理员"


def _local_draft(year: int, form: LocalForm) -> Draft:
    first = form.first.data
    if first is None or first.year != year:
        raise Refused(f"不是 {year} 年的日期", "first")
    name, document = form.name.data or "", form.document.data or ""
    return calendar.draft_local(first, form.last.data or first, form.kind.data == "worked", name, document)


# -- preview, then write -------------------------------------------------------------------------


def _proposed(year: int, page: str, form: Any, propose: Callable[[], Draft]) -> Any:
    """The empty form, its faults, the preview, or (confirmed) the new edition; all checked each time."""
    _within(year)
    if request.method == "GET":
        return _form(year, page, form)
    if not form.validate():
        return _form(year, page, form), 422
    try:
        try:
            return (
                _written(year, propose)
                if "confirm" in request.form
                else _preview(year, page, form, propose())
            )
        except Changed:
            anew = propose()
            flash("看过以后日历有了新的版本，下面是按新版本重新计算的，没有写入", "warning")
            return _preview(year, page, form, anew), 409
    except (Unreadable, Refused) as why:
        return _refused(year, page, form, why)


def _refused(year: int, page: str, form: Any, why: Unreadable | Refused) -> Any:
    """Back to the form with the reasons; to the calendar where a day is withdrawn that is withdrawn already."""
    if isinstance(why, Unreadable):
        return _form(year, page, form, why), 422
    if page == "remove" and "confirm" in request.form:
        flash(f"{why.reason}，也许已经撤销，没有改动", "warning")
        return redirect(url_for("calendar.year", year=year))
    form.refuse(why)
    return _form(year, page, form), 422


def _written(year: int, propose: Callable[[], Draft]) -> Any:
    entered = calendar.enter(
        propose, actor_id=access.me().id, today=access.today(), now=moment.now(),
        seen=_number(request.form.get("seen", "")),
    )  # fmt: skip
    moved = sum(change.moves for change in entered.changes)
    if entered.version is None:
        flash("与现在的日历相同，没有改动")
    else:
        flash(f"已录入日历第 {entered.version} 版，改变 {moved} 件在办件的到期日")
    return redirect(url_for("calendar.year", year=year))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _preview(year: int, page: str, form: Any, draft: Draft) -> str:
    """What would be written, with all that the confirming form carries again."""
    kept = {f.short_name for f in form if isinstance(f, Field)} - {"csrf_token", "seen"} | {"day"}
    return render_template(
        "calendar/preview.html",
        year=year,
        page=page,
        draft=draft,
        years=changes.drafted_years(draft, {y.year: store.year(y.year) for y in draft.years}),
        impact=changes.impact_of(calendar.impact(draft), access.me().office_id),
        carried=[(name, value) for name, value in request.form.items(multi=True) if name in kept],
    )


def _form(year: int, page: str, form: Any, unreadable: Unreadable | None = None) -> str:
    if page == "remove":  # has no page of its own
        page, errors = "local", list(form.form_errors)
        form = LocalForm(formdata=None)
        form.form_errors = errors
    return render_template(
        TEMPLATES[page],
        year=year,
        form=form,
        found=store.year(year),
        faults=unreadable.faults if unreadable else (),
    )
