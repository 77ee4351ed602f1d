"""动态口令: one sets it up, confirmed by a code, and keeps ten recovery codes."""

from __future__ import annotations

from typing import Any

import segno
from flask import Blueprint, flash, g, redirect, render_template, url_for
from markupsafe import Markup
from wtforms import HiddenField, PasswordField, StringField

from .. import moment
from ..db import db
from ..stages import second_factor as desk
from ..stages.errors import Refused
from . import access
from .access import allow
from .forms import Clean, Form, required, strip

bp = Blueprint("second_factor", __name__, url_prefix="/account/second-factor")

GROUP = 4  # letters of the secret that are read together


class SetUpForm(Form):
    """A secret that the phone has, proved by a code, and the password."""

    secret = HiddenField(validators=[Clean(desk.SECRET)])
    code = StringField("手机上的六位数字", [*required("填写手机上的六位数字"), Clean(20)], filters=[strip])
    password = PasswordField("现在的密码", required("填写现在的密码"))


class GiveUpForm(Form):
    """To do without."""

    own = PasswordField("现在的密码", required("填写现在的密码"))


@bp.get("")
@allow(*access.EVERYBODY)
def page() -> Any:
    """A new secret to set up, or how it stands."""
    return _page(SetUpForm(formdata=None, secret=desk.fresh()), GiveUpForm(formdata=None))


@bp.post("")
@allow(*access.EVERYBODY)
def set_up() -> Any:
    """Set it up; the recovery codes are on the page that answers, and nowhere else."""
    form = SetUpForm()
    if not form.validate():
        return _page(form, GiveUpForm(formdata=None)), 422
    given = (form.secret.data or "", form.code.data or "", form.password.data or "")
    try:
        codes = desk.set_up(access.me().id, g.session_id, *given, moment.now())
    except Refused as refused:
        form.refuse(refused)
        return _page(form, GiveUpForm(formdata=None)), 422
    return render_template("auth/recovery_codes.html", codes=codes)


@bp.post("/remove")
@allow(*access.EVERYBODY)
def give_up() -> Any:
    """Do without it from now on, where one may."""
    form = GiveUpForm()
    if access.needs_second_factor():
        raise Refused("按本系统的设置，您的职责登录时要有动态口令，不能取消")
    if not form.validate():
        return _page(SetUpForm(formdata=None, secret=desk.fresh()), form), 422
    try:
        desk.give_up(access.me().id, form.own.data or "", moment.now())
    except Refused as refused:
        form.refuse(refused)
        return _page(SetUpForm(formdata=None, secret=desk.fresh()), form), 422
    flash("动态口令已经取消，以后登录只用密码")
    return redirect(url_for("second_factor.page"))


def _page(form: SetUpForm, giving_up: GiveUpForm) -> str:
    me, secret = access.me(), form.secret.data or ""
    if len(secret) != desk.SECRET:  # not from a page of ours
        secret = form.secret.data = desk.fresh()
    return render_template(
        "auth/second_factor.html",
        form=form,
        giving_up=giving_up,
        stands=bool(me.second_factor),
        needed=access.needs_second_factor(),
        codes_left=desk.codes_left(db.session(), me.id) if me.second_factor else 0,
        secret=" ".join(secret[n : n + GROUP] for n in range(0, len(secret), GROUP)),
        picture=_picture(desk.address(secret, me.username)),
    )


def _picture(address: str) -> Markup:
    """A QR code as SVG, without any style."""
    drawn = segno.make(address, error="m").svg_inline(
        scale=4, border=4, light="#fff", svgclass="qr", lineclass=None
    )
    return Markup(drawn)  # noqa: S704 - drawn here, from figures alone
