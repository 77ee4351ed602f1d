"""Whoever sits at the desk, and the morning on which most tests of the pages take place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
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
