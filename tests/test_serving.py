"""Who is believed about who asks, by either server; what gunicorn does when it is told to stop."""

from __future__ import annotations

import contextlib
from ipaddress import ip_network
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, request
from werkzeug.test import Client

from caseflow.config import Settings

TOLD = {
    "X-Forwarded-For": "198.51.100.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "gk.example.cn",
}
BELIEVED = "198.51.100.7 https://gk.example.cn/"


def program(folder: Path, *proxies: str) -> Flask:
    """A page that says who asked for it."""
    app = Flask(__name__)
    trusted = tuple(ip_network(one) for one in proxies)
    app.extensions["caseflow"] = {
        "settings": Settings(folder, "sqlite://", "", trusted_proxy=trusted, stop_after=7)
    }
    app.add_url_rule("/", "who", lambda: f"{request.remote_addr} {request.url}")
    return app


def by_waitress(app: Flask, patch: pytest.MonkeyPatch) -> Any:
    from caseflow.cli import serve

    server = serve._listen(app, "127.0.0.1", 0)
    server.close()
    return server.application


def by_gunicorn(app: Flask, patch: pytest.MonkeyPatch) -> Any:
    from caseflow import db, serving, workers

    patch.setattr(workers, "load", lambda: None)
    patch.setattr(workers, "create_app", lambda settings: app)
    patch.setattr(serving, "prepare", lambda app: None)
    patch.setattr(serving, "log", lambda: None)
    patch.setattr(db, "close", lambda: None)
    return workers.application()


@pytest.mark.parametrize("start", [by_waitress, by_gunicorn])
def test_only_the_named_proxies_are_believed_about_who_asks(
    start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Client(start(program(tmp_path, "10.0.0.5", "10.0.1.0/24"), monkeypatch))
    nobody = Client(start(program(tmp_path), monkeypatch))

    def said(client: Client, peer: str) -> str:
        return client.get("/", headers=TOLD, environ_overrides={"REMOTE_ADDR": peer}).text

    for peer in ("10.0.0.5", "10.0.1.200", "::ffff:10.0.0.5"):
        assert said(asked, peer) == BELIEVED
    for peer in ("10.0.0.6", "10.0.2.1", "fd00::5", ""):
        assert said(asked, peer) == f"{peer} http://localhost/"
    assert said(nobody, "10.0.0.5") == "10.0.0.5 http://localhost/"


def test_a_worker_told_to_stop_goes_on_for_as_long_as_the_settings_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gunicorn.workers.gthread import ThreadWorker

    from caseflow import workers

    app, ended, waited = program(tmp_path), [], []

    def timer(seconds: float, do: Any, words: Any) -> Any:
        waited.append(seconds)
        return SimpleNamespace(start=lambda: do(*words))

    monkeypatch.setattr(workers, "threading", SimpleNamespace(Timer=timer))
    monkeypatch.setattr(ThreadWorker, "handle_exit", lambda self, *words: ended.append(words))
    worker = object.__new__(workers.Worker)
    worker.wsgi = app
    with contextlib.suppress(SystemExit):
        worker.handle_exit(15, None)
    assert (waited, ended) == ([7], [(15, None)])
    assert app.extensions["caseflow"]["stopping"] is True
