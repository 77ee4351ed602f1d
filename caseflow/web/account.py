"""One's own account: signing in and out, one's password."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from wtforms import PasswordField, StringField
from wtforms.validators import ValidationError

from .. import moment
from ..stages import second_factor, sessions
from ..stages import signin as desk
from ..stages.errors import Refused
from ..stages.passwords import RULES, Rule
from . import access, errors, signin
from .access import PUBLIC, allow
from .forms import Clean, Form, required, strip

bp = Blueprint("account", __name__)

LONGEST_USERNAME = 64


class SignInForm(Form):
    """Name and password."""

    username = StringField("用户名", [*required("填写用户名"), Clean(LONGEST_USERNAME)], filters=[strip])
    password = PasswordField("密码", required("填写密码"))


class CodeForm(Form):
    """Six figures, or a recovery code."""

    code = StringField(
        "手机上的六位数字",
        [*required("填写手机上的六位数字"), Clean(64)],
        filters=[strip],
        description="或者一个恢复码",
    )


class PasswordForm(Form):
    """A new password of one's own."""

    current = PasswordField("现在的密码", required("填写现在的密码"))
    new = PasswordField("新密码", required("填写新密码"))
    again = PasswordField("再输一遍新密码", required("把新密码再输一遍"))

    def validate_again(self, field: PasswordField) -> None:
        """Typed twice alike. Raises ValidationError."""
        if field.data != self.new.data:
            raise ValidationError("两遍输入的新密码不一样")


def _rule() -> Rule:
    """What this installation asks of a chosen password."""
    return RULES[current_app.extensions["caseflow"]["settings"].password_rule]


@bp.get("/login")
@allow(PUBLIC)
def login() -> Any:
    """The empty form; someone signed in needs none."""
    if current_user.is_authenticated:
        return redirect(signin.next_page())
    return _login(SignInForm())


@bp.post("/login")
@allow(PUBLIC)
def sign_in() -> Any:
    """Begin a session, or say why not; desk.Throttled is answered by its error page."""
    form = SignInForm()
    if not form.validate():
        return _login(form), 422
    try:
        entered = desk.sign_in(
            form.username.data, form.password.data, signin.where(form.username.data), moment.now(), _rule()
        )
    except Refused as refused:
        form.refuse(refused)
        return _login(form), 422
    if entered.awaits_code:
        signin.await_code(entered.token)
        return redirect(url_for("account.code", next=request.args.get("next")))
    signin.enter(entered.person, entered.token)
    return redirect(signin.next_page())


@bp.get("/login/code")
@allow(PUBLIC)
def code() -> Any:
    """The second page of signing in, for whoever has a second factor and came from the first."""
    if current_user.is_authenticated:
        return redirect(signin.next_page())
    return _code(CodeForm(formdata=None))


@bp.post("/login/code")
@allow(PUBLIC)
def enter_code() -> Any:
    """Begin the session, or say why not."""
    form = CodeForm()
    if not form.validate():
        return _code(form), 422
    try:
        entered = second_factor.enter(signin.awaiting(), form.code.data or "", signin.where(), moment.now())
    except Refused as refused:
        form.refuse(refused)
        return _code(form), 422
    signin.enter(entered.person, entered.token)
    return redirect(signin.next_page())


def _code(form: CodeForm) -> str:
    return render_template("auth/code.html", form=form)


def _login(form: SignInForm) -> str:
    idle, wait = (int(span.total_seconds() // 60) for span in (sessions.IDLE, desk.WINDOW))
    return render_template("auth/login.html", form=form, idle=idle, wait=wait, tries=desk.TRIES_PER_ACCOUNT)


@bp.post("/logout")
@allow(*access.EVERYBODY)
def logout() -> Any:
    """End this session."""
    signin.leave()
    flash("已经退出")
    return redirect(url_for("account.login"))


@bp.get("/account/password")
@allow(*access.EVERYBODY)
def password() -> Any:
    """The form; says so where the password must be changed before anything else."""
    return _password(PasswordForm())


@bp.post("/account/password")
@allow(*access.EVERYBODY)
def change_password() -> Any:
    """Change it; all other sessions of this person end, this one goes on."""
    form = PasswordForm()
    if not form.validate():
        return _password(form), 422
    given = (form.current.data or "", form.new.data or "")
    try:
        entered = desk.change_own_password(access.me().id, *given, signin.where(), moment.now(), _rule())
    except Refused as refused:
        form.refuse(refused)
        return _password(form), 422
    signin.enter(entered.person, entered.token)
    flash("密码已经改好，其他地方的登录随即失效")
    return redirect(url_for("desk.today"))


def _password(form: PasswordForm) -> str:
    me = access.me()
    form.new.description = _rule().words
    return render_template("auth/password.html", form=form, must_change=me.must_change, username=me.username)


@bp.errorhandler(CSRFError)
def stale(error: CSRFError) -> Any:
    """A sign-in page left open overnight is simply asked again."""
    if request.endpoint != "account.sign_in":
        return errors.show(error)
    form = SignInForm(formdata=None)
    form.refuse(Refused("页面放得太久，再输入一次"))
    return _login(form), 400
