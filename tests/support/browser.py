"""Chromium for the tests: the one installed on this machine, driven by Playwright."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode, urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request, ViewportSize

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
    # Offices run on closed networks, and so do the tests: no other machine has an address.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
Test = TypeVar("Test", bound=Callable[..., None])
HERE = ("127.0.0.1", "")
SIZE: ViewportSize = {"width": 1280, "height": 900}
EMPTY = "/static/favicon.svg"
"""Something of the server that asks for nothing more. (about:blank would cost a new process of the browser.)"""


def layout(test: Test) -> Test:
    """Mark a test of how pages lie on screen and paper: that is no matter of the database, so on one of them."""
    for mark in (
        pytest.mark.browser,
        pytest.mark.xdist_group("browser"),
        pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    ):
        test = mark(test)
    return test


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
def new_page(
    browser: Browser, width: int = SIZE["width"], height: int = SIZE["height"]
) -> Iterator[tuple[Page, list[str]]]:
    """Give a page of a session of its own, and the list of addresses on other machines that it asks for.

    Such requests fail. They are listened to, not routed: routing switches the browser's cache off.
    """
    strangers: list[str] = []
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )

    def listen(request: Request) -> None:
        if (urlsplit(request.url).hostname or "") not in HERE:
            strangers.append(request.url)

    context.on("request", listen)
    try:
        yield context.new_page(), strangers
    finally:
        context.close()


class Window:
    """One page for one test after another, each as in a session of its own; a new one costs as much as most tests do."""

    def __init__(self, browser: Browser, server: str) -> None:
        self._browser, self._server = browser, server
        self._closed = contextlib.ExitStack()
        self._open: tuple[Page, list[str]] | None = None

    def page(self) -> tuple[Page, list[str]]:
        """The page, and the list of addresses on other machines that it will have asked for."""
        if self._open is None:
            self._open = self._closed.enter_context(new_page(self._browser))
        page, strangers = self._open
        strangers.clear()
        return page, strangers

    def tidy(self) -> None:
        """As it was when it was new: nobody is signed in, nothing is under way."""
        if self._open is None:
            return
        page, _ = self._open
        page.goto(self._server + EMPTY)
        page.evaluate("localStorage.clear(), sessionStorage.clear()")
        page.context.clear_cookies()
        page.emulate_media(media="null")
        if page.viewport_size != SIZE:
            page.set_viewport_size(SIZE)

    def close(self) -> None:
        """The next test has a new one."""
        self._open = None
        self._closed.close()


def sign_in(page: Page, server: str, username: str) -> None:
    """As someone else, by what the sign-in page sends; whoever was signed in is forgotten, no page is opened."""
    from tests.support.office import PASSWORD

    page.goto(server + EMPTY)  # what a page still loads would come back with the session of before
    page.context.clear_cookies()
    asks = http.client.HTTPConnection(urlsplit(server).netloc)
    asks.request("GET", "/login")
    empty = asks.getresponse()
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', empty.read().decode())
    assert token, "no token on the sign-in page"
    form = {"csrf_token": token[1], "username": username, "password": PASSWORD}
    given = {"Cookie": "; ".join(_cookies(empty)), "Content-Type": "application/x-www-form-urlencoded"}
    asks.request("POST", "/login", urlencode(form), given)
    begun = asks.getresponse()
    assert begun.status == 302, f"{username} could not sign in"
    told = (cookie.partition("=") for cookie in _cookies(begun))
    page.context.add_cookies([{"name": name, "value": value, "url": server} for name, _, value in told])
    asks.close()


def _cookies(answer: http.client.HTTPResponse) -> list[str]:
    return [given.split(";")[0] for given in answer.headers.get_all("Set-Cookie", [])]


def sign_in_by_hand(page: Page, server: str, username: str) -> None:
    """As one does, on the sign-in page; what comes after it is open then."""
    from tests.support.office import PASSWORD

    page.context.clear_cookies()
    page.goto(f"{server}/login")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/login" not in url)
