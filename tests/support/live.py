"""Serve applications on a loopback port, with the server that production uses."""

from __future__ import annotations

import contextlib
import http.client
import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import waitress.server
from waitress import wasyncore
from werkzeug.wrappers import Response
from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

THREADS = 4


def status(port: int, path: str = "/healthz") -> int:
    """The status of a page of the server on a loopback port; 0 while nobody answers."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        line.request("GET", path)
        return line.getresponse().status
    except OSError:
        return 0
    finally:
        line.close()


@contextlib.contextmanager
def serving(app: WSGIApplication) -> Iterator[str]:
    """Serve `app` in a thread; give its address, without a closing slash."""
    server = waitress.server.create_server(app, listen="127.0.0.1:0", threads=THREADS)
    thread = threading.Thread(target=server.run, name="live-server", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        # Sockets may only be closed by the thread that waits on them; a loop without sockets ends.
        server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map, ignore_all=True))
        thread.join(10)
        server.task_dispatcher.shutdown()
    assert not thread.is_alive(), "the server would not stop"


class Door:
    """What is served at an address that stays, while the applications behind it come and go.

    A browser that meets the same address again goes on in the same process, with the style sheet it has read:
    half of what a short test in a browser costs.
    """

    def __init__(self) -> None:
        self._app: WSGIApplication | None = None
        self._inside = 0
        self._changed = threading.Condition()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with self._changed:
            app = self._app or Response("nobody is behind this door", 503)
            self._inside += 1
        try:
            return ClosingIterator(app(environ, start_response), self._leave)
        except BaseException:
            self._leave()
            raise

    def _leave(self) -> None:
        with self._changed:
            self._inside -= 1
            self._changed.notify_all()

    @contextlib.contextmanager
    def to(self, app: WSGIApplication) -> Iterator[None]:
        """The application stands behind it within the block, which ends when nobody is inside any more."""
        self._app = app
        try:
            yield
        finally:
            with self._changed:
                self._app = None
                assert self._changed.wait_for(lambda: not self._inside, 10), "the server would not stop"
