"""办件: filters in the URL, keyset pages that lose nothing, capped counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from tests.support.pages import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from tests.support.office import DeskOffice

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 23, 1, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def desk(office: DeskOffice, client: FlaskClient) -> Desk:
    """王敏 signed in."""
    person = Desk(client)
    person.sign_in("clerk-ssfb")
    return person


def numbers(desk: Desk, query: str) -> list[str]:
    """The numbers on a list."""
    return [a.text for a in desk.get(f"/cases?{query}").all("a.no")]


def test_each_light_shows_its_own_cases_and_together_they_are_all_open_ones(
    office: DeskOffice, desk: Desk
) -> None:
    from caseflow.reports.worklist import LIGHTS

    for back in range(0, 45, 2):
        office.accepted(TODAY - timedelta(days=back))
    shown = {light: numbers(desk, f"light={light}") for light in LIGHTS}
    assert sorted(n for found in shown.values() for n in found) == sorted(numbers(desk, ""))
    for light, word in (("late", "逾期"), ("urgent", "紧急"), ("soon", "临近"), ("ok", "正常")):
        words = {w.text for w in desk.get(f"/cases?light={light}").all("td .light")}
        assert words == {word}


@pytest.mark.parametrize("sort", ["due", "received", "number"])
def test_pages_forward_and_back_lose_and_double_nothing(
    office: DeskOffice, desk: Desk, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caseflow.reports import worklist

    monkeypatch.setattr(worklist, "PAGE", 4)
    for n in range(11):
        office.register(TODAY - timedelta(days=n % 5), channel="online" if n == 3 else "in_person")
    seen, page = [], desk.get(f"/cases?sort={sort}")
    pages = [[a.text for a in page.all("a.no")]]
    while step := [a for a in page.all("nav.pager a") if a.text == "下一页"]:
        page = desk.get(step[0].attrs["href"])
        pages.append([a.text for a in page.all("a.no")])
    seen = [n for one in pages for n in one]
    assert len(seen) == len(set(seen)) == 11
    back = [pages[-1]]
    while step := [a for a in page.all("nav.pager a") if a.text == "上一页"]:
        page = desk.get(step[0].attrs["href"])
        back.append([a.text for a in page.all("a.no")])
    assert back[::-1] == pages


def test_filters_narrow_by_name_number_channel_and_result(office: DeskOffice, desk: Desk) -> None:
    office.accepted(TODAY, name="陈秀兰", content="环评批复")
    office.register(TODAY, channel="online", name="黄志明")
    office.replied(date(2026, 11, 2), date(2026, 11, 20), result="partial", name="许丽华")
    assert numbers(desk, "q=秀兰") == ["2026-1"]
    assert numbers(desk, "q=环评") == ["2026-1"]
    assert numbers(desk, "q=2026-2") == ["2026-2"]
    assert numbers(desk, "channel=online") == ["2026-2"]
    assert numbers(desk, "status=closed&result=partial") == ["2026-3"]
    assert numbers(desk, "status=all&replied_from=2026-11-20&replied_to=2026-11-20&on_time=1") == ["2026-3"]
    assert numbers(desk, "status=all&replied_from=2026-11-21") == []
    assert numbers(desk, "q=%25") == []


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
    office.accepted(TODAY)
    assert desk.get(f"/cases?{query}").status == 200


def test_an_empty_list_says_what_to_do(desk: Desk) -> None:
    assert "没有符合条件的办件" in desk.get("/cases?q=不存在的").text
