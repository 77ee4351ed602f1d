"""下级机关: the offices under this one, added by its administrator, also those that will never work here."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from wtforms import StringField

from ..reports import offices as tree
from ..stages import offices
from ..stages.errors import Refused
from . import access
from .access import allow
from .forms import Form, required, strip, text

bp = Blueprint("below", __name__, url_prefix="/admin/office/below")


class AddForm(Form):
    """One more office."""

    name = text("机关名称", "name", "填写机关名称")
    code = StringField(
        "机关代码",
        required("填写机关代码"),
        filters=[strip],
        description="字母、数字、点、横线或者下划线，不能与别的机关相同",
    )


@bp.get("")
@allow("admin")
def page() -> Any:
    """The offices beneath, and a form for one more."""
    return _page(AddForm(formdata=None))


@bp.post("")
@allow("admin")
def add() -> Any:
    """Add one straight under this office."""
    form = AddForm()
    if not form.validate():
        return _page(form), 422
    try:
        office = offices.add_below(access.me().office_id, form.code.data or "", form.name.data or "")
    except Refused as refused:
        form.refuse(refused)
        return _page(form), 422
    flash(f"{office.name}已经添加")
    return redirect(url_for("below.page"))


def _page(form: AddForm) -> str:
    return render_template("admin/below.html", form=form, below=tree.beneath(access.me().office_id))
