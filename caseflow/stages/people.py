"""The people of an office: who may sign in, and as what."""

from __future__ import annotations

import re

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.security import generate_password_hash

from ..db import db, transaction
from ..law.workflow import ROLES
from ..models import Case, Person
from .checks import LIMITS, fault
from .errors import NotFound, Refused
from .signin import clear_tries, made_password

USERNAME = re.compile(r"[a-z0-9._-]{2,32}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def people_of(office_id: int) -> list[Person]:
    """Everyone of an office: those who may sign in first, then in the order of the roles."""
    found = db.session.scalars(select(Person).where(Person.office_id == office_id))
    return sorted(found, key=lambda p: (p.disabled, list(ROLES).index(p.role), p.username))


def find(office_id: int, person_id: int) -> Person:
    """A person of this office. Raises NotFound, for another office's too."""
    person = db.session.scalar(select(Person).where(Person.id == person_id, Person.office_id == office_id))
    if person is None:
        raise NotFound(person_id)
    return person


def open_cases(person_id: int) -> int:
    """How many cases this person handles that are not closed."""
    query = select(func.count()).select_from(Case).where(Case.handler_id == person_id)
    return db.session.scalar(query.where(Case.closed_on.is_(None))) or 0


def add(office_id: int, name: str, username: str, role: str, email: str = "") -> tuple[Person, str]:
    """Add a person; returns the row and the password made for it, to be changed at the first sign-in.

    Raises Refused at the field that is wrong.
    """
    check_person(name, username, role, email)
    password = made_password()
    person = Person(
        office_id=office_id, name=name, username=username, role=role, email=email,
        password_hash=generate_password_hash(password), must_change=True,
    )  # fmt: skip
    with transaction() as session:
        session.add(person)
        try:
            session.flush()
        except IntegrityError:
            raise Refused("这个用户名已经有人用了，换一个", "username") from None
    return person, password


def check_person(name: str, username: str, role: str, email: str) -> None:
    """Raises Refused at the first field of a person that can't stand."""
    if not name:
        raise Refused("填写姓名", "name")
    if why := fault(name, LIMITS["name"]):
        raise Refused(why, "name")
    if not USERNAME.fullmatch(username):
        raise Refused("用户名用 2 至 32 个小写字母、数字、点、横线或者下划线", "username")
    if role not in ROLES:
        raise Refused("选择职责", "role")
    if email and (fault(email, LIMITS["email"]) or not EMAIL.fullmatch(email)):
        raise Refused("电子邮箱写成 wangmin@example.cn 这样", "email")


def change_role(office_id: int, person_id: int, role: str) -> None:
    """Give a person another role; ends their sessions. Raises NotFound or Refused."""
    if role not in ROLES:
        raise Refused("选择职责", "role")
    with transaction() as session:
        person = _locked(session, office_id, person_id)
        if person.role == role:
            raise Refused(f"现在就是{ROLES[role]}", "role")
        _keep_an_admin(session, person, "role")
        person.role = role
        person.epoch += 1


def disable(office_id: int, person_id: int, knowing: bool = False) -> None:
    """Let a person sign in no more; ends their sessions.

    Someone who still has open cases is disabled only ``knowing`` that. Raises NotFound or Refused.
    """
    with transaction() as session:
        person = _locked(session, office_id, person_id)
        if person.disabled:
            raise Refused("这个账号已经停用")
        _keep_an_admin(session, person)
        left = open_cases(person_id)
        if left and not knowing:
            raise Refused(f"还有 {left} 件没有办结，停用以后没有人办：先改派，或者勾选后再停用", "knowing")
        person.disabled = True
        person.epoch += 1


def enable(office_id: int, person_id: int) -> None:
    """Let a disabled person sign in again, with the password they had. Raises NotFound or Refused."""
    with transaction() as session:
        person = _locked(session, office_id, person_id)
        if not person.disabled:
            raise Refused("这个账号没有停用")
        person.disabled = False


def reset_password(office_id: int, person_id: int) -> tuple[Person, str]:
    """Make a new password, to be changed at the next sign-in; ends their sessions. Raises NotFound."""
    password = made_password()
    hashed = generate_password_hash(password)
    with transaction() as session:
        person = _locked(session, office_id, person_id)
        person.password_hash, person.must_change = hashed, True
        person.epoch += 1
        clear_tries(session, person.username)
    return person, password


def _locked(session: Session, office_id: int, person_id: int) -> Person:
    """A person of this office, held together with its administrators until the transaction ends."""
    query = select(Person).where(Person.office_id == office_id)
    query = query.where((Person.id == person_id) | (Person.role == "admin")).order_by(Person.id)
    found = {person.id: person for person in session.scalars(query.with_for_update(of=Person))}
    if person_id not in found:
        raise NotFound(person_id)
    return found[person_id]


def _keep_an_admin(session: Session, person: Person, field: str = "") -> None:
    """Refuse what would leave the office without anyone who can look after its people."""
    if person.role != "admin" or person.disabled:
        return
    others = select(func.count()).where(
        Person.office_id == person.office_id, Person.role == "admin",
        Person.disabled.is_(False), Person.id != person.id,
    )  # fmt: skip
    if not session.scalar(others):
        raise Refused("这是本机关唯一的系统管理员，先让另一位担任", field)
