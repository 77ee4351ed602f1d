"""Organs (机关) and what this installation is: founded once, for real or as a demonstration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import Session

from ..db import transaction
from ..law.retention import FEWEST, MOST
from ..models import Case, Installation, Office, Person
from . import audit, passwords, people
from .checks import LIMITS, fault
from .errors import Refused

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
ONLY = 1  # the id of the one installation row: two founders at once can't both win


def find(session: Session, code: str) -> Office | None:
    """The organ of a code."""
    return session.scalar(select(Office).where(Office.code == code))


def head(session: Session, office: Office) -> Office:
    """The organ at the top of the tree that ``office`` stands in (主管机关); it ends where a tree runs in a circle."""
    seen = {office.id}
    while office.parent_id is not None and office.parent_id not in seen:
        office = session.get_one(Office, office.parent_id)
        seen.add(office.id)
    return office


def stands_under(session: Session, office: Office, above_id: int) -> bool:
    """Whether an organ stands under another one, at any depth; never under itself, also where a tree runs in a circle."""
    seen = {office.id}
    while office.parent_id is not None and office.parent_id not in seen:
        if office.parent_id == above_id:
            return True
        office = session.get_one(Office, office.parent_id)
        seen.add(office.id)
    return False


ABOVE = ("supervisor",)  # who reaches the cases of the organs under theirs too


def reaches(session: Session, role: str, office_id: int, other_id: int) -> bool:
    """Whether somebody of an organ reaches the cases of another: of their own, a supervisor of those under it too."""
    if office_id == other_id:
        return True
    return role in ABOVE and stands_under(session, session.get_one(Office, other_id), office_id)


def add_below(above_id: int, code: str, name: str) -> Office:
    """Add an organ under one of this installation, whether or not it will ever work here. Raises Refused."""
    if not name:
        raise Refused("填写机关名称", "name")
    with transaction() as session:
        audit.note(session, "setting_changed", setting="添加下级机关", now=code)
        return create(session, code, name, above_id)


def create(session: Session, code: str, name: str = "", parent_id: int | None = None) -> Office:
    """Add an organ, named by its code where no name is known. Raises Refused."""
    if not CODE.fullmatch(code):
        raise Refused("机关代码用 1 至 40 个字母、数字、点、横线或者下划线", "code")
    if why := fault(name, LIMITS["name"]):
        raise Refused(why, "name")
    if find(session, code):
        raise Refused(f"机关代码 {code} 已经有了", "code")
    office = Office(code=code, name=name or code, parent_id=parent_id)
    session.add(office)
    session.flush()
    return office


def set_retention(office_id: int, years: int | None) -> None:
    """保存期限: the whole years after that of archiving for which personal data are kept; None keeps them.

    Nothing is masked by setting it. Raises Refused.
    """
    if years is not None and not FEWEST <= years <= MOST:
        raise Refused(f"写 {FEWEST} 至 {MOST} 的整数，长期保存的留空", "years")
    with transaction() as session:
        session.get_one(Office, office_id).retention_years = years
        audit.note(
            session, "setting_changed", setting="个人信息保存期限", now=f"{years} 年" if years else "长期"
        )


def set_counts_redone(office_id: int, counts: bool) -> None:
    """Whether a re-reply (重新答复, art. 51) that is begun from now on counts in table 3 and in rates once more."""
    with transaction() as session:
        session.get_one(Office, office_id).counts_redone = counts
        audit.note(session, "setting_changed", setting="重新答复再计入年报表", now="是" if counts else "否")


def set_counter_open(office_id: int, is_open: bool) -> None:
    """公众窗口: whether the public may apply to this organ online from now on; what was applied for stays."""
    with transaction() as session:
        session.get_one(Office, office_id).counter_open = is_open
        audit.note(session, "setting_changed", setting="网上申请", now="开放" if is_open else "关闭")


def installation(session: Session) -> Installation | None:
    """What this instance was founded as; None before."""
    return session.scalar(select(Installation).limit(1))


def is_demo() -> ScalarSelect[bool]:
    """Whether this instance was founded as a demonstration, as a column of a statement; NULL before."""
    return select(Installation.demo).limit(1).scalar_subquery()


def is_empty(session: Session) -> bool:
    """Whether nothing stands yet: not founded, no organ, nobody, no case."""
    tables = (Installation, Office, Person, Case)
    return all(session.scalar(select(table.id).limit(1)) is None for table in tables)


def mark(session: Session, demo: bool, now: datetime) -> None:
    """Say once what this instance is."""
    session.add(Installation(id=ONLY, demo=demo, started_at=now))
    session.flush()


def found(
    code: str, name: str, administrators: Mapping[str, tuple[str, str]], now: datetime
) -> dict[str, str]:
    """Start a real office with its ``administrators`` (role -> username, name).

    Returns the password of each role, to be changed at once. Raises Refused, also where anything stands already.
    """
    for role, (username, full_name) in administrators.items():
        people.check_person(full_name, username, role, "")
    if len({username for username, _ in administrators.values()}) < len(administrators):
        raise Refused("三位管理员的用户名要各不相同", "username")
    if not name:
        raise Refused("填写机关名称", "name")
    made = {role: passwords.made() for role in administrators}
    hashed = {role: passwords.hashed(password) for role, password in made.items()}
    with transaction() as session:
        if standing := installation(session):
            what = "演示机关" if standing.demo else "正式使用的机关"
            raise Refused(f"这里已经是{what}")
        if not is_empty(session):
            raise Refused("这里已经有数据")
        office = create(session, code, name)
        mark(session, False, now)
        for role, (username, full_name) in administrators.items():
            session.add(
                Person(
                    office_id=office.id, username=username, name=full_name, role=role,
                    password_hash=hashed[role], must_change=True,
                )
            )  # fmt: skip
    return made
