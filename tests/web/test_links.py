"""The site walked link by link: nothing leads nowhere, and nothing in an address or a form breaks a page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest

from caseflow.alerts import ladder
from caseflow.calendars import store
from caseflow.db import db
from tests.stages.drive import do
from tests.support.office import DeskOffice
from tests.support.pages import Desk, Node, Page, values_of
from tests.support.statements import MOST, listening
from tests.web.conftest import MONDAY, MORNING
from tests.web.rights import not_for

pytestmark = [pytest.mark.usefixtures("monday"), pytest.mark.both_engines]


class Hostile(NamedTuple):
    """What is typed into every field of a form at once, what into an address besides, and what into one field alone."""

    form: tuple[str, ...]
    address: tuple[str, ...]
    alone: tuple[str, ...]


# An engine has what itself refuses: one a number of more than 64 bits, one a NUL, more than 32 bits, a text too
# long. What breaks a page before the engine is asked is tried on one of them.
HOSTILE = {
    "sqlite": Hostile(
        ("9" * 30, "9" * 5000, "0001-01-01"),
        (
            "9223372036854775808", "' OR 1=1 --", "-1", "<script>alert(1)</script>", "２０２６", "2026-02-30",
            "9999-12-31", "2026-12-01_" + "9" * 30,
        ),
        ("9" * 30,),
    ),
    "postgresql": Hostile(("9999999999", "x\x00y"), ("长" * 3000,), ("x\x00y",)),
}  # fmt: skip
CLOSED = frozenset({"hidden", "radio", "checkbox"})
# Pages of one kind from which everybody goes on; of any other kind one is opened
SEVERAL = {"/": 1, "/admin/terms": 1, "/cases/N": 4, "/year/N": 2}


def some_cases(office: DeskOffice) -> None:
    """Overdue and watched, running, answered last year and this; and the alerts of the morning."""
    do(office, office.accepted(date(2026, 9, 1)), "watch", MONDAY)
    office.accepted(MONDAY)
    office.replied(date(2025, 11, 3), date(2025, 12, 1))
    office.replied(date(2026, 10, 12), date(2026, 11, 20), "partial")
    ladder.make_pass(MONDAY, MORNING, store.current())


def somebody(app, who: str) -> Desk:
    """Signed in; a failure is shown as its page."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    desk = Desk(app.test_client(), latin=("x", "y", "xy", "script", "alert", "or"))
    desk.enter(f"{who}-ssfb")
    return desk


def kind(url: str) -> str:
    """An address whatever its numbers and the answers in its question: one case stands for all, and one letter."""
    path, _, question = url.partition("?")
    path = re.sub(r"(?<=/admin/letters/)\w+", "L", re.sub(r"\d+", "N", path))
    return path + "".join(sorted(name for name, _ in parse_qsl(question)))


def walk(desk: Desk, who: str, opened: Counter[str]) -> Iterator[Page]:
    """Open what can be reached by links from the first page, one page of each kind or a few.

    Of what others have ``opened``, that from which everybody goes on is opened again; that every link is to a page
    which this person may open is seen without opening it. No page asks much of the database; those of a year are
    held to it in the access matrix.
    """
    mine: Counter[str] = Counter()
    seen: set[str] = set()
    waiting = ["/", "/account/password"]
    while waiting:
        url = waiting.pop()
        sort = kind(url)
        done = mine if sort in SEVERAL else opened
        if url in seen or done[sort] >= SEVERAL.get(sort, 1):
            continue
        seen.add(url)
        mine[sort] += 1
        opened[sort] += 1
        with listening(db.engine) as said:
            page = desk.get(url)
        assert page.status == 200, f"{url} answers {page.status}"
        assert re.search("/year/|export|zip", url) or len(said) <= MOST, f"{url} asks {len(said)} times"
        astray = not_for(desk.client.application, who, page)
        assert not astray, f"{url} leads to {astray}"
        yield page
        waiting += [urljoin(page.path, link).split("#")[0] for link in page.links()]


def asked_by(pages: list[Page]) -> dict[str, tuple[str, set[str]]]:
    """One path of each kind, and the names it can be asked by, from the links and the filters that lead there."""
    found: dict[str, tuple[str, set[str]]] = {}
    for page in pages:
        here = urlsplit(page.path)
        found.setdefault(kind(here.path), (here.path, set()))[1].update(
            name for name, _ in parse_qsl(here.query)
        )
        for form in page.all("form"):
            if form.attrs.get("method", "get").lower() == "get":
                path = urlsplit(urljoin(page.path, form.attrs.get("action", ""))).path
                names = {node.attrs["name"] for node in form.walk() if node.attrs.get("name")}
                found.setdefault(kind(path), (path, set()))[1].update(names)
    return found


def forms_of(pages: list[Page]) -> dict[str, tuple[str, Node]]:
    """One form of each kind, with the address it sends to."""
    found: dict[str, tuple[str, Node]] = {}
    for page in pages:
        for form in page.forms():
            target = urljoin(page.path, form.attrs.get("action", "") or page.path)
            found.setdefault(kind(target), (target, form))
    return found


def forged(form: Node, hostile: Hostile) -> Iterator[dict[str, str]]:
    """What no browser would send: in all fields at once, and alone in each that offers choices or is hidden."""
    names = [name for name in values_of(form) if not name.endswith("csrf_token")]
    closed = {n.attrs.get("name") for n in form.walk() if n.attrs.get("type") in CLOSED or n.tag == "select"}
    for value in hostile.form if names else ():
        yield dict.fromkeys(names, value)
    yield from ({name: value} for name in names if name in closed for value in hostile.alone)


def broken_questions(desk: Desk, pages: list[Page], hostile: Hostile) -> list[object]:
    """The questions in an address that break a page: with all its names at once, and with each alone."""
    broken: list[object] = []
    for path, names in asked_by(pages).values():
        questions = [dict.fromkeys(names, value) for value in (*hostile.form, *hostile.address) if names]
        questions += [{name: value} for name in names for value in hostile.alone if len(names) > 1]
        for question in questions:
            status = desk.status(f"{path}?{urlencode(question)}")
            if status not in {200, 302, 404, 422}:
                broken.append((path, question, status))
    return broken


def broken_forms(desk: Desk, forms: dict[str, tuple[str, Node]], hostile: Hostile) -> list[object]:
    """What, sent with a form, breaks a page."""
    broken: list[object] = []
    for target, form in forms.values():
        for values in forged(form, hostile):
            status = desk.status(target, values_of(form) | values)
            if status not in {200, 302, 404, 409, 422, 429}:
                broken.append((target, values, status))
    return broken


def test_every_link_leads_to_a_page_one_may_open_and_nothing_in_an_address_or_a_form_breaks_it(office, app):
    """By everybody; questions by the lead, who sees the most, and forms before any of them was sent."""
    some_cases(office)
    desks = {who: somebody(app, who) for who in ("lead", "clerk", "supervisor", "admin", "security")}
    opened: Counter[str] = Counter()
    pages = {who: list(walk(desk, who, opened)) for who, desk in desks.items()}
    assert len(opened) >= 110
    hostile = HOSTILE[db.engine.dialect.name]
    assert not broken_questions(desks["lead"], pages["lead"], hostile)
    done: set[str] = set()
    for who, desk in desks.items():
        forms = {sort: form for sort, form in forms_of(pages[who]).items() if sort not in done}
        assert not broken_forms(desk, forms, hostile), who
        done |= forms.keys()
    assert len(done) >= 60
