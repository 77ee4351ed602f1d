"""查看完整证件号码和电话: what is masked everywhere else, for a reason that the second log keeps."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, abort, render_template

from ..db import transaction
from ..models import Case
from ..stages import audit
from ..stages.checks import tells_who
from ..stages.errors import Refused
from . import access, forms
from .access import allow
from .again import kept
from .rows import row

bp = Blueprint("identity", __name__)


class ReasonForm(forms.Form):
    """Why somebody has to see it."""

    reason = forms.text(
        "查看的理由",
        "reason",
        "写明查看的理由",
        description="记入安全审计日志，不写申请人的个人信息，例如：电话通知领取答复",
    )


@bp.get("/cases/<int:case_id>/identity")
@allow(*access.DESK)
def ask(case_id: int) -> Any:
    """Ask for the reason."""
    return _page(_case(case_id), ReasonForm())


def _retyped(case_id: int) -> str:
    return _page(_case(case_id), ReasonForm())


@bp.post("/cases/<int:case_id>/identity")
@allow(*access.DESK)
@kept(_retyped)
def show(case_id: int) -> Any:
    """Show it once; that it was shown is in the log before it is."""
    case, form = _case(case_id), ReasonForm()
    if form.validate() and tells_who(form.reason.data or "", _known_by(case)):
        form.refuse(Refused("理由会给审计管理员看到，不写申请人的姓名和号码", "reason"))
    if form.errors:
        return _page(case, form), 422
    with transaction() as session:
        audit.note(session, "identity_shown", case_id=case_id, reason=form.reason.data)
    case = _case(case_id)
    assert case.particulars is not None  # noqa: S101  (_case)
    return _page(case, form, case.particulars.identity)


def _known_by(case: Case) -> list[str]:
    """The names and numbers on the form of a case."""
    told = case.particulars
    assert told is not None  # noqa: S101  (_case)
    numbers = [told.identity.certificate_number, told.identity.phone] if told.identity else []
    return [
        told.name,
        told.contact_person,
        told.agent,
        *re.split(r"[\s、，,；;]+", told.co_applicants),
        *numbers,
    ]


def _case(case_id: int) -> Case:
    """A case of this person's office that has a form; what was masked for good is gone."""
    case = access.my_case(case_id)
    if case.particulars is None:
        abort(404)
    if case.masked_seq:
        abort(410, "这件的个人信息已经隐去，不再保存")
    return case


def _page(case: Case, form: ReasonForm, shown: Any = None) -> str:
    line = row(case, access.today(), access.calendar())
    return render_template("cases/identity.html", case=case, form=form, shown=shown, line=line)
