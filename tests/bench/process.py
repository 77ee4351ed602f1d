"""What a process costs: from its start to its first answer, and its memory after a while of work."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bench.register import Register
from tests.bench.subject import Measure
from tests.support.live import status

STARTS = 3
ASKED = 200  # pages, before the memory is looked at
BARE = (
    "import sys, waitress; from flask import Flask; app = Flask('bare'); "
    "app.add_url_rule('/healthz', 'healthz', lambda: 'ok'); app.add_url_rule('/login', 'login', lambda: 'ok'); "
    "waitress.serve(app, host='127.0.0.1', port=int(sys.argv[1]))"
)


def measured(register: Register) -> Iterator[Measure]:
    """`caseflow serve` on this register, against waitress with a Flask that can do nothing."""
    settings = register.app.extensions["caseflow"]["settings"]
    env = {
        **os.environ, "CASEFLOW_INSTANCE": str(settings.instance), "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
    }  # fmt: skip
    ours = [sys.executable, "-m", "caseflow", "serve", "--port"]
    bare = [sys.executable, "-c", BARE]
    start = Measure("cold start", register.cases)
    memory = Measure("memory, one process", register.cases, unit="MB")
    for _ in range(STARTS):
        for command, started, held in ((ours, start.ours, memory.ours), (bare, start.floor, memory.floor)):
            seconds, size = _life(command, env)
            started.append(seconds)
            held.append(size)
    yield start
    yield memory


def _life(command: Sequence[str], env: dict[str, str]) -> tuple[float, float]:
    """Seconds to the first answer, and proportional set size in MB after ASKED answers."""
    port = _free()
    begun = time.perf_counter()
    with _running([*command, str(port)], env) as process:
        while status(port) == 0:
            assert process.poll() is None, "it ended"
            time.sleep(0.01)
        seconds = time.perf_counter() - begun
        for _ in range(ASKED):
            status(port, "/login")
        return seconds, _size(process.pid)


@contextmanager
def _running(command: Sequence[str], env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=env, stdout=quiet, stderr=quiet) as process:
        try:
            yield process
        finally:
            process.kill()


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _size(pid: int) -> float:
    told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    (line,) = (line for line in told.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) / 1024
