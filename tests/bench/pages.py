"""The pages of everyday work, as a clerk of the largest office opens them."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench import by_hand
from tests.bench.register import TODAY, Register
from tests.bench.subject import Measure, in_turns, timed
from tests.support.pages import Desk

YEAR = TODAY.year - 1


def measured(register: Register) -> Iterator[Measure]:
    """Each page against a bare one of the same rows."""
    desk = register.desk()
    with register.app.app_context():
        ((least,),) = register.asked('SELECT min(id) FROM "case" WHERE office_id = 1 AND closed_on IS NULL')
    case = [statement.format(case_id=least[0]) for statement in by_hand.CASE]
    pages = (
        ("first page", "/", [by_hand.WORKLIST, by_hand.LIGHTS]),
        ("worklist", "/cases", [by_hand.WORKLIST, by_hand.LIGHTS]),
        ("case page", f"/cases/{least[0]}", case),
        ("year table", f"/year/{YEAR}", by_hand.year([1], YEAR)),
        ("supervision", "/supervision", by_hand.rates([1], *_year(), _database(register))),
        ("search, a word of many", "/search?q=征收", [by_hand.WORKLIST]),
        ("search, two rare words", "/search?q=安置 名册", [by_hand.WORKLIST]),
    )
    for name, path, statements in pages:
        floor = timed(by_hand.bare(register, name, statements))
        yield in_turns(Measure(name, register.cases), timed(lambda path=path: opened(desk, path)), floor)  # type: ignore[misc]


def opened(desk: Desk, path: str) -> None:
    """Ask for a page; nothing of it is looked at."""
    answer = desk.client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


def _year() -> tuple[str, str]:
    return f"{TODAY.year}-01-01", f"{TODAY}"


def _database(register: Register) -> str:
    from caseflow.db import dialect

    with register.app.app_context():
        return dialect()
