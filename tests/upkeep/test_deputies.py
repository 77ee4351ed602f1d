"""Two people who stand in for each other come through a backup: neither row can stand before the other."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

if TYPE_CHECKING:
    from tests.support.office import DeskOffice
    from tests.upkeep.conftest import Elsewhere


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_deputies_of_each_other_survive_backup_and_restore(
    office: DeskOffice, elsewhere: Elsewhere, tmp_path: Path, engine: str
) -> None:
    from caseflow.db import db, transaction
    from caseflow.models import Person
    from caseflow.upkeep import backup

    pairs = {"clerk": "colleague", "colleague": "clerk", "lead": "clerk"}
    with transaction() as session:
        for who, deputy in pairs.items():
            person = session.get_one(Person, office.people[who])
            person.deputy_id = office.people[deputy]
            person.away_from, person.away_until = date(2026, 11, 24), date(2026, 11, 28)
    instance = tmp_path / "instance"
    backup.write(tmp_path / "backup", instance, datetime(2026, 11, 23, tzinfo=UTC))
    there = elsewhere(engine)
    with there.app_context():
        backup.restore(tmp_path / "backup", Path(there.instance_path))
        kept = {p.id: (p.deputy_id, p.away_from, p.away_until) for p in db.session.scalars(select(Person))}
    days = (date(2026, 11, 24), date(2026, 11, 28))
    ids = office.people
    assert {i: row for i, row in kept.items() if row[0]} == {
        ids[who]: (ids[deputy], *days) for who, deputy in pairs.items()
    }
