"""Each night a backup, proved before an older one goes; a missed or failed night is made up for, and everybody is told."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseflow.upkeep import nightly
from caseflow.upkeep.nightly import DAYS, MONTHS, WEEKS, kept

if TYPE_CHECKING:
    from tests.support.office import DeskOffice

DAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 9, 0)
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)


@given(st.sets(st.dates(date(2024, 1, 1), date(2027, 12, 31)), max_size=60))
def test_the_newest_is_always_kept_and_what_is_kept_once_is_kept_again(days: set[date]) -> None:
    left = kept(days)
    assert left <= days
    assert len(left) <= DAYS + WEEKS + MONTHS
    assert kept(left) == left
    assert set(sorted(days)[-DAYS:]) <= left


def test_after_two_years_there_are_seven_days_four_weeks_and_twelve_months() -> None:
    left: set[date] = set()
    for n in range(730):
        left = kept(left | {DAY + timedelta(days=n)})
    last = DAY + timedelta(days=729)
    assert {(last - day).days for day in left} >= set(range(7))
    assert len({(day.year, day.month) for day in left}) == MONTHS
    assert max((last - day).days for day in left) > 300
    assert len({day.isocalendar()[:2] for day in left if (last - day).days < 28}) == WEEKS


def test_a_night_is_made_up_for_proved_and_thinned_out(
    office: DeskOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caseflow.db import db
    from caseflow.models import AuditEntry
    from caseflow.upkeep import backup

    folder, instance = tmp_path / "backups", tmp_path / "instance"
    office.register(date(2026, 11, 20))
    assert nightly.is_due(folder, MORNING)
    assert nightly.state(folder) == nightly.State(None, "")
    path = nightly.make(folder, instance, NOW, MORNING)
    assert sorted(p.name for p in folder.iterdir()) == [
        "caseflow-2026-11-23.backup", "caseflow-2026-11-23.backup.key",
    ]  # fmt: skip
    assert folder.stat().st_mode & 0o777 == 0o700
    assert backup.prove(path).rows["case"] == 1
    assert db.session.scalars(db.select(AuditEntry.what)).all() == ["backup_made"]
    assert not nightly.is_due(folder, MORNING)
    assert not nightly.is_due(folder, datetime(2026, 11, 24, 1, 59))
    assert nightly.is_due(folder, datetime(2026, 11, 24, 2, 0))
    for n in range(1, 40):  # older ones, and what is none of ours
        for suffix in ("", ".key"):
            (folder / f"caseflow-{DAY - timedelta(days=n)}.backup{suffix}").write_text("old")
    (folder / "notes.txt").write_text("mine")

    def refuse(*_: Any) -> None:
        raise backup.Unusable("损坏")

    with monkeypatch.context() as patch:
        patch.setattr(backup, "prove", refuse)
        with pytest.raises(backup.Unusable):
            nightly.make(folder, instance, NOW, datetime(2026, 11, 24, 9))
        assert len(list(folder.iterdir())) == 80 + 2 + 1 - 2, "nothing goes, and what is no good doesn't stay"
    nightly.failed(folder, "磁盘满了")
    assert nightly.state(folder).is_late(DAY)
    (folder / "caseflow-2026-11-24.backup.key").write_text("of one that broke off")
    for part, age in ((".caseflow-2026-11-21.backup.a1", 2), (".caseflow-2026-11-23.backup.key.b2", 0.5)):
        (folder / part).write_text("half of one, killed")
        os.utime(folder / part, times=(NOW.timestamp() - age * 86_400,) * 2)
    nightly.make(folder, instance, NOW, datetime(2026, 11, 24, 9))
    assert [path.name for path in folder.glob(".*")] == [".caseflow-2026-11-23.backup.key.b2"], (
        "somebody may still write it"
    )
    (folder / ".caseflow-2026-11-23.backup.key.b2").unlink()
    left = {p.name for p in folder.iterdir()}
    days = {name[9:19] for name in left if name.endswith(".backup")}
    assert len(days) == len({name for name in left if name.endswith(".key")}) == 10
    assert {str(DAY + timedelta(days=1 - n)) for n in range(7)} <= days
    assert "notes.txt" in left
    state = nightly.state(folder)
    assert state == nightly.State(date(2026, 11, 24), "")
    assert not state.is_late(date(2026, 11, 27))
    assert state.is_late(date(2026, 11, 28))
