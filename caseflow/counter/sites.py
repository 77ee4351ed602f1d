"""网站接口: government websites with a form of their own, each known by a token that is shown once.

A token is signed and holds the site and which issue it is; nothing of it is kept. It is worth nothing once another one
is issued, its site is disabled, or it is older than LASTS.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..db import db, transaction
from ..models import Site, Ticket
from ..stages import audit, signin
from ..stages.checks import LIMITS, fault
from ..stages.errors import NotFound, Refused, Twice
from . import tickets
from .applications import Taken, Through

LASTS = timedelta(days=730)
SALT = "caseflow site"
SETTING = "网站接口"
WORTH_NOTHING = "令牌不对、已经过期，或者后来又签发了新的"
DISABLED = "这个网站的接口已经停用"


class NoSite(Exception):
    """No site, and none that could be told of: the token is worth nothing."""


class Disabled(Exception):
    """The site is known and may send nothing."""


@dataclass(frozen=True)
class Caller:
    """The site that asks."""

    id: int
    office_id: int


@dataclass(frozen=True)
class Issued:
    """A site and the only sight of its token."""

    site: Site
    token: str


@dataclass(frozen=True)
class Line:
    """A site, until when its token is good, and how many requests came through it."""

    site: Site
    until: datetime
    requests: int


# -- the administrator's ---------------------------------------------------------------------------


def of(office_id: int) -> Sequence[Line]:
    """The sites of an organ, by name."""
    came = select(func.count()).where(Ticket.site_id == Site.id).scalar_subquery()
    rows = db.session.execute(select(Site, came).where(Site.office_id == office_id).order_by(Site.name))
    return [Line(site, site.made_at + LASTS, count) for site, count in rows]


def add(office_id: int, name: str, now: datetime) -> Issued:
    """One more site. Raises Refused."""
    if not name:
        raise Refused("写明网站的名称", "name")
    if why := fault(name, LIMITS["name"]):
        raise Refused(why, "name")
    with transaction() as session:
        if session.scalar(select(Site.id).where(Site.office_id == office_id, Site.name == name)):
            raise Refused("这个网站已经有了", "name")
        site = Site(office_id=office_id, name=name, issue=1, made_at=now)
        session.add(site)
        session.flush()
        _note(session, site, "添加，签发令牌")
    return Issued(site, _token(site))


def issue_anew(office_id: int, site_id: int, now: datetime) -> Issued:
    """Another token; the one before is worth nothing from now on. Raises NotFound, or Refused where it is disabled."""
    with transaction() as session:
        site = _locked(session, office_id, site_id)
        if site.disabled:
            raise Refused(f"{DISABLED}，先恢复，再签发")
        site.issue, site.made_at = site.issue + 1, now
        _note(session, site, "重新签发令牌")
    return Issued(site, _token(site))


def set_disabled(office_id: int, site_id: int, disabled: bool) -> Site:
    """停用 or 恢复; the token stays the same. Raises NotFound."""
    with transaction() as session:
        site = _locked(session, office_id, site_id)
        if site.disabled != disabled:
            site.disabled = disabled
            _note(session, site, "停用" if disabled else "恢复")
    return site


def _locked(session: Session, office_id: int, site_id: int) -> Site:
    mine = Site.id == site_id, Site.office_id == office_id
    site = session.scalar(select(Site).where(*mine).with_for_update())
    if site is None:
        raise NotFound(site_id)
    return site


def _note(session: Session, site: Site, done: str) -> None:
    audit.note(session, "setting_changed", setting=SETTING, now=f"{site.name}：{done}")


# -- the token -------------------------------------------------------------------------------------


def enter(token: str, now: datetime, limit: int) -> Caller:
    """The site of a token, one of the ``limit`` requests it may send in a quarter of an hour being taken.

    Raises NoSite, Disabled or Throttled.
    """
    site_id, issue = _read(token)
    with transaction() as session:
        site = session.get(Site, site_id)
        if site is None or site.issue != issue or site.made_at + LASTS < now:
            raise NoSite
        if site.disabled:
            raise Disabled
        signin.take(session, {signin.subject("site", str(site.id)): limit}, now)
        return Caller(site.id, site.office_id)


def _token(site: Site) -> str:
    return str(_signer().dumps([site.id, site.issue]))


def _read(token: str) -> tuple[int, int]:
    try:
        site_id, issue = _signer().loads(token)
    except BadData as error:
        raise NoSite from error
    return site_id, issue


def _signer() -> URLSafeSerializer:
    how = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(_secret(), salt=SALT, signer_kwargs=how)


def _secret() -> str:
    return str(current_app.extensions["caseflow"]["settings"].secret_key)


# -- sent again ------------------------------------------------------------------------------------


def through(caller: Caller, key: str, body: bytes, today: date) -> tuple[Through, str]:
    """How a site's request comes in, and the key of its page, by which it is taken in once.

    Its code follows from key and content: a site that never saw the answer gets the same one by sending the same
    again. Without a key the same content on the same day is the same request: proxies send again what was cut off.
    """
    content = hashlib.sha256(body).hexdigest()
    told = f"{SALT} {caller.id} {key or f'{today} {content}'}"  # no key has a blank
    digest = hmac.digest(_secret().encode(), f"{told} {content}".encode(), "sha256")
    return Through(caller.id, tickets.code_of(digest)), hashlib.sha256(told.encode()).hexdigest()


def as_before(twice: Twice, way: Through) -> Taken | None:
    """What was answered when the same was sent first; None where the key came with something else then, or the code
    has been made anew since."""
    session = db.session()
    ticket = session.get(Ticket, twice.case_id)
    if ticket is None or not tickets.found(session, ticket.query_number, way.code):
        return None
    return Taken(twice.case_id, tickets.Given(ticket.query_number, way.code))
