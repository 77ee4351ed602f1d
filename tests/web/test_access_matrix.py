"""Who may open what: all routes, from the map of addresses, by everybody there is.

A new route fails here until it stands in ALLOWED; the right itself is written once at the view and once here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Connection, event, select

from caseflow.alerts import ladder
from caseflow.calendars import store
from caseflow.closing.freeze import freeze
from caseflow.counter import sites
from caseflow.db import WRITE, db, transaction
from caseflow.law.published import Figures
from caseflow.law.workflow import BY_CODE
from caseflow.law.year_table import printed
from caseflow.models import (
    Alert,
    AlertRecipient,
    Letter,
    Mail,
    Office,
    Person,
    Publication,
    PublicationFile,
    SignedYear,
    SignInSession,
    StoredFile,
)
from caseflow.stages import offices, sessions, typed
from tests.stages.drive import do
from tests.support.office import DeskOffice, found
from tests.support.pages import Desk, Page
from tests.support.statements import MOST, Statement, listening
from tests.support.states import made_once
from tests.web.conftest import MONDAY, MORNING
from tests.web.rights import ALLOWED, DESK, PUBLIC, READERS, ROLES, not_for, routes

pytestmark = [pytest.mark.usefixtures("monday"), pytest.mark.both_engines]

LONG_AGO = date(2026, 9, 1)  # a case received then is overdue, so that there is an alert

# What holds for every organ of the installation is set by the administrators of the one on top alone (主管机关)
FOR_ALL = {
    "POST /calendar/<int:year>/enter",
    "POST /calendar/<int:year>/local",
    "POST /calendar/<int:year>/local/remove",
    "POST /admin/terms/<term>",
    "POST /admin/letters/<letter>",
    "POST /admin/letters/<letter>/shipped",
}
Arguments = dict[str, object]


def the_objects(office: DeskOffice, who: str = "") -> Arguments:
    """The objects of the only office, made once."""
    mine = made_once("objects of the office", lambda: objects(office)) | acting(who)
    return mine | ({"session_id": session_of(office.people[who])} if who in office.people else {})


def acting(who: str) -> Arguments:
    """An act that the role may do, else one of the desk's."""
    return {"act": {"supervisor": "watch"}.get(who, "open_proceeding")}


def objects(office: DeskOffice) -> Arguments:
    """One object of an office for each kind of id in an address, and a good value for each other part."""
    case_id = office.accepted(LONG_AGO)
    do(office, case_id, "add_files", LONG_AGO)
    do(office, case_id, "issue_letter", LONG_AGO)
    ladder.make_pass(MONDAY, MORNING, store.current())
    db.session.rollback()
    alert_id = db.session.scalars(select(Alert.id).where(Alert.case_id == case_id)).one()
    return {
        "publication_id": published(case_id, office),
        "organ_id": office.id,
        "case_id": case_id,
        "session_id": session_of(office.people["colleague"]),
        "person_id": office.people["colleague"],
        "alert_id": alert_id,
        "mail_id": letter(office.people["clerk"]),
        **acting(""),
        "kind": "day",
        "term": "archive",
        "version": 0,
        "year": 2026,
        "row": "new",
        "n": 1,
        "number": "284619375520",
        "site_id": sites.add(office.id, "门户网站", MORNING).site.id,
        "letter": "receipt",
        "about": 1,
        "letter_id": db.session.scalars(select(Letter.id).where(Letter.case_id == case_id)).one(),
        "column": "total",
        "office_id": typed_below(office),
        "part": "problems",
        "ending": "docx",
        "edition": signed_year(office),
        "what": "late",
        "which": "acts",
    }


def published(case_id: int, office: DeskOffice) -> int:
    """A reply that everybody may read, with one file."""
    with transaction() as session:
        sha256 = session.scalars(select(StoredFile.sha256)).first()
        row = Publication(
            case_id=case_id, office_id=office.id, version=1, ground="useful", title="结算", question="结算", answer="见附件",
            salt="1", proposed_by=office.people["clerk"], proposed_at=MORNING, state="published", published_on=MONDAY,
        )  # fmt: skip
        session.add(row)
        session.flush()
        session.add(PublicationFile(publication_id=row.id, n=1, name="结算.pdf", sha256=sha256, by_hand=True))
        return row.id


def signed_year(office: DeskOffice) -> int:
    """The edition under which 2026 was signed."""
    frozen = freeze(db.session.get_one(Office, office.id), 2026)
    by = {"signed_by": office.people["lead"], "signed_at": MORNING}
    with transaction() as session:
        row = {"office_id": office.id, "year": 2026, "edition": 1, "hash": frozen.hash}
        session.add(SignedYear(**row, **by, frozen=dict(frozen.data)))
    return 1


def typed_below(office: DeskOffice) -> int:
    """An office beneath that doesn't work here, with a typed table of 2026."""
    figures = Figures("2021", {row: (0,) * 7 for row, _ in printed("2021")}, {}, {})
    below = offices.add_below(office.id, f"{office.code}-1", "港尚镇人民政府").id
    who = typed.Typist(office.people["lead"], MORNING)
    typed.take(who, below, 2026, figures, typed.Source("a.csv", ""))
    return below


def session_of(person_id: int) -> int:
    """Somewhere this person is signed in."""
    with transaction() as session:
        sessions.begin(session, person_id, sessions.Where(), MORNING)
        query = select(SignInSession.id).where(SignInSession.person_id == person_id)
        return session.scalars(query.order_by(SignInSession.id.desc())).first() or 0


def letter(person_id: int) -> int:
    """A letter to somebody that was given up."""
    with transaction() as session:
        mail = Mail(
            person_id=person_id, address="wangmin@example.cn", kind="digest", subject="题", body="文",
            told_on=MORNING.date(), created_at=MORNING, next_at=MORNING, state="given_up",
        )  # fmt: skip
        session.add(mail)
        session.flush()
        return mail.id


IDS = ("site_id", "case_id", "person_id", "alert_id", "mail_id", "letter_id", "office_id", "session_id")


def address(route: str, arguments: Arguments) -> str:
    """The address of a route with its parts filled in."""
    path = route.split()[1]
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(arguments[part[1]]), path)


def somebody(app: Flask, office: DeskOffice, who: str) -> Desk:
    """A browser in which this person signed in; the disabled one was disabled afterwards."""
    paths = {
        word for route in ALLOWED for word in re.findall("[a-z]+", route)
    }  # of refused pages, in the log
    desk = Desk(app.test_client(), latin=("late", "database", "status", "version", *paths))
    desk.get("/login")
    if who == "stranger":
        return desk
    if who == "expired":
        with time_machine.travel(MORNING - sessions.IDLE, tick=False):
            desk.enter("clerk-ssfb")
        return desk
    desk.enter(f"{'clerk' if who == 'disabled' else who}-ssfb")
    if who == "disabled":
        with transaction() as session:
            session.get_one(Person, office.people["clerk"]).disabled = True
    return desk


def closed(route: str, page: Page) -> bool:
    """Whether an answer keeps this person out: no right, or nobody signed in."""
    if page.status == 403:
        return True
    if route.startswith("POST"):
        return page.status == 400 and "去登录" in page.text
    return page.response.headers.get("Location", "").startswith("/login")


@contextmanager
def writing(app: Flask) -> Iterator[list[str]]:
    """The transactions begun in order to write, on either engine."""
    begun: list[str] = []

    def note(connection: Connection) -> None:
        if connection.get_execution_options().get(WRITE):
            begun.append("a write")

    with app.app_context():
        engine = db.engine
    event.listen(engine, "begin", note)
    try:
        yield begun
    finally:
        event.remove(engine, "begin", note)


def test_every_route_is_listed(app):
    assert sorted(routes(app)) == sorted(ALLOWED)


BY_PROGRAMS = ("POST /csp-report", "POST /api/v1/requests")  # no form that somebody fills in
# How often an address reads what is public
COUNTED = {r for r in ALLOWED if r.startswith(("GET /api/v1/years", "GET /api/v1/published"))}
FORGED: tuple[dict[str, str], ...] = ({}, {"csrf_token": "forged"})

# Everything about a year, and its report: a few statements for each of its parts, however many cases it has
OF_A_YEAR = {
    "GET /year/<int:year>/closing": 17, "GET /year/<int:year>/closing/<int:edition>": 13,
    "GET /year/<int:year>/report": 14, "GET /year/<int:year>/report.<ending>": 10,
    "GET /year/<int:year>/report/<part>": 9,
}  # fmt: skip


def too_much(route: str, said: list[Statement]) -> bool:
    """Whether a page asks the database more than pages may."""
    return len(said) > OF_A_YEAR.get(route, MOST)


@pytest.mark.parametrize("who", PUBLIC)
def test_each_person_opens_just_what_their_role_may_and_no_page_writes(office, app, who):
    """Nor asks much of the database, leads where they may not go, nor is any form taken without its token.

    Who is kept out, with or without a token, is told before anything else is asked of the database: on one engine.
    """
    everything = app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    mine = the_objects(office, who)
    desk = somebody(app, office, who)
    proof = {"csrf_token": token(desk)}
    wrong: list[tuple[str, object]] = []
    for route in (r for r in routes(app) if everything or who in ALLOWED[r]):
        where = address(route, mine)
        with writing(app) as written, listening(db.engine) as said:
            if route.startswith("GET"):
                page = desk.get(where, follow=False)
                if too_much(route, said):
                    wrong.append((route, len(said)))
            elif everything and route not in BY_PROGRAMS:
                tried = FORGED if who in (ALLOWED[route][0], "stranger") else ()
                assert all(desk.status(where, forged) == 400 for forged in tried), route
        # a refusal is noted in the second log, and nothing else is written by a page
        told = (route.startswith("GET") and page.status == 403) or route in COUNTED
        assert written == ["a write"] * told, route
        if route.startswith("POST"):
            page = desk.post(where, proof, follow=False)
        wrong += [(route, way) for way in (not_for(app, who, page) if who in ROLES else ())]
        if closed(route, page) == (who in ALLOWED[route]) or page.status in {404, 405}:
            wrong.append((route, page.status))
    assert not wrong


def test_the_administrator_of_a_subordinate_organ_reads_what_holds_for_all_and_sets_none_of_it(office, app):
    branch = found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    mine = objects(branch)
    desk = Desk(app.test_client())
    desk.enter("admin-jjsb")
    proof = {"csrf_token": token(desk)}
    kept_out = set()
    for route in (r for r in routes(app) if "admin" in ALLOWED[r] and r != "POST /logout"):
        where = address(route, mine)
        page = desk.get(where) if route.startswith("GET") else desk.post(where, proof, follow=False)
        if page.status == 403:
            kept_out.add(route)
    assert kept_out == FOR_ALL


def token(desk: Desk) -> str:
    """The token of this session, good as long as nobody signs out."""
    desk.get("/login", follow=False)
    if desk.page is not None and desk.page.status == 302:  # signed in
        desk.get("/account/password")
    return desk.token()


@pytest.mark.parametrize("who", ROLES)
def test_the_objects_of_another_office_are_not_found(office, app, who):
    mine, theirs = made_once("objects of two", lambda: (objects(office), objects(found("JJSB", "晋江"))))
    mine |= acting(who)
    desk = somebody(app, office, who)
    proof = {"csrf_token": token(desk)}
    for route in (
        r for r in routes(app) if who in ALLOWED[r] and "/apply" not in r
    ):  # by number and code, there
        for name in (name for name in IDS if f":{name}>" in route):
            target = address(route, mine | {name: theirs[name]})
            page = desk.get(target) if route.startswith("GET") else desk.post(target, proof)
            assert page.status == 404, route


OF_CASE = sorted(route for route in ALLOWED if ":case_id>" in route)


def found_of(desk: Desk, who: str, case: Arguments) -> set[str]:
    """The routes of a case, of those open to a role, that find it."""
    proof, found_ = {"csrf_token": token(desk)}, set()
    for route in (r for r in OF_CASE if who in ALLOWED[r]):
        where = address(route, case | acting(who))
        page = desk.get(where) if route.startswith("GET") else desk.post(where, proof, follow=False)
        if page.status != 404:
            assert page.status in {200, 422}, route
            found_.add(route)
    return found_


def test_a_supervisor_reaches_the_cases_of_every_office_below_and_nobody_else_reaches_another_s(office, app):
    """Two below, one beside; the clerk and the lead above don't, nor does the supervisor from below upward."""
    below = found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    under = found("CHZ", "陈埭镇人民政府", parent_id=below.id)
    own, one, two = objects(office), objects(below), objects(under)
    beside = objects(found("NASB", "南安市人民政府办公室"))
    readers = {route for route in OF_CASE if "supervisor" in ALLOWED[route]}
    desk = somebody(app, office, "supervisor")
    assert [found_of(desk, "supervisor", case) for case in (own, one, two, beside)] == [readers] * 3 + [set()]
    for who in DESK:
        assert found_of(somebody(app, office, who), who, one) == set()
    lower = Desk(app.test_client())
    lower.enter("supervisor-jjsb")
    assert found_of(lower, "supervisor", own) == found_of(lower, "supervisor", beside) == set()
    assert found_of(lower, "supervisor", two) == readers


def test_each_act_has_its_page_for_the_roles_of_the_table_alone(office, app):
    case_id = the_objects(office)["case_id"]
    for who in READERS:
        desk = somebody(app, office, who)
        proof = {"csrf_token": token(desk)}
        for act in ("watch", "answer_watch", "end_watch", "hold_accountable", "approve_reply", "assign"):
            where = f"/cases/{case_id}/acts/{act}"
            kept_out = {desk.get(where).status == 403, desk.post(where, proof).status == 403}
            assert kept_out == {who not in BY_CODE[act].roles}, (who, act)


def test_what_writes_is_noticed(office, app):
    """The watch of the tests above is awake."""
    with writing(app) as written:
        Desk(app.test_client()).sign_in("clerk-ssfb")
    assert written


def test_the_alert_of_the_matrix_is_shown_to_those_who_may_acknowledge_it(office):
    alert_id = the_objects(office)["alert_id"]
    shown = db.session.scalars(select(AlertRecipient.person_id).where(AlertRecipient.alert_id == alert_id))
    assert {office.people["clerk"], office.people["lead"]} <= set(shown)
