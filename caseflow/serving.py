"""What serving needs whichever server does it: a ready database, a log, a proxy that is believed, an end in order."""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.proxy_headers import proxy_headers_middleware
from waitress.server import BaseWSGIServer

from . import db
from .config import Network
from .ledger import rehash
from .search import index
from .upkeep import keyring, terms, upgrading

TOLD = frozenset({"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"})
NO_TLS = (
    "没有 TLS：密码和内容在网络上是明文，登录的 Cookie 也不带 Secure，只供本机或者机关自己的内网使用。"
    "前面有 https 反向代理的，设置 BEHIND_TLS=true。"
)
PATIENCE = 30.0  # seconds that requests under way may take once the server is told to stop
IN_FLIGHT = 1.0  # seconds in which a request may still come on a connection that is open
LOOK = 0.05
# Objects made before the youngest are looked through; the older ones as often as ever, so that memory stays small
SELDOM = (50_000, 10, 10)


def prepare(app: Flask, fill: Callable[[], object] = index.rebuild) -> None:
    """Create or migrate the database, and derive what an older schema didn't keep. Raises OperationalError, and
    BadSetting where the keys aren't those that the database was written with.

    ``fill`` writes the search index where an older program had none.
    """
    settings = app.extensions["caseflow"]["settings"]
    with app.app_context():
        keyring.check(settings)
        with upgrading.precaution(settings) as kept:
            db.upgrade(app)
    with app.app_context():
        keyring.enrol(settings)
        if kept:
            upgrading.done(kept)
        terms.fill()
        rehash.fill()
        if not index.is_written():
            fill()
        db.db.session.remove()
    collect_seldom()


def collect_seldom() -> None:
    """Look for circles of garbage seldom, and never among what stands now: a fifth of the time of an import.

    What a request or a row leaves is gone by itself. Memory that is never looked at stays shared between processes.
    """
    if not gc.get_freeze_count():
        gc.freeze()
    gc.set_threshold(*SELDOM)


def log() -> None:
    """Warnings of everybody and the news of ours, to standard error."""
    words = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(level=logging.WARNING, format=words, datefmt="%Y-%m-%dT%H:%M:%S%z")
    logging.getLogger("caseflow").setLevel(logging.INFO)


def tell_of_plain_http(app: Flask) -> None:
    """Say so where no proxy with TLS is in front, as far as the settings know."""
    if not app.extensions["caseflow"]["settings"].behind_tls:
        app.logger.warning(NO_TLS)


def believe_proxies(app: Flask) -> None:
    """Believe the named proxies about who asks; without a name nobody is believed."""
    named = app.extensions["caseflow"]["settings"].trusted_proxy
    plain = app.wsgi_app
    told = proxy_headers_middleware(plain, trusted_proxy="*", trusted_proxy_headers=set(TOLD))
    untold = proxy_headers_middleware(plain)  # takes the headers away

    def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        return (told if _is_among(environ.get("REMOTE_ADDR", ""), named) else untold)(environ, start)  # type: ignore[no-any-return]

    app.wsgi_app = answer  # type: ignore[assignment, method-assign]


def _is_among(peer: str, networks: Iterable[Network]) -> bool:
    try:
        address = ip_address(peer)
    except ValueError:  # a socket that is a file
        return False
    return any((getattr(address, "ipv4_mapped", None) or address) in network for network in networks)


def stop_soon(app: Flask) -> float:
    """From now on ``/healthz/ready`` sends proxies elsewhere; returns the seconds to wait for all to have seen it."""
    app.extensions["caseflow"]["stopping"] = True
    seconds: float = app.extensions["caseflow"]["settings"].stop_after
    return seconds


class Ending:
    """How waitress ends: proxies are told, nobody is let in any more, who is in gets their answer.

    Waitress itself would cut off answers that are on their way.
    """

    def __init__(self, server: Any, tell: Callable[[], float]) -> None:
        self.sockets: dict[int, Any] = server.map if hasattr(server, "map") else server._map
        self.trigger = self._servers()[0].trigger
        self.tell = tell

    def begin(self) -> None:
        """Returns at once; the server's ``run`` returns when all is done."""
        threading.Thread(target=self._end, name="ending", daemon=True).start()

    def _end(self) -> None:
        time.sleep(self.tell())
        self._in_loop(self._let_nobody_in)
        time.sleep(IN_FLIGHT if self._open() else 0)
        until = time.monotonic() + PATIENCE
        while self._open() and time.monotonic() < until:
            self._in_loop(self._close_idle)
            time.sleep(LOOK)
        self._in_loop(lambda: wasyncore.close_all(self.sockets, ignore_all=True))

    def _open(self) -> list[HTTPChannel]:
        return [one for one in list(self.sockets.values()) if isinstance(one, HTTPChannel)]

    def _let_nobody_in(self) -> None:
        for server in self._servers():
            wasyncore.dispatcher.close(server)

    def _close_idle(self) -> None:
        for one in self._open():
            if not (one.requests or one.request or one.total_outbufs_len):
                one.handle_close()

    def _servers(self) -> list[BaseWSGIServer]:
        return [one for one in list(self.sockets.values()) if isinstance(one, BaseWSGIServer)]

    def _in_loop(self, do: Callable[[], None]) -> None:
        """Sockets may only be closed by the thread that waits for them."""
        self.trigger.pull_trigger(do)
