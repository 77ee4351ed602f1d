"""录入: a table is taken only of an organ beneath one's own, at any depth, and by those who may."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from caseflow.db import db, transaction
from caseflow.law.published import Figures
from caseflow.law.year_table import Counts, year_table
from caseflow.models import Office, TypedTable
from caseflow.stages import typed
from caseflow.stages.errors import Forbidden, NotFound
from caseflow.stages.offices import stands_under
from caseflow.stages.typed import Source, Typist
from tests.support.office import found

if TYPE_CHECKING:
    from tests.support.office import DeskOffice

NOW = datetime(2027, 1, 12, 1, tzinfo=UTC)
TABLE = Figures("2021", dict(year_table(Counts({}, {}, {}, {}, {}), 2026).cells), {}, {})
FILE = Source("a.csv", "0" * 64)


def test_only_a_table_of_an_organ_beneath_is_taken_or_withdrawn(office: DeskOffice) -> None:
    below = found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    under, beside = found("CHZ", "陈埭镇人民政府", parent_id=below.id), found("NASB", "南安市人民政府办公室")
    lead, clerk = Typist(below.people["lead"], NOW), Typist(below.people["clerk"], NOW)
    for other in (office.id, below.id, beside.id, 10**6):
        with pytest.raises(NotFound):
            typed.take(lead, other, 2026, TABLE, FILE)
        with pytest.raises(NotFound):
            typed.withdraw(lead, other, 2026)
    for act in (
        lambda: typed.take(clerk, under.id, 2026, TABLE, FILE),
        lambda: typed.withdraw(clerk, under.id, 2026),
    ):
        with pytest.raises(Forbidden):
            act()
    assert typed.newest(db.session(), under.id, 2026) is None
    assert db.session.query(TypedTable).count() == 0
    db.session.rollback()
    assert typed.take(lead, under.id, 2026, TABLE, FILE) == 1
    assert typed.take(Typist(office.people["supervisor"], NOW), under.id, 2026, TABLE, FILE) == 2  # two below
    typed.withdraw(lead, under.id, 2026)
    with transaction() as session:  # a tree that runs in a circle has an end all the same
        session.get_one(Office, office.id).parent_id = under.id
        standing = [session.get_one(Office, o.id) for o in (office, below, under, beside)]
        assert [stands_under(session, o, beside.id) for o in standing] == [False] * 4
        assert [stands_under(session, o, o.id) for o in standing] == [False] * 4
