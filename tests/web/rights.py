"""Who may open what: all routes, from the map of addresses, by everybody there is.

A new route fails in the access matrix until it stands in ALLOWED; the right itself is written once at the view and
once here.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from flask import Flask

from caseflow.law.workflow import BY_CODE
from tests.support.pages import Page

ROLES = ("clerk", "lead", "supervisor", "admin", "security", "auditor")
STRANGERS = ("stranger", "disabled", "expired")  # who was, and is no longer, signed in
PUBLIC = (*ROLES, *STRANGERS)
DESK = ("clerk", "lead")
READERS = (*DESK, "supervisor")

ALLOWED: dict[str, tuple[str, ...]] = {
    # one's own account
    "GET /login": PUBLIC,
    "POST /login": PUBLIC,
    "POST /logout": ROLES,
    "GET /account": ROLES,
    "POST /account/sessions/<int:session_id>/end": ROLES,
    "POST /account/sessions/end-others": ROLES,
    "POST /csp-report": PUBLIC,  # by browsers themselves, without a token
    "GET /login/code": PUBLIC,
    "POST /login/code": PUBLIC,
    "GET /account/second-factor": ROLES,
    "POST /account/second-factor": ROLES,
    "POST /account/second-factor/remove": ROLES,
    "GET /account/password": ROLES,
    "POST /account/password": ROLES,
    "GET /account/away": ROLES,
    "POST /account/away": ROLES,
    "POST /account/away/back": ROLES,
    # the log
    "GET /audit": ("auditor",),
    "GET /audit/<which>": ("auditor",),
    "POST /audit/<which>.csv": ("auditor",),
    "GET /audit/head": ("auditor",),
    "POST /audit/head.json": ("auditor",),
    # the people
    "GET /admin/people": ("security",),
    "POST /admin/people": ("security",),
    "GET /admin/people/first": ("admin",),  # once, in an office that nobody looks after yet
    "POST /admin/people/first": ("admin",),
    "GET /admin/people/<int:person_id>": ("security",),
    "POST /admin/people/<int:person_id>/role": ("security",),
    "POST /admin/people/<int:person_id>/disable": ("security",),
    "POST /admin/people/<int:person_id>/enable": ("security",),
    "POST /admin/people/<int:person_id>/password": ("security",),
    "POST /admin/people/<int:person_id>/sessions/end": ("security",),
    "POST /admin/people/<int:person_id>/second-factor/remove": ("security",),
    "POST /admin/people/<int:person_id>/email": ("security",),
    "POST /admin/people/<int:person_id>/department": ("security",),
    "POST /admin/people/<int:person_id>/away": ("security",),
    "POST /admin/people/<int:person_id>/back": ("security",),
    # their mail
    "GET /admin/mail": ("admin",),
    "GET /admin/mail/<int:mail_id>/again": ("admin",),
    "POST /admin/mail/<int:mail_id>/again": ("admin",),
    # the public's counter: what is of a request is for whoever entered its number and code
    "GET /apply/status": PUBLIC,
    "POST /apply/status": PUBLIC,
    "POST /apply/leave": PUBLIC,
    "GET /apply/letters/<int:letter_id>": PUBLIC,
    "POST /apply/letters/<int:letter_id>": PUBLIC,
    "GET /apply/letters/<int:letter_id>.docx": PUBLIC,
    "POST /apply/files/<int:n>": PUBLIC,
    "GET /apply/correct": PUBLIC,
    "POST /apply/correct": PUBLIC,
    "GET /apply/reasons": PUBLIC,
    "POST /apply/reasons": PUBLIC,
    "GET /apply/withdraw": PUBLIC,
    "POST /apply/withdraw": PUBLIC,
    "GET /apply/contact": PUBLIC,
    "POST /apply/contact": PUBLIC,
    # the desk
    "GET /": ROLES,
    "GET /cases": READERS,
    "GET /cases/new": ("clerk",),
    "POST /cases/new": ("clerk",),
    "POST /cases/preview": ("clerk",),
    "POST /cases/similar": ("clerk",),
    "POST /cases/offer": ("clerk",),
    "GET /cases/<int:case_id>": READERS,
    "GET /cases/<int:case_id>/deadline": READERS,
    "GET /cases/<int:case_id>/similar": READERS,
    "GET /cases/<int:case_id>/acts/<act>": READERS,  # each act for its own roles: law/workflow.py
    "GET /cases/<int:case_id>/acts/<act>/what-if": READERS,
    "POST /cases/<int:case_id>/acts/<act>": READERS,
    "GET /cases/<int:case_id>/identity": DESK,
    "POST /cases/<int:case_id>/identity": DESK,
    "GET /cases/<int:case_id>/ticket": DESK,
    "POST /cases/<int:case_id>/ticket": DESK,
    "GET /cases/<int:case_id>/correct": ("lead",),
    "POST /cases/<int:case_id>/correct/<kind>": ("lead",),
    "GET /cases/<int:case_id>/letters": READERS,
    "GET /cases/<int:case_id>/letters/<letter>/<int:about>": DESK,
    "POST /cases/<int:case_id>/letters/<letter>/<int:about>": DESK,
    "GET /cases/<int:case_id>/letters/<int:letter_id>.docx": READERS,
    "GET /cases/<int:case_id>/files": READERS,
    "POST /cases/<int:case_id>/files": DESK,
    "GET /cases/<int:case_id>/files/<int:n>": READERS,
    "POST /cases/<int:case_id>/folder.zip": DESK,
    "GET /cases/<int:case_id>/publication": READERS,
    "POST /cases/<int:case_id>/publication": DESK,
    "POST /cases/<int:case_id>/publication/approve": ("lead",),
    "GET /cases/<int:case_id>/publication/<int:edition>/<int:n>": READERS,
    "GET /publishing": DESK,
    "GET /published": PUBLIC,
    "GET /published/<int:publication_id>": PUBLIC,
    "GET /published/<int:publication_id>/files/<int:n>": PUBLIC,
    "POST /published/matching": PUBLIC,
    "GET /published/reports": PUBLIC,
    "GET /published/reports/<int:organ_id>/<int:year>": PUBLIC,
    "GET /published/reports/<int:organ_id>/<int:year>.<ending>": PUBLIC,
    "GET /alerts": READERS,
    "POST /alerts/<int:alert_id>/acknowledge": READERS,
    "POST /alerts/acknowledge-all": READERS,
    # the terms
    "GET /admin/terms": ROLES,
    "POST /admin/terms": ("admin",),
    "GET /admin/terms/<term>": ("admin",),
    "POST /admin/terms/<term>": ("admin",),
    # the letters
    "GET /admin/letters": ("admin",),
    "GET /admin/letters/<letter>": ("admin",),
    "POST /admin/letters/<letter>": ("admin",),
    "POST /admin/letters/<letter>/shipped": ("admin",),
    "GET /admin/letters/<letter>/<int:version>": ("admin",),
    "GET /admin/office": ("admin",),
    "POST /admin/office": ("admin",),
    "POST /admin/office/preview": ("admin",),
    "POST /admin/office/counting": ("admin",),
    "POST /admin/office/counter": ("admin",),
    "GET /admin/sites": ("admin",),
    "POST /admin/sites": ("admin",),
    "POST /admin/sites/<int:site_id>/token": ("admin",),
    "POST /admin/sites/<int:site_id>/disable": ("admin",),
    "POST /admin/sites/<int:site_id>/enable": ("admin",),
    "GET /admin/office/below": ("admin",),
    "POST /admin/office/below": ("admin",),
    # how long personal data are kept
    "GET /admin/retention": ("admin",),
    "POST /admin/retention/years": ("admin",),
    "POST /admin/retention/mask": ("admin",),
    # the ledger
    "GET /ledger": DESK,
    "POST /ledger/check": DESK,
    "POST /ledger/commit": DESK,
    "POST /ledger/export.csv": DESK,
    "POST /ledger/proceedings.csv": DESK,
    "POST /ledger/export.xlsx": DESK,
    # figures
    "GET /year": READERS,
    "GET /year/<int:year>": READERS,
    "GET /year/<int:year>.xlsx": READERS,
    "GET /year/<int:year>/<row>/<column>": READERS,
    "GET /year/<int:year>/report": READERS,
    "GET /year/<int:year>/report.<ending>": READERS,
    "GET /year/<int:year>/report/<part>": DESK,
    "POST /year/<int:year>/report/<part>": DESK,
    "POST /year/<int:year>/report/<part>/check": DESK,
    "GET /year/<int:year>/report/versions/<int:version>": READERS,
    "POST /year/<int:year>/report/versions/<int:version>": DESK,
    "GET /year/<int:year>/closing": READERS,
    "POST /year/<int:year>/closing": ("lead",),
    "GET /year/<int:year>/closing/<int:edition>": READERS,
    "GET /year/<int:year>/closing/<int:edition>.<ending>": READERS,
    "GET /year/<int:year>/closing/cases/<what>": READERS,
    "GET /year/<int:year>/typed": ("lead", "supervisor"),
    "POST /year/<int:year>/typed": ("lead", "supervisor"),
    "POST /year/<int:year>/typed/<int:office_id>/take": ("lead", "supervisor"),
    "GET /year/<int:year>/typed/<int:office_id>": ("lead", "supervisor"),
    "POST /year/<int:year>/typed/<int:office_id>/withdraw": ("lead", "supervisor"),
    "GET /supervision": READERS,
    "GET /supervision/cases": READERS,
    "POST /supervision.csv": READERS,
    "POST /supervision.xlsx": READERS,
    "GET /supervision/watches": READERS,
    "GET /supervision/accountability": READERS,
    "POST /supervision/accountability.csv": READERS,
    # the calendar
    "GET /calendar": ROLES,
    "GET /calendar/<int:year>": ROLES,
    "GET /calendar/<int:year>/enter": ("admin",),
    "POST /calendar/<int:year>/enter": ("admin",),
    "GET /calendar/<int:year>/local": ("admin",),
    "POST /calendar/<int:year>/local": ("admin",),
    "POST /calendar/<int:year>/local/remove": ("admin",),
    "GET /calendar/<int:year>/closing": ("lead",),
    "POST /calendar/<int:year>/closing": ("lead",),
    "POST /calendar/<int:year>/closing/remove": ("lead",),
    # the public's counter
    "GET /apply": PUBLIC,
    "POST /apply": PUBLIC,
    "POST /apply/send": PUBLIC,
    "POST /apply/receipt.docx": PUBLIC,
    # for websites, by the tokens that they send themselves; years are public
    "GET /api/v1/openapi.json": PUBLIC,
    "POST /api/v1/requests": PUBLIC,
    "GET /api/v1/requests/<number>": PUBLIC,
    "GET /api/v1/years/<int:year>": PUBLIC,
    "GET /api/v1/published": PUBLIC,
    "GET /api/v1/published/<int:publication_id>": PUBLIC,
    # for the machine
    "GET /search": READERS,
    "GET /healthz": PUBLIC,
    "GET /healthz/ready": PUBLIC,
}
FILES = {"static", "bootstrap.static"}


def routes(app: Flask) -> list[str]:
    """METHOD and address of every view; signing out last, since it ends the session that asks."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in FILES]
    pairs = {f"{m} {rule.rule}" for rule in rules for m in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    return sorted(pairs, key=lambda route: (route == "POST /logout", route))


def not_for(app: Flask, who: str, page: Page) -> list[str]:
    """Where links and forms of a page lead that this person may not go, or nobody can."""
    return [f"{method} {path}" for method, path in set(_ways(page)) if not _open_to(app, who, method, path)]


def _ways(page: Page) -> Iterator[tuple[str, str]]:
    for link in page.links():
        if not link.startswith("#"):
            yield "GET", urlsplit(urljoin(page.path, link)).path
    for form in page.all("form"):
        method = form.attrs.get("method", "get").upper()
        yield method, urlsplit(urljoin(page.path, form.attrs.get("action", "") or page.path)).path


def _open_to(app: Flask, who: str, method: str, path: str) -> bool:
    rule, parts = app.url_map.bind("localhost").match(path, method, return_rule=True)
    if rule.endpoint in FILES:
        return True
    act = BY_CODE.get(parts.get("act", ""))
    return who in ALLOWED[f"{method} {rule.rule}"] and (act is None or who in act.roles)
