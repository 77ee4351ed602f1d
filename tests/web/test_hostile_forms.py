"""Every form of every page, filled in by somebody who means ill: never a failure, and what is refused writes nothing."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from hypothesis import settings
from sqlalchemy import func, literal, select, union_all

from caseflow.db import Base, db, dialect
from caseflow.law.workflow import BY_CODE
from caseflow.models import AuditEntry, ChainHead
from caseflow.stages import chain
from tests.support.hostile import TRICKS, UNSEEN, WRONG, Values
from tests.support.office import DeskOffice
from tests.support.pages import TOKEN, Desk, values_of
from tests.web.rights import ALLOWED, ROLES
from tests.web.test_access_matrix import Arguments, address, somebody, the_objects

BESIDE = ("audit_entry", "chain_head", "sign_in_session", "sign_in_failure")
MANY_EXAMPLES = 1000
LEAST = 90  # forms and tricks
# PostgreSQL takes less of texts than SQLite; what is no text concerns neither of them
OF_TEXT = ("unseen", "one unseen", "wrong", "one wrong")
OF_FIELDS = ("files", "missing", "overlong", "twice", "wrong", "unseen")
pytestmark = [pytest.mark.usefixtures("monday"), pytest.mark.both_engines]

# What is noted of a request that changes nothing else
ONLY_TOLD = (
    "refused",
    "exported",
    "identity_shown",
    "log_read",
    "head_signed",
    "sign_in_failed",
    "sign_in_throttled",
    "password_wrong",
)
ENDS = (
    "/logout",
    "/end",
    "/end-others",
    "/account/password",
    "/disable",
)  # somebody's session, maybe one's own


def forms_of(desk: Desk, mine: Arguments, who: str, left: set[str]) -> dict[str, Values]:
    """Every form that a role meets on a page that nobody before could open: where it goes, and what it would send untouched."""
    routes = sorted(route for route in left if who in ALLOWED[route])
    paths = [address(route, mine) for route in routes]
    paths += [f"/cases/{mine['case_id']}/acts/{act.code}" for act in BY_CODE.values() if who == act.roles[0]]
    left.difference_update(routes)
    found: dict[str, Values] = {}
    for path in paths:
        page = desk.get(path, follow=False)
        for form in page.forms() if page.status == 200 and page.response.mimetype == "text/html" else ():
            action = urljoin(path, form.attrs.get("action", "") or path)
            if not urlsplit(action).path.endswith(ENDS):
                found.setdefault(urlsplit(action).path, values_of(form))
    return found


@cache
def questions() -> tuple[Any, Any]:
    """How many rows each table has, and where the chains of the record stand."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in BESIDE]
    counted = [select(literal(table.name), func.count()).select_from(table) for table in tables]
    told = select(literal("told"), func.count()).where(AuditEntry.what.not_in(ONLY_TOLD))
    heads = select(ChainHead.name, ChainHead.hash).where(ChainHead.name != chain.AUDIT)
    return union_all(*counted, told), heads.order_by(ChainHead.name)


def state() -> list[tuple[Any, ...]]:
    """The answers now."""
    db.session.rollback()
    return [tuple(line) for question in questions() for line in db.session.execute(question)]


def tricks(place: int) -> list[str]:
    """All of them for a long run; else some for each form, other ones for the next."""
    if settings().max_examples > MANY_EXAMPLES:
        return list(TRICKS)
    mine = OF_TEXT if dialect() == "postgresql" else OF_FIELDS
    return [mine[(place + n) % len(mine)] for n in range(2)]


@pytest.mark.soak
def test_whatever_a_form_is_sent_it_never_fails_and_what_is_refused_writes_nothing(
    office: DeskOffice, app: Flask
) -> None:
    mine, tried, wrong = the_objects(office), 0, list[tuple[object, ...]]()
    left = {route for route in ALLOWED if route.startswith("GET") and route != "GET /login"}
    for who in ROLES:
        desk = somebody(app, office, who)
        desk.latin |= {word.lower() for text in (*UNSEEN, *WRONG) for word in TOKEN.findall(text)}
        forms = forms_of(desk, mine, who, left)
        before = state()
        for place, (action, values) in enumerate(sorted(forms.items())):
            for trick in tricks(place):
                tried += 1
                status = desk.status(action, TRICKS[trick](values, place))
                now = state()
                if status >= 500 or (status >= 400 and now != before):
                    wrong.append((who, action, trick, status, *(line for line in now if line not in before)))
                before = now
    assert wrong == []
    assert tried > LEAST
