"""Chromium for the tests: the one installed on this machine, driven by Playwright."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request, Route

MISSING = "no Chromium was found (install it, or name it in CASEFLOW_CHROMIUM)"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",  # root may not use the sandbox, and the only pages here are our own
    "--disable-gpu",
    "--disable-dev-shm-usage",  # containers give /dev/shm too little room
    # Without these the browser talks to its maker.
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HERE = ("127.0.0.1", "localhost", "")


def find_chromium() -> str | None:
    """Return the path of the browser: the one that was named, else one installed here, else None."""
    if named := os.environ.get("CASEFLOW_CHROMIUM"):
        return named
    # /usr/bin may be missing from the path of a service that runs the tests.
    found = (shutil.which(name) or shutil.which(f"/usr/bin/{name}") for name in NAMES)
    return next(filter(None, found), None)


def in_ci() -> bool:
    """Say whether we run where a missing browser is a failure."""
    return os.environ.get("CI", "").lower() in ("1", "true")


@contextlib.contextmanager
def launched() -> Iterator[Browser]:
    """Start the browser, without a window; end it with the block."""
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    if path is None:
        raise RuntimeError(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def new_page(browser: Browser, width: int = 1280, height: int = 900) -> Iterator[tuple[Page, list[str]]]:
    """Give a page of a session of its own, and the list of addresses on other machines that it asks for.

    Such requests are refused: offices run on closed networks, and so do the tests.
    """
    strangers: list[str] = []
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )

    def refuse(route: Route, request: Request) -> None:
        strangers.append(request.url)
        route.abort()

    context.route(lambda url: (urlsplit(url).hostname or "") not in HERE, refuse)
    try:
        yield context.new_page(), strangers
    finally:
        context.close()
