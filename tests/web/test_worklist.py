"""办件: filters in the URL, keyset pages that lose nothing, capped counts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.ledger.tables import csv_file, taken
from tests.ledger.tables import row as ledger_row
from tests.support.office import archive, seq
from tests.support.pages import Desk, values_of
from tests.web.conftest import MONDAY

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.office import DeskOffice

pytestmark = [pytest.mark.usefixtures("monday"), pytest.mark.both_engines]


def numbers(desk: Desk, query: str) -> list[str]:
    """The numbers on a list."""
    return [a.text for a in desk.get(f"/cases?{query}").all("a.no")]


def test_each_light_shows_its_own_cases_and_together_they_are_all_open_ones(
    office: DeskOffice, desk: Desk
) -> None:
    from caseflow.reports.worklist import LIGHTS

    for back in range(0, 45, 2):
        office.accepted(MONDAY - timedelta(days=back))
    shown = {light: numbers(desk, f"light={light}") for light in LIGHTS}
    assert sorted(n for found in shown.values() for n in found) == sorted(numbers(desk, ""))
    for light, word in (("late", "逾期"), ("urgent", "紧急"), ("soon", "临近"), ("ok", "正常")):
        words = {w.text for w in desk.get(f"/cases?light={light}").all("td .light")}
        assert words == {word}


FAR = date(9999, 12, 31)
# The order of a list -> what a case is placed by, and whether the smallest comes first
ORDERS = {
    "sort=due": (lambda case: (case.due_on or FAR, case.id), False),
    "sort=received": (lambda case: (case.received_on or case.registered_on, case.id), True),
    "sort=received&status=all": (lambda case: (case.received_on or case.registered_on, case.id), True),
    "sort=number": (lambda case: (case.registered_on, case.id), True),
}


@pytest.mark.parametrize("sort", ORDERS)
def test_pages_forward_and_back_lose_and_double_nothing_and_are_in_order(
    office: DeskOffice, desk: Desk, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caseflow.db import db
    from caseflow.models import Case
    from caseflow.reports import worklist

    monkeypatch.setattr(worklist, "PAGE", 4)
    for n in range(11):
        office.register(MONDAY - timedelta(days=n % 5), channel="online" if n in {3, 7} else "in_person")
    place, falling = ORDERS[sort]
    in_order = [case.number for case in sorted(db.session.query(Case), key=place, reverse=falling)]
    db.session.rollback()
    seen, page = [], desk.get(f"/cases?{sort}")
    pages = [[a.text for a in page.all("a.no")]]
    while step := [a for a in page.all("nav.pager a") if a.text == "下一页"]:
        page = desk.get(step[0].attrs["href"])
        pages.append([a.text for a in page.all("a.no")])
    seen = [n for one in pages for n in one]
    assert seen == in_order
    assert len(seen) == 11
    back = [pages[-1]]
    while step := [a for a in page.all("nav.pager a") if a.text == "上一页"]:
        page = desk.get(step[0].attrs["href"])
        back.append([a.text for a in page.all("a.no")])
    assert back[::-1] == pages


# What the URL says -> which of one_of_each it leaves; "{clerk}" and "{colleague}" are their ids.
NARROWED = {
    "stage=register": ["2026-1"],
    "stage=review": ["2026-2"],
    "stage=handle": ["2026-3", "2026-4"],
    "stage=reply": ["2026-5"],
    "stage=archive": ["2026-6"],
    "stage=archived": ["2025-1", "2026-7"],
    "light=late": ["2026-4"],
    "light=urgent": ["2026-5"],
    "light=hold": ["2026-2"],
    "light=ok": ["2026-3"],
    "light=unconfirmed": ["2026-1"],
    "handler={clerk}": ["2026-3", "2026-5", "2026-6", "2026-7"],
    "handler={colleague}": ["2026-4"],
    "handler=0": ["2026-1", "2026-2"],
    "handler=~{clerk}": ["2025-1", "2026-1", "2026-2", "2026-3", "2026-5", "2026-6", "2026-7"],
    "handler=郑秋": ["2025-1"],
    "channel=online": ["2026-1"],
    "channel=fax": ["2026-2"],
    "channel=letter": ["2025-1"],
    "applicant_class=enterprise": ["2026-3"],
    "applicant_class=legal_service": [],
    "year=2025": ["2025-1"],
    "result=partial": ["2026-6"],
    "q=2026-4": ["2026-4"],
    "q=秀兰": ["2026-3"],
    "q=环评": ["2026-2"],
    "q=%25": [],
    "status=open": ["2026-1", "2026-2", "2026-3", "2026-4", "2026-5"],
    "status=closed": ["2025-1", "2026-6", "2026-7"],
    "on_time=0": ["2026-7"],
    "on_time=1": ["2025-1", "2026-6"],
    "replied_from=2026-11-20": ["2026-6", "2026-7"],
    "replied_from=2026-11-20&replied_to=2026-11-20": ["2026-6"],
    "replied_to=2025-12-31": ["2025-1"],
    "due_from=2026-12-21": ["2026-3"],
    "due_from=2026-11-17&due_to=2026-11-24": ["2026-4", "2026-5", "2026-7"],
    "handler={clerk}&stage=handle": ["2026-3"],
}


def one_of_each(office: DeskOffice, folder: Path) -> None:
    """2026-1 to 2026-7 along the stages, each in something unlike the others, and one from a ledger."""
    from caseflow.stages import handle, register, reply, review

    clerk, lead = office.work("clerk", MONDAY), office.work("lead", MONDAY)
    arrival = register.Arrival("online", submitted=MONDAY)
    register.register(clerk, arrival, register.Application("natural_person", "黄志明", "停车收费标准"))
    waiting, until = office.register(MONDAY, channel="fax", content="某厂环评批复"), date(2026, 12, 11)
    review.request_correction(clerk, waiting, seq(waiting), MONDAY, until, "请写明年份")
    office.accepted(MONDAY, name="陈秀兰", applicant_class="enterprise")
    late = office.accepted(date(2026, 10, 20))
    handle.assign(lead, late, seq(late), office.people["colleague"])
    drafted = office.accepted(date(2026, 10, 27))
    reply.draft_reply(clerk, drafted, seq(drafted), "granted", "依据")
    office.replied(date(2026, 11, 2), date(2026, 11, 20), result="partial")
    done = office.replied(date(2026, 10, 20), MONDAY)
    archive(clerk, done, MONDAY)
    told = {"收到日期": "2025-03-03", "答复日期": "2025-03-20", "办理结果": "予以公开"}
    told |= {"归档日期": "2025-03-21", "经办人": "郑秋"}
    taken(csv_file(folder / "2025.csv", [ledger_row("2025-1", **told)]))


def test_every_filter_of_the_url_narrows_to_its_own_cases(
    office: DeskOffice, desk: Desk, tmp_path: Path
) -> None:
    one_of_each(office, tmp_path)
    everything = sorted(["2025-1", *(f"2026-{n}" for n in range(1, 8))])
    assert sorted(numbers(desk, "status=all")) == everything
    people = {who: office.people[who] for who in ("clerk", "colleague")}
    shown = {query: sorted(numbers(desk, f"{query.format(**people)}&status=all")) for query in NARROWED}
    assert shown == NARROWED


def test_no_filter_of_the_list_is_left_untried() -> None:
    from dataclasses import fields

    from caseflow.reports.worklist import Filters

    tried = {part.partition("=")[0] for query in NARROWED for part in query.split("&")}
    assert tried | {"office_id", "sort"} == {field.name for field in fields(Filters)}


def test_the_form_shows_the_filter_of_the_url_and_sends_it_on(
    office: DeskOffice, desk: Desk, tmp_path: Path
) -> None:
    one_of_each(office, tmp_path)
    asked = {
        "q": "结算", "stage": "archive", "status": "closed", "handler": str(office.people["clerk"]),
        "channel": "in_person", "applicant_class": "natural_person", "year": "2026", "sort": "number",
        "result": "partial", "replied_from": "2026-11-20", "replied_to": "2026-11-20", "on_time": "1",
    }  # fmt: skip
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    page = desk.get(f"/cases?{query}")
    assert [a.text for a in page.all("a.no")] == ["2026-6"]
    sent = values_of(page.one("form.filters"))
    assert {name: sent[name] for name in asked} == {name: [value] for name, value in asked.items()}


@pytest.mark.parametrize(
    "query",
    [
        "light=purple",
        "year=99999999999",
        "handler=x",
        "after=zzz_1",
        "before=2026-13-40_3",
        "sort=evil",
        "q=" + "x" * 5000,
    ],
)
def test_an_odd_query_shows_a_list_and_never_fails(office: DeskOffice, desk: Desk, query: str) -> None:
    office.accepted(MONDAY)
    assert desk.get(f"/cases?{query}").status == 200


def test_an_empty_list_says_what_to_do(desk: Desk) -> None:
    assert "没有符合条件的办件" in desk.get("/cases?q=不存在的").text
