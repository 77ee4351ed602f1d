"""The leading process makes the backup of the night; its age stands in the header, for everybody once it is late."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import time_machine

from tests.support.office import DeskOffice
from tests.web.conftest import SignInAs

if TYPE_CHECKING:
    from flask import Flask

pytestmark = pytest.mark.usefixtures("monday")


def test_the_night_is_backed_up_by_who_leads_and_everybody_is_told_when_it_is_not(
    office: DeskOffice, app: Flask, sign_in_as: SignInAs, tmp_path: Path
) -> None:
    from caseflow.alerts.schedule import Schedule

    of_ours, folder = app.extensions["caseflow"], tmp_path / "backups"
    of_ours["settings"] = replace(of_ours["settings"], backups=folder)

    def told(words: str) -> list[bool]:
        found = []
        for who in ("admin-ssfb", "clerk-ssfb"):
            of_ours.pop("backup_state", None)
            found.append(words in sign_in_as(who).get("/account/password").one("header").text)
        return found

    assert told("还没有备份") == [True, False]
    schedule = Schedule(app)
    schedule.back_up()
    assert not folder.exists(), "another process leads"
    schedule.token = 1
    schedule.back_up()
    assert (folder / "caseflow-2026-11-23.backup").exists()
    assert told("最近的备份 11月23日") == [True, False]
    with time_machine.travel("2026-11-27T01:00:00Z", tick=False):
        assert told("最近的备份 11月23日") == [True, True]
        (folder / "caseflow-2026-11-27.backup.key").mkdir()  # which can't be written
        schedule.back_up()
        assert told("备份失败，最近的备份 11月23日") == [True, True]
        (folder / "caseflow-2026-11-27.backup.key").rmdir()
        schedule.back_up()
        assert told("备份失败") == [True, True], "tried again in an hour"
    with time_machine.travel("2026-11-27T02:00:01Z", tick=False):
        schedule.back_up()
        assert told("最近的备份 11月27日") == [True, False]
        schedule.ended.set()
        (folder / "caseflow-2026-11-27.backup").unlink()
        schedule.back_up()
        assert told("备份失败") == [False, False], "given up for the end of the process is no failure"
