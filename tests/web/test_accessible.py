"""For everyone: one page of each template under axe, at 200 %, on a phone and on paper, all in one browser.

The pages are asked for without a network and put into one open page, one after the other: the style sheet is loaded
once.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python
from flask import Flask, template_rendered
from sqlalchemy import update

from caseflow.db import transaction
from caseflow.law.annual import PROACTIVE
from caseflow.ledger.columns import LEDGER
from caseflow.models import Office
from tests.law.notices import notice
from tests.stages.drive import do
from tests.support.browser import layout
from tests.support.pages import Desk
from tests.web.conftest import MONDAY
from tests.web.rights import ALLOWED
from tests.web.test_access_matrix import Arguments, address, somebody, the_objects
from tests.web.test_follow_pages import ticket_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.office import DeskOffice

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
TEMPLATES = Path(__file__).parents[2] / "templates"
SEEN_BY = ("clerk", "lead", "supervisor", "admin", "security", "auditor", "stranger")
# Never a page of ours: the frames, the file for an office's website, what is shown once after a code from a telephone
NO_PAGE = {"base.html", "counter/base.html", "annual/website.html", "auth/recovery_codes.html"}
DESK, HALF, PHONE = 1280, 640, 360  # px; HALF is a desk screen at 200 %
SHOW = """html => {
  const page = new DOMParser().parseFromString(html, 'text/html');
  document.title = page.title;
  document.documentElement.lang = page.documentElement.lang;
  document.body.replaceWith(page.body);
}"""
CHECK = """async () => {
  for (const body of document.querySelectorAll('tbody')) [...body.rows].slice(8).forEach(row => row.remove());
  const found = await axe.run(document, {resultTypes: ['violations']});
  return found.violations.flatMap(v => v.nodes.map(node => `${v.id}: ${node.html.slice(0, 160)}`));
}"""
# Of what is printed: the ways through the program, and buttons, are left out
ON_PAPER = """() => [...document.querySelectorAll('header.top, .foot, .btn, .pager, .skip')]
  .filter(e => e.checkVisibility()).map(e => 'on paper: ' + e.outerHTML.slice(0, 160))"""


@contextmanager
def drawn(app: Flask) -> Iterator[list[str]]:
    """The templates that are rendered meanwhile."""
    names: list[str] = []

    def note(sender: Flask, template: Any, **of_no_use: Any) -> None:
        names.append(template.name)

    template_rendered.connect(note, app)
    try:
        yield names
    finally:
        template_rendered.disconnect(note, app)


def visits(desk: Desk, who: str, mine: Arguments, left: set[str], asked: int) -> Iterator[None]:
    """One after the other: every page that nobody before could open, then what comes after a button."""
    for route in sorted(r for r in left if who in ALLOWED[r]):
        if desk.get(address(route, mine), follow=False).status == 200:
            left.discard(route)
        yield
    case = f"/cases/{mine['case_id']}"
    more = {
        "clerk": (f"{case}/acts/consult_third_party", f"{case}/acts/draft_reply", "/nowhere"),
        "auditor": ("/",),
        "lead": (f"/year/2026/report/{PROACTIVE}", "/year/2026/new/total?scope=all"),
    }
    for path in more.get(who, ()):
        desk.get(path)
        yield
    if who == "clerk":
        desk.get("/ledger")
        desk.submit(
            {"ledger": (io.BytesIO(",".join(column.name for column in LEDGER.columns).encode()), "台账.csv")},
            form="/ledger/check",
        )
    elif who == "admin":
        desk.get("/calendar/2027/enter")
        desk.submit({"words": notice(2027)})
        yield
        desk.get("/admin/sites")
        desk.submit({"name": "办事网站"}, form="添加，签发令牌")
    elif who == "stranger":
        yield from applies(desk)
        yield from follows(desk, asked)
    elif who == "security":
        desk.get(f"/admin/people/{mine['person_id']}")
        desk.submit(form="/password")
    yield


def applies(desk: Desk) -> Iterator[None]:
    """The public's form, faulty, looked over, sent; and its counter closed."""
    who = {
        "applicant_class": "enterprise",
        "name": "某某公司",
        "contact_person": "陈秀兰",
        "phone": "0595-88880000",
    }
    desk.get("/apply")
    desk.submit({"name": "陈" * 101})
    yield
    desk.submit(
        {
            **who,
            "title": "《甲》《乙》《丙》",
            "content": "",
            "obtain_by": "邮寄",
            "form": "纸质",
            "address": "石狮",
        }
    )
    yield
    desk.submit({"attachments": (io.BytesIO(b"MZ"), "a.exe")})
    yield
    desk.submit()
    yield
    for shut in (True, False):
        with transaction() as session:
            session.execute(update(Office).values(counter_open=not shut))
        desk.get("/apply")
        yield


def follows(desk: Desk, case_id: int) -> Iterator[None]:
    """A request that waits for its correction, as its applicant sees it, with a letter to be opened."""
    given = ticket_of(case_id, electronic=True)
    desk.get("/apply/status")
    desk.submit({"number": given.query_number, "code": given.code}, form="/apply/status")
    yield
    letter = next(
        form.attrs["action"]
        for form in desk.get("/apply/status").all("form")
        if "/letters/" in form.attrs["action"]
    )
    desk.submit(form=letter)
    yield
    for path in ("correct", "withdraw", "contact"):
        desk.get(f"/apply/{path}")
        yield


def asked_to_correct(office: DeskOffice) -> int:
    """A request with a receipt, whose applicant was asked to correct it."""
    case_id = office.register(MONDAY, "online", phone="13805051024")
    do(office, case_id, "issue_letter", MONDAY)
    do(office, case_id, "request_correction", MONDAY, until=date(2026, 12, 1))
    return case_id


def one_of_each(office: DeskOffice, app: Flask) -> dict[str, str]:
    """The longest page of each template, by its name."""
    mine, found = the_objects(office), dict[str, str]()
    left, asked = {route for route in ALLOWED if route.startswith("GET")}, asked_to_correct(office)
    with drawn(app) as names:
        for who in SEEN_BY:
            desk = somebody(app, office, who)
            for _ in visits(desk, who, mine, left, asked):
                answer = desk.page.response if desk.page else None
                if answer and names and answer.mimetype == "text/html":
                    html = answer.get_data(as_text=True)
                    found[names[-1]] = max(html, found.get(names[-1], ""), key=len)
                names.clear()
    return found


@layout
def test_every_page_can_be_read_by_everyone_at_any_size_and_on_paper(
    monday: None, office: DeskOffice, app: Flask, live_server: str, page: Page
) -> None:
    pages = one_of_each(office, app)
    whole = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.glob("[!m]*/[!_]*.html")}
    assert whole - NO_PAGE <= pages.keys()
    page.goto(f"{live_server}/login")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    wrong: list[str] = []
    for name in sorted(whole - NO_PAGE):
        page.evaluate(SHOW, pages[name])
        for width in (HALF, PHONE):
            page.set_viewport_size({"width": width, "height": 450})
            needed = page.evaluate("document.documentElement.scrollWidth")
            wrong += [f"{name} is {needed} px wide at {width}"] if needed > width else []
        page.emulate_media(media="print")
        wrong += [f"{name} {told}" for told in page.evaluate(ON_PAPER)]
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": DESK, "height": 900})
        wrong += [f"{name} {told}" for told in page.evaluate(CHECK)]
    assert wrong == [], "\n".join(wrong)
