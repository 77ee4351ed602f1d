"""What changes in an account while somebody's password is being hashed: whoever reset it has the last word."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyotp
import pytest
from sqlalchemy import select

from caseflow.db import db, transaction
from caseflow.models import AuditEntry, Person, SignInSession
from caseflow.stages import passwords, people, second_factor, signin
from caseflow.stages.errors import Refused
from caseflow.stages.sessions import Where
from tests.support.office import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.office import DeskOffice

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
HERE = Where("10.0.0.1")
SECRET = second_factor.fresh()
CODE = pyotp.TOTP(SECRET).at(NOON)


def state(person_id: int) -> tuple[str, str, bool, int, list[int]]:
    """The account, and the sessions of it that stand."""
    db.session.rollback()
    person = db.session.get_one(Person, person_id)
    alive = select(SignInSession.id).where(
        SignInSession.person_id == person_id, SignInSession.ended_at.is_(None)
    )
    step = person.second_factor_step
    return (
        person.password_hash,
        person.second_factor,
        person.must_change,
        step,
        list(db.session.scalars(alive)),
    )


def test_a_reset_outlasts_whatever_was_under_way_with_the_password_before_it(
    office: DeskOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forced: the reset happens when the old password has just been found right."""
    clerk, known = office.people["clerk"], db.session.get_one(Person, office.people["clerk"]).password_hash
    after: list[object] = []
    matches, subject = passwords.matches, signin.subject

    def reset() -> None:
        monkeypatch.undo()
        people.reset_password(office.id, clerk)
        after.append(state(clerk))

    def then_reset(kept: str, typed: str) -> bool:
        right = matches(kept, typed)
        reset()
        return right

    def reset_then(kind: str, value: str) -> str:
        reset()
        return subject(kind, value)

    new = "stone-lion-harbour"
    ways: list[tuple[str, Callable[[], object]]] = [
        ("", lambda: signin.sign_in("clerk-ssfb", PASSWORD, HERE, NOON)),
        ("current", lambda: signin.change_own_password(clerk, PASSWORD, new, HERE, NOON)),
        ("password", lambda: second_factor.set_up(clerk, 0, SECRET, CODE, PASSWORD, NOON)),
        ("own", lambda: second_factor.give_up(clerk, PASSWORD, NOON)),
        ("", lambda: second_factor.enter(token, CODE, HERE, NOON)),
    ]
    for field, way in ways:
        with transaction() as session:
            person = session.get_one(Person, clerk)
            person.password_hash, person.second_factor, person.must_change = known, "", False
            person.second_factor = SECRET if way in (ways[3][1], ways[4][1]) else ""
        if way is ways[4][1]:
            token = signin.sign_in("clerk-ssfb", PASSWORD, HERE, NOON).token
            monkeypatch.setattr(second_factor, "subject", reset_then)
        else:
            monkeypatch.setattr(passwords, "matches", then_reset)
        with pytest.raises(Refused) as refused:
            way()
        assert refused.value.field == field
        assert state(clerk) == after.pop()
    whole = {*db.session.scalars(select(AuditEntry.what))}
    assert whole == {"password_reset", "sign_in_failed", "sign_in_awaits"}
