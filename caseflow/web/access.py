"""Who may see what: closed by default, a view is open only to the roles it names."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date as date_type
from typing import Any, NoReturn, TypeVar, cast

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import MultiDict
from werkzeug.routing import IntegerConverter, Map

from .. import moment
from ..calendars import store
from ..config import Settings
from ..db import db, transaction
from ..law import guards
from ..law.workdays import Calendar
from ..law.workflow import ROLES
from ..models import Case, Office, Person
from ..reports import casefolder
from ..reports.casefolder import Folder
from ..reports.offices import office_ids
from ..stages import audit, offices
from ..stages.desk import Work, work_of
from ..stages.second_factor import REQUIRED

View = TypeVar("View", bound=Callable[..., Any])

DESK = ("clerk", "lead")  # those who work cases
READERS = ("clerk", "lead", "supervisor")  # those who see them
EVERYBODY = tuple(ROLES)  # anyone signed in
PUBLIC = "public"
LONGEST_PATH = 100  # characters of one that are noted
TEXT_PART = re.compile(r"<(?!int:)")  # of a rule: whatever is no number
LARGEST_ID = 2**63 - 1

ENTERING = frozenset({"account", "second_factor"})  # where one becomes able to do anything else
OPEN_ENDPOINTS = frozenset({"static", "bootstrap.static"})  # files, not views of ours


def allow(*roles: str, for_all: bool = False) -> Callable[[View], View]:
    """Open a view to these roles (or PUBLIC). A view without it answers 403 to everybody.

    What is sent to a view ``for_all`` holds for every organ of the installation: see ``sets_for_all``.
    """

    def mark(view: View) -> View:
        view.allowed = frozenset(roles)  # type: ignore[attr-defined]
        view.for_all = for_all  # type: ignore[attr-defined]
        return view

    return mark


class Id(IntegerConverter):
    """A number in an address: one that no column can hold is not found, rather than an error of the database."""

    def __init__(
        self,
        url_map: Map,
        fixed_digits: int = 0,
        min: int | None = None,
        max: int | None = LARGEST_ID,
        signed: bool = False,
    ) -> None:
        super().__init__(url_map, fixed_digits, min, max, signed)


def init_app(app: Flask, settings: Settings) -> None:
    """Guard every request."""
    app.url_map.converters["int"] = Id
    app.before_request(guard)


def guard() -> Any:
    """Let a request pass only where its view names this person's role."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in OPEN_ENDPOINTS:
        return None  # 404 is answered by Flask itself
    allowed: frozenset[str] = getattr(current_app.view_functions[endpoint], "allowed", frozenset())
    person = me() if current_user.is_authenticated else None
    audit.begin(db.session(), _by(person))
    if PUBLIC in allowed:
        return None
    if person is None:
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
    if not admitted():
        refused(403)
    if person.must_change and request.blueprint != "account":
        return redirect(url_for("account.password"))
    if needs_second_factor() and not person.second_factor and request.blueprint not in ENTERING:
        return redirect(url_for("second_factor.page"))
    return None


def _by(person: Person | None) -> audit.By:
    """Who asks and from where, for the second log."""
    address = request.remote_addr or ""
    return audit.By(person.id, person.office_id, address) if person else audit.By(address=address)


def is_of_counter() -> bool:
    """Whether the view of this request is one of the public's counter: nobody signs in for it."""
    view = current_app.view_functions.get(request.endpoint or "")
    return PUBLIC in getattr(view, "allowed", ()) and request.blueprint not in ENTERING


def admitted() -> bool:
    """Whether the signed-in person may open the view of this request, or send it what is sent."""
    view = current_app.view_functions[request.endpoint or ""]
    if not current_user.is_authenticated or me().role not in getattr(view, "allowed", frozenset()):
        return False
    return request.method != "POST" or not getattr(view, "for_all", False) or sets_for_all()


def sets_for_all() -> bool:
    """Whether this person may change what holds for every organ of the installation: the calendar, the terms.

    The administrators of an organ with none above it (主管机关); those beneath it read the same pages.
    """
    return me().role == "admin" and me().office.parent_id is None


def needs_second_factor() -> bool:
    """Whether the signed-in person may do nothing without a second factor, by the setting TOTP_REQUIRED."""
    return me().role in REQUIRED[current_app.extensions["caseflow"]["settings"].totp_required]


def me() -> Person:
    """The signed-in person."""
    return cast(Person, current_user.person)


def today() -> date_type:
    """The day of this request: the same through all of it."""
    if "today" not in g:
        g.today = moment.today()
    return cast(date_type, g.today)


def calendar() -> Calendar:
    """The newest calendar, looked up once a request."""
    if "calendar" not in g:
        g.calendar = store.edition(g.calendar_version or 0) if "calendar_version" in g else store.current()
    return cast(Calendar, g.calendar)


def my_work() -> Work:
    """This person's work now, for an act."""
    return work_of(me(), moment.now(), today(), calendar())


def number(values: MultiDict[str, str], name: str) -> int | None:
    """A number of a query or a form; None for anything that is none, or that no column can hold."""
    found = values.get(name, type=int)
    return found if found is not None and 0 <= found <= LARGEST_ID else None


def before(folder: Folder) -> guards.Desk:
    """This person before a case today: all that a guard looks at."""
    person = me()
    return guards.Desk(folder.file, folder.clock, folder.calendar, today(), person.id, person.role)


def office_asked() -> Office:
    """The office that a page is about: this person's, or with ?office= one that they reach; any other is a 404."""
    wanted = number(request.args, "office")
    if wanted is None:
        return me().office
    office = db.session.get(Office, wanted)
    if office is None:
        abort(404)
    if not reaches(wanted):
        refused()
    return office


def office_way() -> dict[str, int]:
    """What an address carries on to stay with that office; {} for this person's own."""
    office = office_asked()
    return {} if office.id == me().office_id else {"office": office.id}


def my_case(case_id: int) -> Case:
    """A case that this person reaches, with all that its pages show of it; any other is a 404."""
    case = casefolder.found(db.session(), case_id)
    if case is None:
        abort(404)
    if not reaches(case.office_id):
        refused()
    return case


def refused(code: int = 404) -> NoReturn:
    """Not for this person, which is noted. What is another office's is not found: not even that it exists is told."""
    note_refusal()
    abort(code)


def note_refusal() -> None:
    """Note the page that was refused: the path without its query and its parts of text, nothing that was typed."""
    way = "提交" if request.method == "POST" else "打开"
    with suppress(DBAPIError), transaction() as session:
        audit.note(session, "refused", page=f"{way} {_path()[:LONGEST_PATH]}")


def _path() -> str:
    """The path of this request; what may be any text in it is …, for somebody may have typed it."""
    rule = request.url_rule.rule if request.url_rule else "/<any>"
    pairs = zip(rule.split("/"), request.path.split("/"), strict=False)
    return "/".join("…" if TEXT_PART.search(of) else part for of, part in pairs)


def reaches(office_id: int) -> bool:
    """Whether this person opens the cases of an office: their own, a supervisor also one under it."""
    return office_id == me().office_id or office_id in _below()


def _below() -> frozenset[int]:
    """The offices under this person's whose cases they open too, looked up once a request."""
    if "below" not in g:
        looks = me().role in offices.ABOVE
        g.below = frozenset(office_ids(me().office_id, with_subordinates=looks))
    return cast(frozenset[int], g.below)
