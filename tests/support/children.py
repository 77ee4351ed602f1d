"""What a test lets other processes do to its database: at once, or until they are killed.

Each is forked from a process that has loaded the application and done nothing yet, so that a test with four
of them need not load it four times. A child says when it is ready and waits for a word before it begins, so
that several begin together.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from caseflow.config import Settings

PATIENCE = 60.0  # seconds

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["caseflow.cli", "tests.support.office", "tests.support.loaded"])


class Child:
    """A process of its own on the database of a test."""

    def __init__(self, settings: Settings, task: str, *arguments: Any) -> None:
        environ = {
            "CASEFLOW_INSTANCE": str(settings.instance),
            "DATABASE_URL": settings.database_url,
            "SECRET_KEY": settings.secret_key,
            "SMTP_URL": settings.smtp_url,
            "MAIL_FROM": settings.mail_from,
        }
        self._line, theirs = _forks.Pipe()
        self.process = _forks.Process(target=main, args=(theirs, environ, task, json.dumps(arguments)))
        self.process.start()
        theirs.close()  # so that its end is heard here when it ends
        self.is_ready = False

    def ready(self) -> None:
        """Wait until it could begin."""
        if not self.is_ready:
            self.hear("ready")
            self.is_ready = True

    def hear(self, expected: str) -> None:
        """Wait until the child says so."""
        said = self.listen()
        assert said == expected, f"it said {said!r}"

    def listen(self) -> str:
        """The next thing it says."""
        assert self._line.poll(PATIENCE), "it says nothing"
        said: str = self._line.recv()
        return said

    def go(self) -> Child:
        """Let it begin, or go on."""
        self.ready()
        self._line.send("go")
        return self

    def is_alive(self) -> bool:
        """Whether it is still at work."""
        return self.process.is_alive()

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self.process.pid is not None
        return self.process.pid

    def result(self) -> Any:
        """What it found, once it has ended in order."""
        said = self.listen()
        self.process.join(PATIENCE)
        assert self.process.exitcode == 0
        return json.loads(said)

    def killed(self) -> None:
        """Wait until it has been killed."""
        self.process.join(PATIENCE)
        assert self.process.exitcode == -signal.SIGKILL


class Command:
    """A `caseflow` command in a process of its own, as a terminal would start it but for loading the program."""

    def __init__(self, folder: Path, environ: dict[str, str], *words: str) -> None:
        self._said = [folder / f"{id(self)}.{stream}" for stream in ("out", "err")]
        self.process = _forks.Process(target=command, args=(environ, words, *map(str, self._said)))
        self.process.start()

    def poll(self) -> int | None:
        """How it ended, None while it runs."""
        return self.process.exitcode

    def send_signal(self, how: signal.Signals) -> None:
        """Tell it to end."""
        os.kill(self.process.pid or 0, how)

    def communicate(self, timeout: float = PATIENCE) -> tuple[int | None, str, str]:
        """Wait for its end; how it ended and what it said on both streams."""
        self.process.join(timeout)
        out, err = (path.read_text(encoding="utf-8") for path in self._said)
        return self.process.exitcode, out, err

    def kill(self) -> None:
        """End it, if it hasn't ended."""
        self.process.kill()
        self.process.join()


def together(settings: Settings, number: int, task: str, *arguments: Any) -> list[Any]:
    """The results of several children doing the same at the same time."""
    children = [Child(settings, task, *arguments) for _ in range(number)]
    for child in children:
        child.ready()
    for child in children:
        child.go()
    return [child.result() for child in children]


# --- in the child ------------------------------------------------------------------------------------------


def migrate() -> str:
    """Bring the database to the newest schema."""
    from flask import current_app

    from caseflow.db import upgrade

    upgrade(current_app._get_current_object())  # type: ignore[attr-defined]
    return "migrated"


def register(office: dict[str, Any], today: str, count: int) -> list[str]:
    """Register requests one after the other; their numbers."""
    from tests.support.office import DeskOffice, row

    desk = DeskOffice(**office)
    return [row(desk.register(date.fromisoformat(today))).number for _ in range(count)]


def draft(office: dict[str, Any], today: str, case_id: int, seen: int) -> str:
    """Draft a reply to what one saw of a case."""
    from caseflow.stages import reply
    from caseflow.stages.errors import Changed
    from tests.support.office import DeskOffice

    try:
        reply.draft_reply(
            DeskOffice(**office).work("clerk", date.fromisoformat(today)), case_id, seen, "granted", "依据"
        )
    except Changed:
        return "changed"
    return "written"


def issue(office: dict[str, Any], today: str, case_id: int, seen: int) -> str:
    """Issue the receipt of a case that one saw; its number."""
    from caseflow.db import db
    from caseflow.models import Letter
    from caseflow.stages import letters
    from caseflow.stages.errors import Changed
    from tests.support.office import DeskOffice

    work = DeskOffice(**office).work("clerk", date.fromisoformat(today))
    try:
        key = letters.issue(work, case_id, seen, "receipt", 1, {})
    except Changed:
        return "changed"
    return db.session.get_one(Letter, key).number


def upload_template(actor_id: int, now: str, kind: str, content: str, slow: bool) -> int:
    """Upload a template, in hex; the version it became. A slow one stops before it is written."""
    from io import BytesIO

    from sqlalchemy import event

    from caseflow.db import db
    from caseflow.stages import templates

    if slow:

        @event.listens_for(db.engine, "before_cursor_execute")
        def stop(connection: object, cursor: object, statement: str, *rest: object) -> None:
            if statement.startswith("INSERT INTO letter_template"):
                say("writes")
                wait()

    file = BytesIO(bytes.fromhex(content))
    return templates.upload(actor_id, datetime.fromisoformat(now), kind, "模板.docx", file)


def make_pass(today: str) -> dict[str, int]:
    """One pass of the alerts."""
    from caseflow.alerts import ladder
    from caseflow.calendars import store

    return ladder.make_pass(date.fromisoformat(today), datetime.now(UTC), store.current())


def led_pass(today: str, seconds: float) -> str:
    """Take the lead, then stop at the side of the road; make a pass when told to go on."""
    from datetime import timedelta

    from caseflow.alerts import ladder, lease
    from caseflow.calendars import store

    token = lease.take("child", timedelta(seconds=seconds))
    assert token
    say("leads")
    wait()
    try:
        ladder.make_pass(date.fromisoformat(today), datetime.now(UTC), store.current(), token)
    except lease.Superseded:
        return "superseded"
    return "made"


def write_letters(today: str, now: str) -> int:
    """The letters of one pass."""
    from caseflow.alerts import inbox, mail, runs
    from caseflow.calendars import store
    from caseflow.db import transaction

    day, moment = date.fromisoformat(today), datetime.fromisoformat(now)
    with transaction() as session:
        runs.begin(session, day, 0, moment)
        return mail.compose(session, day, moment, store.current(), inbox.standing_ids(), by_clock=False)


def send_all(now: str, token: int = 0) -> dict[str, int]:
    """Send what waits in the outbox."""
    from caseflow.alerts import deliver
    from caseflow.config import load

    return deliver.send_all(datetime.fromisoformat(now), load(), token=token)


def led_send(now: str, seconds: float) -> str:
    """Take the lead, then stop at the side of the road; send when told to go on."""
    from datetime import timedelta

    from caseflow.alerts import lease

    token = lease.take("child", timedelta(seconds=seconds))
    assert token
    say("leads")
    wait()
    try:
        send_all(now, token)
    except lease.Superseded:
        return "superseded"
    return "sent"


def restore(path: str) -> dict[str, int]:
    """Put a backup into the instance."""
    from flask import current_app

    from caseflow.upkeep import backup

    return backup.restore(Path(path), Path(current_app.instance_path)).rows


def write_backup(path: str) -> dict[str, int]:
    """Write a backup of the instance."""
    from flask import current_app

    from caseflow.upkeep import backup

    return backup.write(Path(path), Path(current_app.instance_path), datetime.now(UTC)).rows


def add_files(office: dict[str, Any], case_id: int, seen: int, content: str) -> list[str]:
    """Put one file into a case; the hashes of what the store holds then."""
    from io import BytesIO

    from caseflow.files import store
    from caseflow.stages import papers
    from tests.support.office import DeskOffice

    work = DeskOffice(**office).work("clerk", date(2026, 9, 22))
    upload = papers.Upload("申请书.pdf", BytesIO(content.encode()))
    papers.add_files(work, case_id, seen, [upload], "request")
    return list(store.all_kept())


def add_each(office: dict[str, Any], cases: list[int], contents: list[str]) -> int:
    """Put one file into each of these fresh cases."""
    for case_id, content in zip(cases, contents, strict=True):
        add_files(office, case_id, 1, content)
    return len(cases)


def mask(office_id: int, today: str) -> int:
    """Mask all that is due of an office; how many cases that was."""
    from caseflow.db import db
    from caseflow.models import Office
    from caseflow.upkeep import retention

    day = date.fromisoformat(today)
    plan = retention.plan(db.session.get_one(Office, office_id), day)
    assert plan
    return retention.apply(plan, today=day, now=datetime.now(UTC)).masked


def killed_while_keeping(content: str) -> None:
    """Be killed when half of a file is in the store."""
    from io import BytesIO

    from caseflow.files import store

    class Half(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                os.kill(os.getpid(), signal.SIGKILL)
            return super().read(5)

    store.keep(Half(content.encode()))


def killed_at(words: str, task: str, *arguments: Any) -> None:
    """Do a task, but be killed when it is about to say a statement with these words."""
    from sqlalchemy import event

    from caseflow.db import db

    @event.listens_for(db.engine, "before_cursor_execute")
    def kill(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if words in statement:
            os.kill(os.getpid(), signal.SIGKILL)

    TASKS[task](*arguments)


def killed(task: str, *arguments: Any) -> None:
    """Do a task, but be killed when everything is written and nothing is committed yet."""
    from sqlalchemy import event

    from caseflow.db import db

    @event.listens_for(db.engine, "commit")
    def kill(connection: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    TASKS[task](*arguments)


def killed_after(task: str, *arguments: Any) -> None:
    """Do a task, say what came of it, and be killed."""
    say(json.dumps(TASKS[task](*arguments)))
    os.kill(os.getpid(), signal.SIGKILL)


def crash(office: dict[str, Any], names: list[str], whole: bool) -> list[str]:
    """Kill each of these at its points, saying which those were; the differences that are left at the end."""
    from tests.support import crashes, deadly
    from tests.support.office import DeskOffice

    for name in names:
        say(json.dumps(crashes.crash(DeskOffice(**office), name, whole)))
    return deadly.differences()


TASKS: dict[str, Callable[..., Any]] = {
    task.__name__: task
    for task in (
        migrate, register, draft, issue, make_pass, led_pass, write_letters, send_all, led_send, write_backup, restore,
        add_files, add_each, killed_while_keeping,
        killed, killed_after, killed_at, upload_template, mask, crash,
    )
}  # fmt: skip


class Parent:
    """The line to the test, in the child."""

    line: Connection


def say(word: str) -> None:
    """Tell the parent."""
    Parent.line.send(word)


def wait() -> None:
    """Wait for the parent's word."""
    Parent.line.recv()


def command(environ: dict[str, str], words: tuple[str, ...], *streams: str) -> None:
    """Be the command, saying what it says into two files."""
    from caseflow.cli import main as caseflow

    os.environ.update(environ)
    for number, path in enumerate(streams, 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    caseflow(words, prog_name="caseflow")


def main(line: Connection, environ: dict[str, str], task: str, arguments: str) -> None:
    """Get ready, wait for the word, do it, say what came of it."""
    import warnings

    from caseflow import create_app
    from caseflow.config import load

    warnings.simplefilter("error")
    os.environ.update(environ)
    Parent.line = line
    with create_app(load()).app_context():
        say("ready")
        wait()
        say(json.dumps(TASKS[task](*json.loads(arguments))))
