"""Whether the search index holds what the texts of the cases say."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import select

from ..models import Case, Office
from ..search import index
from .snapshot import snapshot

CHUNK = 500  # cases read at a time


def differences(done: Callable[[int], object] = lambda cases: None) -> Iterator[str]:
    """Every case whose row of the index is wrong or missing, a line each; ``done`` is told how many more were read."""
    session, last = snapshot(), 0
    named = select(Case.id, Case.number, Office.code).join(Office).order_by(Case.id).limit(CHUNK)
    while cases := session.execute(named.where(Case.id > last)).all():
        names = {row.id: f"{row.code} {row.number}" for row in cases}
        for case_id in index.differences(session, last + 1, cases[-1].id):
            yield f"{names.get(case_id, f'/cases/{case_id}')} 检索索引与内容不符，caseflow reindex 可以重建"
        last = cases[-1].id
        done(len(cases))
