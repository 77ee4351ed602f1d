"""网站接口: the websites that may send requests to this office, and their tokens; for its 系统管理员."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for

from .. import moment
from ..counter import sites
from ..counter.sites import Issued
from ..stages.errors import Refused
from . import access
from .access import allow
from .forms import Form, text

bp = Blueprint("sites", __name__, url_prefix="/admin/sites")


class SiteForm(Form):
    """One more website."""

    name = text("网站名称", "name", "写明网站的名称", description="例如：石狮市人民政府门户网站")


@bp.get("")
@allow("admin")
def page() -> Any:
    """The list, and a form for one more."""
    return _page(SiteForm(formdata=None))


@bp.post("")
@allow("admin")
def add() -> Any:
    """Add one; its token is on the page that answers, and nowhere else."""
    form = SiteForm()
    if not form.validate():
        return _page(form), 422
    try:
        return _token(sites.add(access.me().office_id, form.name.data or "", moment.now()))
    except Refused as refused:
        form.refuse(refused)
        return _page(form), 422


@bp.post("/<int:site_id>/token")
@allow("admin")
def issue_anew(site_id: int) -> Any:
    """Another token, shown once too; the one before is worth nothing."""
    return _token(sites.issue_anew(access.me().office_id, site_id, moment.now()))


@bp.post("/<int:site_id>/disable")
@allow("admin")
def disable(site_id: int) -> Any:
    """It may send nothing from now on."""
    return _done(site_id, True, "已经停用，它的令牌现在不能用")


@bp.post("/<int:site_id>/enable")
@allow("admin")
def enable(site_id: int) -> Any:
    """It may again, by the token it has."""
    return _done(site_id, False, "已经恢复，原来的令牌又可以用")


def _done(site_id: int, disabled: bool, said: str) -> Any:
    site = sites.set_disabled(access.me().office_id, site_id, disabled)
    flash(f"{site.name}{said}")
    return redirect(url_for("sites.page"))


def _page(form: SiteForm) -> str:
    lines, now = sites.of(access.me().office_id), moment.now()
    return render_template("admin/sites.html", form=form, lines=lines, now=now, local=moment.local)


def _token(issued: Issued) -> str:
    path = url_for("api.document")
    public = current_app.extensions["caseflow"]["settings"].public_url
    address = (
        f"{public}{path.removeprefix(request.script_root)}" if public else f"{request.host_url[:-1]}{path}"
    )
    until = moment.local(issued.site.made_at + sites.LASTS).date()
    return render_template("admin/site_token.html", issued=issued, until=until, address=address)
