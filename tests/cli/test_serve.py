"""`caseflow serve` as it is started and stopped: from an empty instance, by signals, and where it can't."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from caseflow.web.headers import LARGEST_OF_ALL
from tests.support.children import Command
from tests.support.live import status
from tests.support.pages import Desk

if TYPE_CHECKING:
    from caseflow.config import Settings
    from tests.conftest import MakeApp

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0  # seconds; making a demonstration takes some


def environment(instance: Path, url: str = "") -> dict[str, str]:
    return {**os.environ, "CASEFLOW_INSTANCE": str(instance), "DATABASE_URL": url}


class Started:
    """`python -m caseflow serve`; the others are forked from what has loaded the program, and cost a fifth."""

    def __init__(self, folder: Path, environ: dict[str, str], *words: str) -> None:
        command = [sys.executable, "-m", "caseflow", *words]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.poll, self.send_signal = self._process.poll, self._process.send_signal

    def communicate(self, timeout: float) -> tuple[int | None, str, str]:
        """Wait for its end; how it ended and what it said on both streams."""
        out, err = self._process.communicate(timeout=timeout)
        return self._process.returncode, out, err

    def kill(self) -> None:
        """End it, if it hasn't ended."""
        self._process.kill()
        self._process.communicate()


Server = Started | Command


@contextlib.contextmanager
def serving(server: Server, port: int) -> Iterator[Server]:
    """A server that answers and has made its first pass; killed if the test leaves it running."""
    try:
        deadline = time.monotonic() + PATIENCE
        while status(port) != 200 and time.monotonic() < deadline and server.poll() is None:
            time.sleep(0.05)
        assert status(port) == 200
        yield server
    finally:
        server.kill()


def announce(port: int, length: int) -> int:
    """The status of a request that says how long it will be and sends nothing yet."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(connection):
        connection.putrequest("POST", "/login")
        connection.putheader("Content-Length", str(length))
        connection.endheaders()
        return connection.getresponse().status


def ended(server: Server, within: float = 30) -> tuple[str, str]:
    """What it said, once it has ended in order."""
    code, out, err = server.communicate(within)
    assert code == 0, err
    return out, err


def begun(port: int) -> socket.socket:
    """A line on which half a request has been sent."""
    line = socket.create_connection(("127.0.0.1", port), 30)
    line.sendall(b"GET /healthz/ready HTTP/1.1\r\nHost: office\r\n")
    return line


def finished(line: socket.socket) -> int:
    """The status of the answer to the other half."""
    with line:
        line.sendall(b"Connection: close\r\n\r\n")
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert answer.endswith(b'{"status":"stopping"}\n')
    return int(answer.split()[1])


def listening(port: int) -> bool:
    """Whether anybody is let in."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 30):
        return True
    return False


def told_to_go_elsewhere(port: int) -> bool:
    """Whether proxies are, before nobody is let in any more."""
    while (found := status(port, "/healthz/ready")) == 200:
        time.sleep(0.02)
    return found == 503


def fails(env: dict[str, str], port: int, folder: Path) -> str:
    """The one line of a server that can't start."""
    code, out, err = Command(folder, env, "serve", "--port", str(port)).communicate(PATIENCE)
    assert code == 1
    assert out == ""
    (line,) = err.splitlines()
    return line


@pytest.fixture
def port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        number: int = probe.getsockname()[1]
        return number


@pytest.mark.one_engine  # the demonstration itself is filled on both, and gunicorn is started on the other
def test_an_empty_instance_becomes_a_demonstration_that_tells_its_accounts_once(
    settings: Settings, make_app: MakeApp, port: int, tmp_path: Path
) -> None:
    from caseflow.alerts import lease
    from caseflow.db import db
    from caseflow.models import Alert, JobRun

    env = environment(settings.instance, settings.database_url)
    words = ("serve", "--port", str(port))
    with serving(Command(tmp_path, env | {"STOP_AFTER": "0.5"}, *words), port) as server:
        slow = begun(port)
        server.send_signal(signal.SIGTERM)
        assert told_to_go_elsewhere(port)
        while listening(port):  # for half a second more
            time.sleep(0.05)
        time.sleep(1.2)  # by now every line is closed that nobody uses
        assert finished(slow) == 503  # what had begun is answered all the same
        out, err = ended(server)
    url, _, *accounts = out.splitlines()
    assert url == f"http://127.0.0.1:{port}"
    kept = settings.instance / "demo-accounts.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    told = json.loads(kept.read_text(encoding="utf-8"))
    assert told["url"] == url
    assert accounts == [
        *(f"{a['role']}\t{a['username']}\t{a['password']}" for a in told["accounts"]),
        *(f"公众窗口\t查询号 {t['number']}\t查询码 {t['code']}\t{t['request']}" for t in told["tickets"]),
    ]
    assert "pass made" in err
    assert err.count("没有 TLS：密码和内容在网络上是明文") == 1

    app = make_app(settings)
    citizen, ticket = Desk(app.test_client()), told["tickets"][-1]
    citizen.get("/apply/status")
    followed = citizen.submit({"number": ticket["number"], "code": ticket["code"]}, form="/apply/status")
    assert "政府信息公开告知书" in followed.text
    account = told["accounts"][0]
    assert Desk(app.test_client()).sign_in(account["username"], account["password"]).h1 == "今日"
    with app.app_context():
        (run,) = db.session.scalars(select(JobRun))
        assert run.ended_at
        assert db.session.scalars(select(Alert)).first()
        assert lease.take("next") == 2  # it gave up the lead

    with serving(Started(tmp_path, env, *words), port) as server:
        assert announce(port, LARGEST_OF_ALL) == 413  # nothing of it is kept, whoever sends it
        server.send_signal(signal.SIGINT)
        out, _ = ended(server, within=10)
    assert out.splitlines() == [url]


def test_a_port_that_is_taken_is_told_in_one_line_and_nothing_is_made(tmp_path: Path, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        line = fails(environment(tmp_path / "instance"), port, tmp_path)
    assert line == f"错误：127.0.0.1:{port} 用不了：端口已被占用"
    assert [path.name for path in (tmp_path / "instance").iterdir()] == ["secret.key"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://nobody:geheim@127.0.0.1:1/none", "连不上："),
        ("sqlite:////nowhere/x.sqlite3", "的文件打不开"),
    ],
)
def test_a_database_that_does_not_answer_is_told_in_one_line_without_its_password(
    tmp_path: Path, port: int, url: str, said: str
) -> None:
    line = fails(environment(tmp_path / "instance", url), port, tmp_path)
    assert line.startswith(f"错误：数据库{said}")
    assert "geheim" not in line


def test_a_setting_that_cannot_be_is_told_in_one_line(tmp_path: Path, port: int) -> None:
    env = environment(tmp_path / "instance") | {"SECRET_KEY": "short"}
    assert "SECRET_KEY" in fails(env, port, tmp_path)
