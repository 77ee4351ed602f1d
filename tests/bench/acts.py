"""What is written: registering, extending, replying, each sent from its form and committed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any
from urllib.parse import urljoin

from tests.bench.register import TODAY, Register
from tests.bench.subject import ROUNDS, Measure, Timer, in_turns
from tests.support.office import DeskOffice, approve, seq
from tests.support.pages import Desk, values_of

FLOOR = (  # what any program would write of it: the case, its text, what was done, a number
    "CREATE TABLE IF NOT EXISTS floor_{n} (id INTEGER, number TEXT, due_on TEXT, body TEXT)",
    "INSERT INTO floor_{n} VALUES (1, '2026-1', '2026-12-21', '某路改造工程结算报告')",
)
TABLES = 4


def measured(register: Register) -> Iterator[Measure]:
    """Each against as many bare rows, committed."""
    clerk, lead = register.desk("clerk"), register.desk("lead")
    with register.app.app_context():
        replies = [ready_to_send(register.office) for _ in range(ROUNDS + 1)]
        asked = [register.office.accepted(TODAY) for _ in range(ROUNDS + 1)]
        for case_id in asked:
            ask_extension(register.office, case_id)
    numbers = count(1)
    writes: tuple[tuple[str, Timer], ...] = (
        ("register", sent(clerk, lambda: "/cases/new", lambda: application(next(numbers)), "")),
        (
            "extend",
            sent(lead, each(asked, "approve_extension"), lambda: {"days": "5"}, "/acts/approve_extension"),
        ),
        ("reply", sent(clerk, each(replies, "send_reply"), lambda: {"how": "in_person"}, "/acts/send_reply")),
    )
    for name, ours in writes:
        yield in_turns(Measure(name, register.cases), ours, lambda: written(register))


def application(n: int) -> dict[str, str]:
    """What a request says."""
    return {"name": f"林国栋{n}", "content": f"某路改造工程第 {n} 标段结算报告"}


def each(cases: list[int], act: str) -> Callable[[], str]:
    """The address of an act, at the next of these cases each time."""
    left = iter(cases)
    return lambda: f"/cases/{next(left)}/acts/{act}"


def sent(desk: Desk, where: Callable[[], str], typed: Callable[[], dict[str, str]], form: str) -> Timer:
    """Sends a form that was opened before; the sending alone counts."""

    def once() -> float:
        page = desk.get(where())
        node = page.form(form)
        data: dict[str, Any] = values_of(node) | typed()
        begun = time.perf_counter()
        answer = desk.client.post(urljoin(page.path, node.attrs.get("action", "") or page.path), data=data)
        spent = time.perf_counter() - begun
        assert answer.status_code in {302, 303}, (page.path, answer.status_code)
        return spent

    return once


def ready_to_send(office: DeskOffice) -> int:
    """A case whose reply is approved."""
    from caseflow.stages import reply

    case_id = office.accepted(TODAY)
    reply.draft_reply(office.work("clerk", TODAY), case_id, seq(case_id), "granted", "依据")
    approve(office.work("lead", TODAY), case_id)
    return case_id


def ask_extension(office: DeskOffice, case_id: int) -> None:
    """Asked by the clerk, to be approved."""
    from caseflow.stages import handle

    handle.ask_extension(office.work("clerk", TODAY), case_id, seq(case_id), 5, "涉及多份文件")


def written(register: Register) -> float:
    """Seconds of the bare rows and their commit."""
    from caseflow.db import db

    with register.app.app_context():
        line = db.engine.raw_connection()
        try:
            cursor = line.cursor()
            if db.engine.dialect.name == "sqlite":
                cursor.execute("PRAGMA query_only=OFF")
            for n in range(TABLES):
                cursor.execute(FLOOR[0].format(n=n))
            line.commit()
            begun = time.perf_counter()
            cursor.execute("BEGIN")
            for n in range(TABLES):
                cursor.execute(FLOOR[1].format(n=n))
            cursor.execute("COMMIT")
            return time.perf_counter() - begun
        finally:
            line.close()
