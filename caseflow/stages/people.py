"""The people of an office: who may sign in, and as what."""

from __future__ import annotations

import re
from datetime import date, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..db import db, transaction
from ..law.workflow import ADMINISTRATORS, ROLES
from ..mail_address import is_address
from ..models import Case, Office, Person
from . import audit, passwords, sessions
from .checks import LIMITS, fault
from .errors import NotFound, Refused
from .signin import clear_tries

USERNAME = re.compile(r"[a-z0-9._-]{2,32}")
CASE_WORKERS = ("clerk", "lead")  # they may stand in for each other; anyone else only for their like
KEEPER = "security"  # looks after the people
LONGEST_AWAY = timedelta(days=366)


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
    theirs = select(Person.office_id).where(Person.id == person_id).scalar_subquery()
    query = (
        select(func.count()).select_from(Case).where(Case.office_id == theirs, Case.handler_id == person_id)
    )
    return db.session.scalar(query.where(Case.closed_on.is_(None))) or 0


def add(
    office_id: int,
    name: str,
    username: str,
    role: str,
    email: str = "",
    department: str = "",
    first: bool = False,
) -> tuple[Person, str]:
    """Add a person; returns the row and the password made for it, to be changed at the first sign-in.

    ``first``: only where nobody looks after the people yet. Raises Refused at the field that is wrong.
    """
    check_person(name, username, role, email)
    if why := fault(department, LIMITS["name"]):
        raise Refused(why, "department")
    password = passwords.made()
    person = Person(
        office_id=office_id, name=name, username=username, role=role, email=email, department=department,
        password_hash=passwords.hashed(password), must_change=True,
    )  # fmt: skip
    with transaction() as session:
        session.get_one(Office, office_id, with_for_update=True)  # two first ones at once are one
        if first and session.scalar(_holders(office_id, KEEPER)):
            raise Refused("本机关已经有安全管理员，人员由安全管理员添加")
        session.add(person)
        try:
            session.flush()
        except IntegrityError:
            raise Refused("这个用户名已经有人用了，换一个", "username") from None
        audit.note(session, "person_added", person=person.id, role=role)
    return person, password


def has_keeper(office_id: int) -> bool:
    """Whether an office has a 安全管理员 who may sign in; one set up before there were three kinds has none."""
    return bool(db.session.scalar(_holders(office_id, KEEPER)))


def appoint_first(office_id: int, name: str, username: str) -> tuple[Person, str]:
    """Add an office's first 安全管理员, which its 系统管理员 may do once; returns the row and the password made for it.

    Raises Refused, also where there is one: from then on they alone look after the people.
    """
    return add(office_id, name, username, KEEPER, first=True)


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
    check_email(email)


def check_email(email: str) -> None:
    """Raises Refused at the field where an e-mail address is none; it may be empty."""
    if email and (fault(email, LIMITS["email"]) or not is_address(email)):
        raise Refused("电子邮箱写成 wangmin@example.cn 这样", "email")


def change_email(office_id: int, person_id: int, email: str) -> None:
    """Where a person's mail goes from now on; empty: no mail. Raises NotFound or Refused."""
    check_email(email)
    with transaction() as session:
        locked(session, office_id, person_id).email = email
        audit.note(session, "person_changed", person=person_id, field="email")


def change_department(office_id: int, person_id: int, department: str) -> None:
    """The 科室 of a person from now on; cases given to them before keep the one they had. Raises NotFound or Refused."""
    if why := fault(department, LIMITS["name"]):
        raise Refused(why, "department")
    with transaction() as session:
        locked(session, office_id, person_id).department = department
        audit.note(session, "person_changed", person=person_id, field="department")


def change_role(office_id: int, person_id: int, role: str, by: int) -> None:
    """Give a person another role; ends their sessions. Nobody gives one to themselves. Raises NotFound or Refused."""
    if role not in ROLES:
        raise Refused("选择职责", "role")
    if person_id == by:
        raise Refused("自己的职责自己不能改，由另一位安全管理员改", "role")
    with transaction() as session:
        person = locked(session, office_id, person_id)
        if person.role == role:
            raise Refused(f"现在就是{ROLES[role]}", "role")
        _keep_one(session, person, "role")
        audit.note(session, "role_changed", person=person_id, before=person.role, after=role)
        person.role = role
        sessions.end_all(session, person_id, "role")


def disable(office_id: int, person_id: int, knowing: bool = False) -> None:
    """Let a person sign in no more; ends their sessions.

    Someone who still has open cases is disabled only ``knowing`` that. Raises NotFound or Refused.
    """
    with transaction() as session:
        person = locked(session, office_id, person_id)
        if person.disabled:
            raise Refused("这个账号已经停用")
        _keep_one(session, person)
        left = open_cases(person_id)
        if left and not knowing:
            raise Refused(f"还有 {left} 件没有办结，停用以后没有人办：先改派，或者勾选后再停用", "knowing")
        person.disabled = True
        sessions.end_all(session, person_id, "disabled")
        audit.note(session, "person_disabled", person=person_id)


def enable(office_id: int, person_id: int) -> None:
    """Let a disabled person sign in again, with the password they had. Raises NotFound or Refused."""
    with transaction() as session:
        person = locked(session, office_id, person_id)
        if not person.disabled:
            raise Refused("这个账号没有停用")
        person.disabled = False
        audit.note(session, "person_enabled", person=person_id)


def reset_password(office_id: int, person_id: int) -> tuple[Person, str]:
    """Make a new password, to be changed at the next sign-in; ends their sessions. Raises NotFound."""
    password = passwords.made()
    hashed = passwords.hashed(password)
    with transaction() as session:
        person = locked(session, office_id, person_id)
        person.password_hash, person.must_change = hashed, True
        sessions.end_all(session, person_id, "reset")
        clear_tries(session, person.username)
        audit.note(session, "password_reset", person=person_id)
    return person, password


def end_sessions(office_id: int, person_id: int) -> None:
    """End whatever sessions a person has. Raises NotFound."""
    with transaction() as session:
        person = locked(session, office_id, person_id)
        sessions.end_all(session, person.id, "security")
        audit.note(session, "session_ended", person=person_id)


def may_stand_in(person: Person) -> list[Person]:
    """Who of the office may be this person's deputy: of the same role, a clerk also for the lead and the
    other way round."""
    roles = CASE_WORKERS if person.role in CASE_WORKERS else (person.role,)
    return [
        p for p in people_of(person.office_id) if p.id != person.id and not p.disabled and p.role in roles
    ]


def mark_away(
    office_id: int, person_id: int, deputy_id: int | None, first: date, last: date, today: date
) -> None:
    """Somebody is away from ``first`` through ``last`` (calendar days), ``deputy_id`` is warned in their place.

    Raises NotFound, or Refused at the field that is wrong.
    """
    if last < first:
        raise Refused("最后一天不能早于第一天", "last")
    if last < today:
        raise Refused("最后一天已经过去", "last")
    if last - first > LONGEST_AWAY:
        raise Refused("一次最多登记一年", "last")
    with transaction() as session:
        person = locked(session, office_id, person_id)
        if person.disabled:
            raise Refused("这个账号已经停用")
        if deputy_id not in {deputy.id for deputy in may_stand_in(person)}:
            raise Refused("选择由谁代理", "deputy")
        person.deputy_id, person.away_from, person.away_until = deputy_id, first, last
        audit.note(session, "person_changed", person=person_id, field="away")


def mark_back(office_id: int, person_id: int) -> None:
    """Nobody stands in for this person any more. Raises NotFound or Refused."""
    with transaction() as session:
        person = locked(session, office_id, person_id)
        if person.away_from is None:
            raise Refused("没有登记不在岗")
        person.deputy_id = person.away_from = person.away_until = None
        audit.note(session, "person_changed", person=person_id, field="away")


def locked(session: Session, office_id: int, person_id: int) -> Person:
    """A person of this office, held together with its administrators until the transaction ends.

    Raises NotFound.
    """
    query = select(Person).where(Person.office_id == office_id)
    query = query.where((Person.id == person_id) | Person.role.in_(ADMINISTRATORS)).order_by(Person.id)
    found = {person.id: person for person in session.scalars(query.with_for_update(of=Person))}
    if person_id not in found:
        raise NotFound(person_id)
    return found[person_id]


def _keep_one(session: Session, person: Person, field: str = "") -> None:
    """Refuse what would leave the office without a kind of administrator that it has."""
    if person.role not in ADMINISTRATORS or person.disabled:
        return
    if not session.scalar(_holders(person.office_id, person.role).where(Person.id != person.id)):
        raise Refused(f"这是本机关唯一的{ROLES[person.role]}，先让另一位担任", field)


def _holders(office_id: int, role: str) -> Select[int]:
    """How many of an office have a role and may sign in."""
    mine = (Person.office_id == office_id, Person.role == role, Person.disabled.is_(False))
    return select(func.count()).where(*mine)
