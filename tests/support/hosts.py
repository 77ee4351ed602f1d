"""Machines that serve one installation, and people who work at it through a proxy that tries the next."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from urllib.parse import urlencode

from tests.support.live import status
from tests.support.office import PASSWORD

PATIENCE = 60.0  # seconds
BUSY = 503
TRIES = 3  # proxy_next_upstream_tries
TYPE = "application/x-www-form-urlencoded"


# As systemd does: the socket is the third descriptor, and says for whom it is.
ACTIVATED = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.execve(sys.argv[2], sys.argv[2:], {**os.environ, "LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())})
"""


class Host:
    """A machine with its own instance folder: gunicorn as the manual starts it, with one process for requests.

    The socket is held by the machine, here by the test: whoever connects while gunicorn is started anew waits.
    """

    def __init__(self, instance: Path, settings: dict[str, str]) -> None:
        instance.mkdir()
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self.socket.getsockname()[1]
        self.environ = {**os.environ, **settings, "CASEFLOW_INSTANCE": str(instance)}
        self.log = instance / "log"

    def start(self) -> None:
        """Returns at once."""
        if self.socket.fileno() < 0:  # the machine had lost its power
            self.socket = socket.create_server(("127.0.0.1", self.port), backlog=64)
        program = (sys.executable, "-m", "gunicorn", "-c", "python:caseflow.workers", "-w", "1")
        number = str(self.socket.fileno())
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-IS", "-c", ACTIVATED, number, *program],
                env=self.environ, stdout=log, stderr=log, start_new_session=True, pass_fds=[int(number)],
            )  # fmt: skip

    def wait(self) -> None:
        """Until it takes requests."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            if status(self.port, "/healthz/ready") == 200:
                return
            time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def stop(self) -> None:
        """End it in order."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(PATIENCE) == 0

    def kill(self) -> None:
        """The machine loses its power."""
        self.socket.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@dataclass
class Answer:
    """What came back."""

    status: int
    location: str
    body: str


class Browser:
    """A browser behind a proxy as docs/deploy/nginx.conf: what gets no answer is sent to the next machine as it is.

    A page that says 系统正忙 comes through to the person, who presses again.
    """

    def __init__(self, hosts: list[Host]) -> None:
        self.hosts, self.cookies = cycle(hosts), dict[str, str]()
        self.seen: list[int] = []  # every status
        self.broken = 0  # connections that were lost after the request had been sent

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = TYPE) -> Answer:
        """The first answer that does not ask for patience."""
        until = time.monotonic() + PATIENCE
        while (answer := self._passed_on(method, path, body, kind)).status == BUSY:
            assert time.monotonic() < until, f"busy for ever: {method} {path}"
            time.sleep(0.02)
        return answer

    def _passed_on(self, method: str, path: str, body: bytes, kind: str) -> Answer:
        """What the proxy shows of the first machine that answers."""
        for _ in range(TRIES):
            if answer := self._try(next(self.hosts), method, path, body, kind):
                return answer
        raise AssertionError(f"502 for {method} {path}, after {self.seen[-5:]}")

    def _try(self, host: Host, method: str, path: str, body: bytes, kind: str) -> Answer | None:
        line = http.client.HTTPConnection("127.0.0.1", host.port, timeout=PATIENCE)
        try:
            line.connect()
        except OSError:
            line.close()
            return None
        try:
            cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            headers = {"Cookie": cookies, "Content-Type": kind} if cookies else {"Content-Type": kind}
            line.request(method, path, body, headers)
            response = line.getresponse()
            answer = Answer(response.status, response.headers.get("Location", ""), response.read().decode())
        except (OSError, http.client.HTTPException):
            self.broken += 1
            return None
        finally:
            line.close()
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        self.seen.append(answer.status)
        return answer

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form."""
        return self.ask("POST", path, urlencode(fields).encode())


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, f"{name} is not on the page"
    return found[1]


@dataclass
class Clerk:
    """Somebody who registers requests and puts a scan into each, one after the other, until told to stop."""

    browser: Browser
    today: str
    username: str = "clerk-ssfb"
    stop: threading.Event = field(default_factory=threading.Event)
    registered: dict[str, int] = field(default_factory=dict)  # keys of the forms, the cases they became
    filed: dict[int, bytes] = field(default_factory=dict)  # cases, the scans
    fault: BaseException | None = None

    def start(self) -> None:
        """Sign in and begin."""
        self.sign_in()
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    def sign_in(self) -> None:
        token = hidden(self.browser.ask("GET", "/login").body, "csrf_token")
        self.browser.post("/login", csrf_token=token, username=self.username, password=PASSWORD)

    def end(self) -> None:
        """Finish what is under way."""
        self.stop.set()
        self.thread.join(PATIENCE)
        if self.fault:
            raise self.fault

    def _work(self) -> None:
        try:
            for n in count():
                if self.stop.is_set():
                    return
                key, form = self.form(f"第 {n} 件")
                self.file(self.sent(key, form))
        except BaseException as error:
            self.fault = error

    def form(self, content: str) -> tuple[str, dict[str, str]]:
        """A page to register on, filled in; its key."""
        page = self.browser.ask("GET", "/cases/new").body
        key = hidden(page, "key")
        self.token = hidden(page, "csrf_token")
        return key, {
            "csrf_token": self.token, "key": key, "channel": "in_person", "in_person_submitted": self.today,
            "applicant_class": "natural_person", "name": "陈秀兰", "content": content,
        }  # fmt: skip

    def sent(self, key: str, form: dict[str, str]) -> int:
        """Register; the case, once it is acknowledged."""
        answer = self.browser.post("/cases/new", **form)
        assert answer.status == 302, (answer.status, answer.body)
        case = int(answer.location.rpartition("/")[2])
        self.registered[key] = case
        return case

    def file(self, case: int) -> None:
        """Put a scan in, again while the store is away; whose answer was lost is told that the case has changed."""
        scan, path = b"%PDF-1.7 " + secrets.token_bytes(20_000), f"/cases/{case}/files"
        body, kind = multipart(csrf_token=self.token, seen="1", kind="request", file=scan)
        until = time.monotonic() + PATIENCE
        while (answer := self.browser.ask("POST", path, body, kind)).status == 422:
            assert "文件存储暂时连不上" in answer.body
            assert time.monotonic() < until
            time.sleep(0.05)
        assert answer.status in {302, 409}, (answer.status, answer.body)
        self.filed[case] = scan


def multipart(file: bytes, **fields: str) -> tuple[bytes, str]:
    """A form with a file, and its type."""
    edge = secrets.token_hex(8)
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    parts.append(b'name="files"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n' + file)
    start = f"--{edge}\r\nContent-Disposition: form-data; ".encode()
    return b"".join(start + part + b"\r\n" for part in parts) + f"--{edge}--\r\n".encode(), (
        f"multipart/form-data; boundary={edge}"
    )


def waited(changed: Iterator[bool]) -> None:
    """Look until it is so."""
    until = time.monotonic() + PATIENCE
    for so in changed:
        if so:
            return
        assert time.monotonic() < until, "it never came to be so"
        time.sleep(0.02)
