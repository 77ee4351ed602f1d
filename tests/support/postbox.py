"""A real mail server on the loopback: it keeps what it is given, or refuses it as a test says."""

from __future__ import annotations

import email
import email.policy
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

ACCEPTED = "250 OK"
CERTIFICATE = Path(__file__).with_name("loopback.pem")  # for 127.0.0.1, its key with it: it protects nothing


@dataclass
class Postbox:
    """What arrived; ``refused`` maps an address to the server's answer, ``answer`` is given to a letter."""

    port: int
    arrived: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    answer: str = ACCEPTED
    hangs_up: bool = False  # when it has the letter, instead of an answer
    before_answer: Callable[[], None] = lambda: None  # when a letter is kept and its sender doesn't know yet

    @property
    def url(self) -> str:
        """The setting that leads here."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def addresses(self) -> list[str]:
        """To whom something came, in order."""
        return sorted(address for address, _ in self.arrived)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Refuse an address, or not."""
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return ACCEPTED

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep a letter."""
        if self.answer == ACCEPTED:
            letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.arrived += [(address, letter) for address in envelope.rcpt_tos]
        self.before_answer()
        if self.hangs_up:
            server.transport.abort()
        return self.answer


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@contextmanager
def balking(port: int, at: bytes, answer: bytes | None) -> Iterator[list[bytes]]:
    """A server that agrees to all it hears until a command that begins with ``at``: then it says ``answer``, or
    nothing for ``None``, and hangs up for ``b""``. Gives what it heard."""
    heard: list[bytes] = []

    class Line(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            for line in self.rfile:
                heard.append(line.strip())
                if line.upper().startswith(at):
                    if answer == b"":
                        return
                    self.wfile.write(answer or b"")
                else:
                    self.wfile.write(b"250 OK\r\n")

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", port), Line) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield heard
        finally:
            server.shutdown()


@contextmanager
def listening(
    postbox: Postbox, passwords: Mapping[str, str] | None = None, tls: bool = False
) -> Iterator[None]:
    """The server answers while the block runs, and lets nobody in who gives another password than ``passwords``;
    with ``tls`` it takes letters under STARTTLS only, by the certificate CERTIFICATE."""

    def known(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        right = passwords and passwords.get(given.login.decode()) == given.password.decode()
        return AuthResult(success=bool(right), handled=False)

    locked: dict[str, Any] = {"authenticator": known, "auth_require_tls": False} if passwords else {}
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        locked |= {"tls_context": context, "require_starttls": True}
    controller = Controller(postbox, hostname="127.0.0.1", port=postbox.port, **locked)
    controller.start()
    try:
        yield
    finally:
        controller.stop()
