"""A terminal on the instance of the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from caseflow.config import Settings
    from tests.conftest import MakeApp


@pytest.fixture
def terminal(settings: Settings, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands work on the test's own database; the applications they make are closed after it."""
    monkeypatch.setattr("caseflow.cli.create_app", make_app)
    monkeypatch.setenv("CASEFLOW_INSTANCE", str(settings.instance))
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
