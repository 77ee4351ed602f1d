"""A page costs what it asks and reckons; its template is the lesser half, or it is said here why not."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import jinja2
import pytest

from tests.support.pages import Desk
from tests.upkeep.desk import busy

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.office import DeskOffice

PAGES = {
    "lead": (
        "/", "/cases", "/cases/{case}", "/cases/{case}/deadline", "/cases/{case}/similar", "/cases/{case}/correct",
        "/cases/{case}/acts/draft_reply", "/search?q=公开", "/alerts", "/year/2026", "/year/2026/report",
        "/year/2026/closing", "/supervision", "/calendar/2026", "/ledger", "/account/password", "/account/away",
    ),
    "clerk": ("/cases/new",),
    "security": ("/admin/people", "/admin/people/1"),
    "admin": ("/admin/mail", "/admin/terms", "/admin/letters", "/admin/office"),
}  # fmt: skip

# Why a template may cost more than everything else together: a page that is nothing but a form asks the database for
# little more than its frame; what it costs is its fields, on 登记 25 of them, each with label, hint, limits and a place
# for its error, made by the one macro that all forms share.
FORMS = {"/cases/new", "/cases/{case}/correct", "/account/password", "/admin/office", "/admin/people"}
ROUNDS = 6
CLEARLY = 0.6  # more than half, whatever a machine under load adds to either


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_page_spends_more_in_its_template_than_in_all_else(
    app: Flask, office: DeskOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendering = _watched(monkeypatch)
    case = busy(office)["extended"]
    dear = {}
    for role, pages in PAGES.items():
        desk = Desk(app.test_client())
        desk.enter(f"{role}-ssfb")
        for page in pages:
            shares = []
            for _ in range(ROUNDS):  # the first of them compiles; whatever else the machine does may hit one
                rendering.clear()
                with app.app_context():
                    begun = time.thread_time()
                    answer = desk.client.get(page.format(case=case))
                    shares.append(sum(rendering) / (time.thread_time() - begun))
                assert answer.status_code == 200, page
            dear[page] = min(shares)
    assert {page for page, share in dear.items() if share > CLEARLY} <= FORMS, dear


def _watched(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Fills with what each page's template takes, in seconds of this thread."""
    found: list[float] = []
    render = jinja2.Template.render

    def timed(self: jinja2.Template, *args: Any, **kwargs: Any) -> str:
        begun = time.thread_time()
        try:
            return render(self, *args, **kwargs)
        finally:
            found.append(time.thread_time() - begun)

    monkeypatch.setattr(jinja2.Template, "render", timed)
    return found
