"""检索: what the page shows, and to whom."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.support.office import found, seq
from tests.support.pages import Desk
from tests.web.conftest import MONDAY

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.office import DeskOffice

pytestmark = [pytest.mark.usefixtures("monday"), pytest.mark.both_engines]


def at(app: Flask, username: str) -> Desk:
    """A browser in which this person signed in."""
    desk = Desk(app.test_client())
    desk.enter(username)
    return desk


def numbers(desk: Desk, query: str) -> list[str]:
    """The numbers of the cases found."""
    return [a.text for a in desk.get(f"/search?{query}").all(".hits a.no")]


def test_what_was_asked_for_is_marked_where_it_stands_and_stays_in_the_field(
    office: DeskOffice, desk: Desk
) -> None:
    from caseflow.stages import reply

    case = office.accepted(MONDAY, name="林<b>栋", content="濠江路\n" + "改造工程" * 40 + "结算")
    office.register(MONDAY, content="另一件")
    reply.draft_reply(office.work("clerk", MONDAY), case, seq(case), "granted", "濠江路的结算报告可以公开")
    page = desk.get("/search?q=ｂ+结算")
    assert [mark.text for mark in page.all(".hits mark")] == ["b", "结算", "结算"]
    assert [a.attrs["href"] for a in page.all(".hits a.no")] == [f"/cases/{case}"]
    assert "答复理由：濠江路的结算报告可以公开" in page.one(".hits").text
    assert "找到 1 件" in page.one("main").text
    assert {field.attrs["value"] for field in page.all("input") if field.attrs.get("name") == "q"} == {
        "ｂ 结算"
    }
    assert "林<" in page.one(".hits").text


def test_the_filters_narrow_what_is_found_and_pages_lose_nothing(
    office: DeskOffice, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caseflow.search import find
    from caseflow.web import search

    for n in range(5):
        office.register(MONDAY, content=f"滨海公园第 {n} 期")
    office.replied(date(2025, 3, 3), date(2025, 3, 5), content="滨海公园", applicant_class="enterprise")
    assert len(numbers(desk, "q=滨海公园")) == 6
    for narrowed in ("year=2025", "result=granted", "applicant_class=enterprise"):
        assert numbers(desk, f"q=滨海公园&{narrowed}") == ["2025-1"], narrowed
    assert len(numbers(desk, f"q=滨海公园&result=open&year=2026&office={office.id}")) == 5
    assert len(numbers(desk, "q=滨海公园&year=x&result=x&applicant_class=x&page=-1")) == 6
    monkeypatch.setattr(search, "PAGE", 2)
    monkeypatch.setattr(find, "LIMIT", 5)
    seen, page = numbers(desk, "q=滨海公园"), desk.page
    assert page is not None
    assert "找到 1000+ 件" in page.text.replace(f"{5}+", "1000+")
    while step := [a for a in page.all("nav.pager a") if a.text == "下一页"]:
        page = desk.get(step[0].attrs["href"])
        seen += [a.text for a in page.all(".hits a.no")]
    assert len(seen) == len(set(seen)) == 5
    assert numbers(desk, "q=滨海公园&page=99") == seen[-1:]


def test_every_page_has_the_field_and_what_finds_nothing_says_what_to_do(
    office: DeskOffice, desk: Desk
) -> None:
    assert desk.get("/cases").one("form.seek").attrs == {
        "class": "seek no-print", "role": "search", "method": "get", "action": "/search",
    }  # fmt: skip
    for query, said in (
        ("", "写上要找的词"), ("q=+", "写上要找的词"), ("q=，。", "没有可以检索的字"), ("q=饕餮", "没有找到"),
        ("q=%00无%00", "没有找到"), ("q=" + "很长" * 300, "没有找到"), ("q='\"*:(OR)NEAR-^", "没有找到"),
    ):  # fmt: skip
        page = desk.get(f"/search?{query}")
        assert said in page.one(".empty").text, query
    assert desk.get("/search?q=甲&office=999").status == 404


def test_nobody_finds_what_they_may_not_read(office: DeskOffice, app: Flask) -> None:
    from caseflow.stages import papers

    below = found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    beside = found("NASB", "南安市人民政府办公室")
    own = office.register(MONDAY, content="滨海公园")
    for other in (below, beside):
        other.register(MONDAY, content="滨海公园")
    upload = [papers.Upload("底稿.pdf", io.BytesIO(b"%PDF-1.7 x"))]
    papers.add_files(
        office.work("clerk", MONDAY),
        own,
        seq(own),
        upload,
        "working",
        "请示领导滨海公园的底稿",
        desk_only=True,
    )
    clerk, supervisor, lower = (
        at(app, f"{who}") for who in ("clerk-ssfb", "supervisor-ssfb", "supervisor-jjsb")
    )
    assert numbers(clerk, "q=滨海公园") == ["2026-1"]
    assert len(numbers(supervisor, "q=滨海公园")) == 2
    assert len(numbers(supervisor, f"q=滨海公园&office={below.id}")) == 1
    assert len(numbers(lower, "q=滨海公园")) == 1
    assert [desk.get(f"/search?q=甲&office={beside.id}").status for desk in (clerk, supervisor, lower)] == [
        404
    ] * 3
    assert numbers(clerk, "q=请示领导") == ["2026-1"]
    told = [who.get("/search?q=滨海公园").one(".hits").text for who in (clerk, supervisor)]
    assert ["请示领导" in text for text in told] == [True, False]
    assert numbers(supervisor, "q=请示领导") == numbers(supervisor, "q=滨海公园+底稿") == []
    assert at(app, "admin-ssfb").get("/search?q=甲").status == 403
    assert not at(app, "admin-ssfb").get("/calendar/2026").all("form.seek")
