"""Whoever sits at the desk, the morning on which most tests of the pages take place, and the database they run on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import time_machine

from tests.support.pages import Desk

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.office import DeskOffice

SignInAs = Callable[..., Desk]

MONDAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 1, tzinfo=UTC)  # 09:00 in China


@pytest.hookimpl(tryfirst=True)  # before pytest looks at the marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Pages run on one engine: what a page says and asks for is the same on both.

    Their runs on PostgreSQL belong to ``make soak`` (``pytest -m soak``). In ``make test`` those marked ``both_engines``
    run there too; they open every route, send every form and follow every link, and write several at a time.
    """
    elsewhere = [item for item in items if pages_on_postgresql(item)]
    for item in elsewhere:
        item.add_marker(pytest.mark.soak)
    if "soak" not in config.option.markexpr:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in set(elsewhere)]


def pages_on_postgresql(item: pytest.Item) -> bool:
    """Whether it is the run on PostgreSQL of a test of pages that is not marked ``both_engines``."""
    call = getattr(item, "callspec", None)
    engine = call.params.get("database_url") if call else None
    here = Path(__file__).parent in item.path.parents
    return here and engine == "postgresql" and item.get_closest_marker("both_engines") is None


@pytest.fixture
def monday() -> Iterator[None]:
    """The clock stands at nine in the morning of MONDAY."""
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def sign_in_as(office: DeskOffice, app: Flask) -> SignInAs:
    """Signs somebody of the office in by their username, each at a browser of their own."""

    def sign_in_as(username: str, latin: tuple[str, ...] = ()) -> Desk:
        desk = Desk(app.test_client(), latin)
        desk.enter(username)
        return desk

    return sign_in_as


@pytest.fixture
def desk(sign_in_as: SignInAs) -> Desk:
    """王敏 signed in."""
    return sign_in_as("clerk-ssfb")
