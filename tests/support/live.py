"""Serve an application on a loopback port, with the server that production uses."""

from __future__ import annotations

import contextlib
import http.client
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import waitress.server
from waitress import wasyncore

if TYPE_CHECKING:
    from flask import Flask

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
def serving(app: Flask) -> Iterator[str]:
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
