"""One page for any act: its form, the refusal at the field, two people on one case."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import Select, bindparam, select
from werkzeug.datastructures import MultiDict

from ..db import db
from ..law import guards
from ..law.applicants import masked
from ..law.folder import desk_notes
from ..law.workflow import BY_CODE, may
from ..models import Case, Note, Person
from ..reports import casefolder, history
from ..reports.casefolder import Folder
from ..stages.errors import Changed, Refused
from . import access, later
from .access import allow
from .act_forms import ActForm
from .act_pages import PAGES, ActPage
from .again import kept
from .rows import row
from .what_if import TRIALS, Told, tell, unmoved

bp = Blueprint("acts", __name__)


@bp.get("/cases/<int:case_id>/acts/<act>")
@allow(*access.READERS)
def page(case_id: int, act: str) -> Any:
    """The form of an act, or why it can't be done now."""
    case, what = _opened(case_id, act)
    folder = casefolder.open_folder(case, access.calendar())
    form = _form(what, folder)
    form.seen.data = str(case.seq)
    return _show(folder, act, form, refused=_refusal(folder, act))


def retyped(case_id: int, act: str) -> str:
    """The form with what was typed, unchecked."""
    case, what = _opened(case_id, act)
    folder = casefolder.open_folder(case, access.calendar())
    return _show(folder, act, _form(what, folder))


@bp.post("/cases/<int:case_id>/acts/<act>")
@allow(*access.READERS)
@kept(retyped)
def do(case_id: int, act: str) -> Any:
    """Do it: one act, one transaction, one event; or say at the field why not."""
    case, what = _opened(case_id, act)
    number = case.number  # asked for again after the act, it would be the whole case once more
    folder = casefolder.open_folder(case, access.calendar())
    form = _form(what, folder)
    if "recalculate" in request.form:
        return _again(case_id, act, form)
    if not form.validate():
        return _again(case_id, act, form), 422
    if year := later.unread(act, form.on.data if hasattr(form, "on") else None, folder.file.counted):
        return _again(case_id, act, form, year), 422
    try:
        what.do(access.my_work(), case_id, form.last_seen(), form)
    except Refused as refused:
        form.refuse(refused)
        return _again(case_id, act, form), 422
    except Changed as changed:
        return _changed(case_id, act, form, changed), 409
    flash(f"{BY_CODE[act].label}：已记入 {number}", "success")
    return redirect(url_for("cases.page", case_id=case_id))


@bp.get("/cases/<int:case_id>/acts/<act>/what-if")
@allow(*access.READERS)
def what_if(case_id: int, act: str) -> Any:
    """The due day as it is and as it would be, for the script."""
    case, what = _opened(case_id, act)
    folder = casefolder.open_folder(case, access.calendar())
    form = _form(what, folder, request.args)
    why = _refusal(folder, act)
    told = Told(problem=why) if why else tell(folder, act, form) or unmoved(folder)
    return render_template("acts/_what_if.html", told=told)


def _opened(case_id: int, act: str) -> tuple[Case, ActPage]:
    """The case and the page of an act; 404 for an unknown one, 403 where the role may never do it."""
    case = access.my_case(case_id)
    if act not in PAGES:
        abort(404)
    if access.me().role not in BY_CODE[act].roles:
        abort(403)
    return case, PAGES[act]


def _form(what: ActPage, folder: Folder, typed: MultiDict[str, str] | None = None) -> ActForm:
    """The form as it was sent, as ``typed`` in an address, or new."""
    form = what.form() if typed is None else what.form(formdata=typed, meta={"csrf": False})
    form.prepare(folder, clerks(), access.today())
    if hasattr(form, "on"):
        form.on.label.text = what.day
    return form


def clerks() -> list[tuple[str, str]]:
    """The clerks in service of this office."""
    return [
        (str(key), name) for key, name in db.session.execute(_clerks(), {"office": access.me().office_id})
    ]


@cache
def _clerks() -> Select[int, str]:
    mine = Person.office_id == bindparam("office"), Person.role == "clerk", Person.disabled.is_(False)
    return select(Person.id, Person.name).where(*mine).order_by(Person.id)


def _refusal(folder: Folder, act: str) -> str:
    return guards.refusal(access.before(folder), act)


def _again(case_id: int, act: str, form: ActForm, year: int = 0) -> str:
    return _show(casefolder.open_folder(access.my_case(case_id), access.calendar()), act, form, year=year)


def _changed(case_id: int, act: str, form: ActForm, changed: Changed) -> str:
    """What the other person did; what was typed stays, to be sent again on the case as it is now."""
    folder = casefolder.open_folder(access.my_case(case_id), access.calendar())
    form.seen.data = str(changed.seq)
    since = [line for line in told(folder) if line.seq > changed.seen]
    still = may(access.me().role, folder.case.stage, act) and not _refusal(folder, act)
    return _show(folder, act, form, since=since, refused="" if still else _refusal(folder, act))


def told(folder: Folder) -> list[history.Line]:
    """The history of a case in sentences; what was said of files for the desk alone stays there."""
    today = access.today()
    notes = folder.notes if access.me().role in access.DESK else _notes_for_all(folder)
    return history.lines(folder.events, notes, folder.names, folder.applicant, today, folder.calendar)


def _notes_for_all(folder: Folder) -> dict[int, Note]:
    """All but the notes of files that are all for the desk alone."""
    hidden = desk_notes(event.details for event in folder.events if event.act == "add_files")
    return {key: note for key, note in folder.notes.items() if key not in hidden}


def _contact(case: Case) -> str:
    """Where the applicant is reached, the telephone masked: whoever confirms the receipt calls them."""
    form = case.particulars
    phone = masked(getattr(form.identity, "phone", "")) if form else ""
    return " · ".join(one for one in (phone, form.email if form else "") if one)


def _show(folder: Folder, act: str, form: ActForm, since: Any = (), refused: str = "", year: int = 0) -> str:
    today = access.today()
    return render_template(
        "acts/form.html",
        act=BY_CODE[act],
        page=PAGES[act],
        form=form,
        case=folder.case,
        line=row(folder.case, today, folder.calendar),
        contact=_contact(folder.case) if act == "confirm_receipt" else "",
        since=since,
        refused=refused,
        told=None if refused else tell(folder, act, form),
        moves=TRIALS[act].fields if act in TRIALS else (),
        later=year,
        signed=later.signed_with(folder.case) if act == "void_reply" else None,
    )
