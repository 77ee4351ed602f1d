"""人员: the office's people and their roles, for those who look after them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from wtforms import BooleanField, SelectField, StringField

from ..law.workflow import ROLES
from ..models import Person
from ..stages import people, second_factor
from ..stages.errors import Refused
from . import access, away
from .access import allow
from .forms import Form, choices, required, strip, text

bp = Blueprint("people", __name__, url_prefix="/admin/people")


def _username() -> StringField:
    hint = "登录用，小写字母、数字、点、横线或者下划线"
    return StringField("用户名", required("填写用户名"), filters=[strip], description=hint)


class AddForm(Form):
    """A new person."""

    name = text("姓名", "name", "填写姓名")
    username = _username()
    role = SelectField("职责", choices=choices(ROLES, "选择职责"), validators=required("选择职责"))
    department = text("科室", "name", description="按时办结率按它分列")
    email = text("电子邮箱", "email")


class FirstForm(Form):
    """The office's first 安全管理员."""

    name = text("姓名", "name", "填写姓名")
    username = _username()


class DepartmentForm(Form):
    """Where they work."""

    department = text("科室", "name", description="以后分办的件记这个科室；已经分办的不变")


class EmailForm(Form):
    """Where mail goes."""

    email = text("改成", "email", description="留空就不发邮件")


class RoleForm(Form):
    """Another role."""

    role = SelectField("换成", choices=choices(ROLES), validators=required("选择职责"))


class DisableForm(Form):
    """An account that is to sign in no more."""

    knowing = BooleanField("知道还有办件没有办结，仍要停用")


@bp.get("")
@allow("security")
def page() -> Any:
    """The list, and a form for one more."""
    return _list(AddForm())


@bp.post("")
@allow("security")
def add() -> Any:
    """Add a person; the password made for it is on the page that answers, and nowhere else."""
    form = AddForm()
    if not form.validate():
        return _list(form), 422
    given = (
        form.name.data, form.username.data, form.role.data, form.email.data or "", form.department.data or "",
    )  # fmt: skip
    try:
        person, password = people.add(access.me().office_id, *given)
    except Refused as refused:
        form.refuse(refused)
        return _list(form), 422
    return render_template("admin/password.html", found=person, password=password, roles=ROLES, added=True)


@bp.get("/first")
@allow("admin")
def first() -> Any:
    """Where nobody looks after the people yet: the form that appoints who does."""
    return _first(FirstForm(formdata=None))


@bp.post("/first")
@allow("admin")
def appoint_first() -> Any:
    """Appoint them, once; the password is on the page that answers, and nowhere else."""
    form = FirstForm()
    if not form.validate():
        return _first(form), 422
    try:
        person, password = people.appoint_first(
            access.me().office_id, form.name.data or "", form.username.data or ""
        )
    except Refused as refused:
        form.refuse(refused)
        return _first(form), 422
    return render_template("admin/first.html", found=person, password=password, form=None)


@bp.get("/<int:person_id>")
@allow("security")
def person(person_id: int) -> Any:
    """One person, and what can be changed."""
    return _person(_find(person_id))


@bp.post("/<int:person_id>/role")
@allow("security")
def change_role(person_id: int) -> Any:
    """Give them another role."""
    found, form = _find(person_id), RoleForm()
    if not form.validate():
        return _person(found, role=form), 422
    try:
        people.change_role(found.office_id, person_id, form.role.data, access.me().id)
    except Refused as refused:
        form.refuse(refused)
        return _person(found, role=form), 422
    return _done(person_id, f"{found.name}现在是{ROLES[form.role.data]}，已有的登录随即失效")


@bp.post("/<int:person_id>/email")
@allow("security")
def change_email(person_id: int) -> Any:
    """Send their mail elsewhere, or none."""
    found, form = _find(person_id), EmailForm()
    if not form.validate():
        return _person(found, email=form), 422
    try:
        people.change_email(found.office_id, person_id, form.email.data or "")
    except Refused as refused:
        form.refuse(refused)
        return _person(found, email=form), 422
    return _done(person_id, f"{found.name}的电子邮箱已经改好")


@bp.post("/<int:person_id>/department")
@allow("security")
def change_department(person_id: int) -> Any:
    """They work in another 科室."""
    found, form = _find(person_id), DepartmentForm()
    if not form.validate():
        return _person(found, department=form), 422
    people.change_department(found.office_id, person_id, form.department.data or "")
    return _done(person_id, f"{found.name}的科室已经改好")


@bp.post("/<int:person_id>/disable")
@allow("security")
def disable(person_id: int) -> Any:
    """Close the account; where cases are left, only with that said."""
    found, form = _find(person_id), DisableForm()
    try:
        people.disable(found.office_id, person_id, knowing=bool(form.knowing.data))
    except Refused as refused:
        form.refuse(refused)
        return _person(found, disable=form), 422
    return _done(person_id, f"{found.name}的账号已经停用")


@bp.post("/<int:person_id>/enable")
@allow("security")
def enable(person_id: int) -> Any:
    """Open the account again."""
    found = _find(person_id)
    people.enable(found.office_id, person_id)
    return _done(person_id, f"{found.name}的账号已经恢复")


@bp.post("/<int:person_id>/password")
@allow("security")
def reset_password(person_id: int) -> Any:
    """Make a new password; it is on the page that answers, and nowhere else."""
    found, password = people.reset_password(access.me().office_id, person_id)
    return render_template("admin/password.html", found=found, password=password, roles=ROLES, added=False)


@bp.post("/<int:person_id>/sessions/end")
@allow("security")
def end_sessions(person_id: int) -> Any:
    """They are signed in nowhere any more."""
    found = _find(person_id)
    people.end_sessions(found.office_id, person_id)
    return _done(person_id, f"{found.name}各处的登录都已经结束")


@bp.post("/<int:person_id>/second-factor/remove")
@allow("security")
def take_off(person_id: int) -> Any:
    """They have lost the phone: the password alone lets them in again."""
    found = _find(person_id)
    second_factor.take_off(found.office_id, person_id)
    return _done(person_id, f"{found.name}的动态口令已经取消，各处的登录随即失效")


@bp.post("/<int:person_id>/away")
@allow("security")
def mark_away(person_id: int) -> Any:
    """They are away, somebody stands in."""
    found = _find(person_id)
    return away.mark_away(found, _page_of(person_id), lambda form: _person(found, away_form=form))


@bp.post("/<int:person_id>/back")
@allow("security")
def mark_back(person_id: int) -> Any:
    """They are back."""
    return away.mark_back(_find(person_id), _page_of(person_id))


def _page_of(person_id: int) -> str:
    return url_for("people.person", person_id=person_id)


def _find(person_id: int) -> Person:
    return people.find(access.me().office_id, person_id)


def _done(person_id: int, said: str) -> Any:
    """Say what was done, on the page of the person."""
    flash(said)
    return redirect(_page_of(person_id))


def _first(form: FirstForm) -> str:
    there = people.has_keeper(access.me().office_id)
    return render_template("admin/first.html", form=form, there=there, found=None)


def _list(form: AddForm) -> str:
    everyone, today = people.people_of(access.me().office_id), access.today()
    return render_template(
        "admin/people.html",
        people=everyone,
        away={person.id: away.words(person, today) for person in everyone},
        roles=ROLES,
        form=form,
    )


def _person(
    found: Person,
    email: EmailForm | None = None,
    department: DepartmentForm | None = None,
    role: RoleForm | None = None,
    disable: DisableForm | None = None,
    away_form: away.AwayForm | None = None,
) -> str:
    return render_template(
        "admin/person.html",
        found=found,
        roles=ROLES,
        open_cases=people.open_cases(found.id),
        away=away.words(found, access.today()),
        away_form=away_form or away.form_for(found, empty=True),
        department_form=department or DepartmentForm(formdata=None, department=found.department),
        email_form=email or EmailForm(formdata=None, email=found.email),
        role_form=role or RoleForm(formdata=None, role=found.role),
        disable_form=disable or DisableForm(formdata=None),
    )
