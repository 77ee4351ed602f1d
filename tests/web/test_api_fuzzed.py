"""The HTTP interface asked all that its OpenAPI document allows and forbids; each answer is one that the document has."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from sqlalchemy import func, select

from caseflow.counter import sites
from caseflow.db import db
from caseflow.models import Case
from caseflow.moment import now
from caseflow.upkeep import verify

if TYPE_CHECKING:
    from tests.support.office import DeskOffice

SOAKING = settings().max_examples > 1000
EXAMPLES = 400 if SOAKING else 3
# What a document can't say of a request, the form does (422); a number that nobody was given is none (404); a key
# comes with something else a second time (409), tries are counted (429)
REFUSED = ["2xx", "404", "409", "422", "429"]
# In ``make test`` each engine has its share: every limit of every value, or chance and one request after the other
LIMITS, CHANCE = ("examples", "coverage"), ("fuzzing", "stateful")
SHARES = {"sqlite": (LIMITS, {201, 401, 404, 415, 422}), "postgresql": (CHANCE, {200, 201, 404, 422})}


@pytest.mark.soak
@pytest.mark.both_engines
def test_whatever_the_document_allows_or_forbids_is_answered_as_it_says(
    live_server: str, office: DeskOffice
) -> None:
    import schemathesis
    from schemathesis.engine import events, from_schema

    token = sites.add(office.id, "门户网站", now()).token
    db.session.rollback()  # a soak lasts longer than PostgreSQL waits for who is idle inside a transaction
    phases, expected = SHARES[db.engine.dialect.name]
    config = schemathesis.Config.from_dict({
        "headers": {"Authorization": f"Bearer {token}"},
        "generation": {"max-examples": EXAMPLES, "database": "none", "deterministic": not SOAKING},
        "checks": {"positive_data_acceptance": {"expected-statuses": REFUSED}},
        "phases": {phase: {"enabled": SOAKING or phase in phases} for phase in (*LIMITS, *CHANCE)},
    })  # fmt: skip
    schema = schemathesis.openapi.from_url(f"{live_server}/api/v1/openapi.json", config=config)
    answers: Counter[int] = Counter()
    wrong: list[Any] = []
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            recorded = event.recorder
            answers.update(one.response.status_code for one in recorded.interactions.values() if one.response)
            checks = (check for of in recorded.checks.values() for check in of)
            wrong += [(event.label, check.name, check.failure_info) for check in checks if check.failure_info]
        elif isinstance(event, events.NonFatalError | events.FatalError):
            wrong.append(event)
    assert wrong == []
    assert answers.keys() >= expected, answers
    db.session.rollback()
    taken = db.session.scalar(select(func.count()).select_from(Case))
    assert taken == answers[201]
    assert list(verify.differences()) == []
