"""更正: a recorded day, a result, or what the form says; the old one stays in the history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from wtforms import HiddenField

from ..law.casefile import Entry
from ..law.replay import OF_THE_RECORD, corrected
from ..law.words import with_weekday
from ..law.workflow import BY_CODE
from ..reports import casefolder
from ..reports.casefolder import Folder
from ..stages import correct, correctable, record
from ..stages.errors import Changed, Refused
from . import access, acts, forms, later, register_form
from .access import allow
from .act_forms import RESULTS
from .again import kept
from .register_form import RegisterForm
from .rows import row

bp = Blueprint("corrections", __name__)


class CorrectionForm(forms.Form):
    """What every correction needs."""

    seen = HiddenField()
    note = forms.area("更正的理由", "note", "写明更正的理由")


class DayForm(CorrectionForm):
    """A recorded day was another one."""

    target = forms.select("哪一条", [], "选择要更正的一条", blank="选择要更正的一条")
    new_day = forms.day("正确的日期", "填写正确的日期")


class FactForm(CorrectionForm):
    """A recorded fact other than its day."""

    fact = forms.select("哪一项", [], "选择要更正的一项", blank="选择要更正的一项")
    value = forms.text(
        "正确的内容",
        "number",
        "写明正确的内容",
        description="照下面所选一项的写法",
    )


class VoidForm(CorrectionForm):
    """What was recorded never happened."""

    target = forms.select("哪一条", [], "选择要作废的一条", blank="选择要作废的一条")


class ResultForm(CorrectionForm):
    """The reply stands under a wrong result."""

    result = forms.select("正确的办理结果", RESULTS, "选择办理结果", blank="选择办理结果")


class ParticularsForm(RegisterForm, CorrectionForm):
    """The form of art. 29 as it should have been recorded."""


def _do_day(case_id: int, form: Any) -> None:
    correct.correct_day(
        access.my_work(), case_id, _seen(form), int(form.target.data), form.new_day.data, form.note.data
    )


def _do_fact(case_id: int, form: Any) -> None:
    target, _, key = form.fact.data.partition("-")
    correct.correct_fact(
        access.my_work(), case_id, _seen(form), int(target), key, form.value.data, form.note.data
    )


def _do_void(case_id: int, form: Any) -> None:
    correct.void(access.my_work(), case_id, _seen(form), int(form.target.data), form.note.data)


def _do_result(case_id: int, form: Any) -> None:
    correct.correct_result(access.my_work(), case_id, _seen(form), form.result.data, form.note.data)


def _do_form(case_id: int, form: Any) -> None:
    correct.correct_particulars(
        access.my_work(), case_id, _seen(form), form.arrival(), form.application(), form.note.data
    )


# kind -> its form and its service; the page shows them all
KINDS: dict[str, tuple[type[CorrectionForm], Callable[[int, Any], None]]] = {
    "day": (DayForm, _do_day),
    "fact": (FactForm, _do_fact),
    "result": (ResultForm, _do_result),
    "void": (VoidForm, _do_void),
    "form": (ParticularsForm, _do_form),
}


@bp.get("/cases/<int:case_id>/correct")
@allow("lead")
def page(case_id: int) -> Any:
    """What may be corrected."""
    folder = casefolder.open_folder(access.my_case(case_id), access.calendar())
    if folder.file.masked:
        abort(410, "这件的个人信息已经隐去，不能再更正")
    return _show(folder, {kind: _blank(kind, folder) for kind in KINDS})


def retyped(case_id: int, kind: str) -> str:
    """The forms, one with what was typed, unchecked."""
    folder, form = _opened(case_id, kind)
    return _show(folder, {k: form if k == kind else _blank(k, folder) for k in KINDS})


def _opened(case_id: int, kind: str) -> tuple[Folder, CorrectionForm]:
    """The case and what was typed; 404 for an unknown kind."""
    if kind not in KINDS:
        abort(404)
    folder = casefolder.open_folder(access.my_case(case_id), access.calendar())
    return folder, _typed(kind, folder)


@bp.post("/cases/<int:case_id>/correct/<kind>")
@allow("lead")
@kept(retyped)
def do(case_id: int, kind: str) -> Any:
    """Correct, or say at the field why not."""
    folder, form = _opened(case_id, kind)
    status = 422
    if form.validate():
        try:
            KINDS[kind][1](case_id, form)
        except Refused as refused:
            field = form.field_of(refused.field) if isinstance(form, RegisterForm) else refused.field
            form.refuse(Refused(refused.reason, field))
        except Changed as changed:
            return _changed(case_id, kind, form, changed), 409
        else:
            flash("更正已记入", "success")
            return redirect(url_for("cases.page", case_id=case_id))
    return _show(folder, {k: form if k == kind else _blank(k, folder) for k in KINDS}), status


def _changed(case_id: int, kind: str, form: CorrectionForm, changed: Changed) -> str:
    folder = casefolder.open_folder(access.my_case(case_id), access.calendar())
    form.seen.data = str(changed.seq)
    since = [line for line in acts.told(folder) if line.seq > changed.seen]
    return _show(folder, {k: form if k == kind else _blank(k, folder) for k in KINDS}, since)


def _seen(form: CorrectionForm) -> int:
    return forms.event_number(form.seen)


def _entries(folder: Folder) -> list[Entry]:
    return corrected(record.entry_of(e) for e in folder.events)


def _blank(kind: str, folder: Folder) -> CorrectionForm:
    """A form with the present values, untouched by what was posted to another one."""
    if kind == "form":
        details = _entries(folder)[0].details
        values = register_form.values_of(folder.case, details)
        form: CorrectionForm = ParticularsForm(formdata=None, data=values, prefix=kind)
    else:
        form = KINDS[kind][0](formdata=None, prefix=kind)
    return _prepared(form, folder)


def _typed(kind: str, folder: Folder) -> CorrectionForm:
    form = KINDS[kind][0](request.form, prefix=kind)
    return _prepared(form, folder, seen=form.seen.data)


def _prepared(form: CorrectionForm, folder: Folder, seen: str | None = None) -> CorrectionForm:
    form.seen.data = seen or str(folder.case.seq)
    if isinstance(form, DayForm):
        fixed = {"register", *OF_THE_RECORD}
        dated = (e for e in _entries(folder) if e.act not in fixed)
        form.target.choices = forms.choices(((str(e.seq), _line(e)) for e in dated), "选择要更正的一条")
    if isinstance(form, VoidForm):
        form.target.choices = forms.choices(
            ((str(e.seq), _line(e)) for e in _voidable(folder)), "选择要作废的一条"
        )
    if isinstance(form, FactForm):
        found = correctable.facts_of(_entries(folder))
        form.fact.choices = forms.choices(
            ((f"{e.seq}-{key}", f"第 {e.seq} 条 {_name(e)} · {fact.label}") for e, key, fact in found),
            "选择要更正的一项",
        )
    return form


def _name(entry: Entry) -> str:
    return BY_CODE[entry.act].label if entry.act in BY_CODE else "台账记录"


def _line(entry: Entry) -> str:
    return f"第 {entry.seq} 条 {_name(entry)} · {with_weekday(entry.on, access.today())}"


def _voidable(folder: Folder) -> list[Entry]:
    return [e for e in _entries(folder) if e.act in correctable.VOIDABLE]


def _facts(folder: Folder) -> list[tuple[str, str]]:
    """Each fact that may be corrected, with what it says now and how the right one is typed."""
    today = access.today()
    return [
        (
            f"第 {e.seq} 条 {_name(e)} · {fact.label}",
            f"现在是 {fact.show(e.details[key], today) or '空'}；{fact.hint}",
        )
        for e, key, fact in correctable.facts_of(_entries(folder))
    ]


def _show(folder: Folder, shown: dict[str, CorrectionForm], since: Any = ()) -> str:
    today = access.today()
    return render_template(
        "acts/correct.html",
        case=folder.case,
        line=row(folder.case, today, folder.calendar),
        forms=shown,
        replied=folder.file.replied,
        signed=later.signed_with(folder.case),
        facts=_facts(folder),
        voidable=bool(_voidable(folder)),
        since=since,
        known=[],
    )
