"""网站接口: a site is known by its token alone, the last one, and not for ever; what it may send has a limit."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from caseflow.counter import sites, tickets
from caseflow.db import db, transaction
from caseflow.models import AuditEntry, Case, Site
from caseflow.stages.errors import NotFound, Refused
from caseflow.stages.signin import WINDOW, Throttled
from tests.support.office import found

if TYPE_CHECKING:
    from flask import Flask

    from caseflow.config import Settings
    from tests.conftest import MakeApp
    from tests.support.office import DeskOffice

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
PLENTY = 100


def enters(token: str, now: datetime = NOON) -> int:
    return sites.enter(token, now, PLENTY).id


def noted() -> list[tuple[object, ...]]:
    db.session.rollback()
    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(row.what, row.details["setting"], row.details["now"]) for row in rows]


def test_the_token_issued_last_opens_until_it_is_too_old_or_its_site_is_disabled(office: DeskOffice) -> None:
    first = sites.add(office.id, "门户网站", NOON)
    site_id = first.site.id
    assert sites.enter(first.token, NOON, PLENTY) == sites.Caller(site_id, office.id)
    second = sites.issue_anew(office.id, site_id, NOON + timedelta(days=1))
    with pytest.raises(sites.NoSite):
        enters(first.token)
    assert enters(second.token) == site_id
    sites.set_disabled(office.id, site_id, True)
    with pytest.raises(sites.Disabled):
        enters(second.token)
    with pytest.raises(Refused, match="先恢复"):
        sites.issue_anew(office.id, site_id, NOON)
    sites.set_disabled(office.id, site_id, False)
    end = NOON + timedelta(days=1) + sites.LASTS
    assert enters(second.token, end) == site_id
    with pytest.raises(sites.NoSite):
        enters(second.token, end + timedelta(seconds=1))
    assert noted() == [
        ("setting_changed", "网站接口", f"门户网站：{done}")
        for done in ("添加，签发令牌", "重新签发令牌", "停用", "恢复")
    ]
    kept = str([db.session.get_one(Site, site_id).__dict__, noted()])
    assert second.token not in kept
    assert second.token.partition(".")[2] not in kept


def test_no_token_of_anybody_else_s_making_opens(
    office: DeskOffice, app: Flask, make_app: MakeApp, settings: Settings
) -> None:
    mine, other = sites.add(office.id, "门户网站", NOON), sites.add(office.id, "办事网站", NOON)
    payload, _, signature = mine.token.partition(".")
    with make_app(replace(settings, secret_key="another secret " * 4)).app_context():
        elsewhere = sites._token(mine.site)
    made = base64.urlsafe_b64encode(f"[{mine.site.id},1]".encode()).decode().rstrip("=")
    forged = (
        "", ".", "x", payload, f"{payload}.", f"{payload}.{other.token.partition('.')[2]}", f"{made}.{made}",
        f"{payload}.{signature[:-2]}", mine.token.upper(), "令牌", "\x00", elsewhere,
    )  # fmt: skip
    for token in forged:
        with pytest.raises(sites.NoSite):
            enters(token)
    assert made == payload  # so that it is the signature alone that they lack
    assert enters(mine.token) == mine.site.id


def test_a_site_has_its_own_number_of_requests_in_a_quarter_of_an_hour(office: DeskOffice) -> None:
    one, two = (sites.add(office.id, name, NOON).token for name in ("甲", "乙"))
    for second in range(3):
        sites.enter(one, NOON + timedelta(seconds=second), 3)
    with pytest.raises(Throttled) as waits:
        sites.enter(one, NOON + timedelta(minutes=1), 3)
    assert waits.value.until == NOON + WINDOW
    assert sites.enter(two, NOON + timedelta(minutes=1), 3)
    assert sites.enter(one, NOON + WINDOW, 3)


def test_the_sites_of_an_organ_are_its_own(office: DeskOffice) -> None:
    site = sites.add(office.id, "门户网站", NOON).site
    with pytest.raises(Refused, match="已经有了"):
        sites.add(office.id, "门户网站", NOON)
    for name, why in (("", "写明"), ("长" * 101, "最多 100 个字"), ("\u200b", "看不见")):
        with pytest.raises(Refused, match=why):
            sites.add(office.id, name, NOON)
    other = found("JJSB", "晋江市人民政府办公室")
    sites.add(other.id, "门户网站", NOON)
    for act in (
        lambda: sites.issue_anew(other.id, site.id, NOON),
        lambda: sites.set_disabled(other.id, site.id, True),
    ):
        with pytest.raises(NotFound):
            act()
    case_id = office.register(NOON.date())
    with transaction() as session:
        tickets.issue(session, session.get_one(Case, case_id), now=NOON, site_id=site.id)
    assert [(line.site.name, line.until, line.requests) for line in sites.of(office.id)] == [
        ("门户网站", NOON + sites.LASTS, 1)
    ]
    assert [line.requests for line in sites.of(other.id)] == [0]
