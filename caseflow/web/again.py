"""A form that came too late is shown again with what was typed; nothing is written.

Its page was open while its person signed in again, here or in another window, so its token is no longer one of
this session.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, flash, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from ..config import Settings
from . import access, errors

View = TypeVar("View", bound=Callable[..., Any])
Show = Callable[..., str]

TOO_OLD = "没有保存：这一页放得太久，或者在别处重新登录过。填写的内容都还在，核对以后再提交一次"

# Of the public nobody signs in; the token is kept by a cookie alone
UNTOLD = "没有提交：这一页放得太久，或者浏览器不让本网站保存数据。填写的内容都还在，再提交一次"


def kept(show: Show) -> Callable[[View], View]:
    """Mark a view whose form ``show`` draws again, from the request and the arguments of its address."""

    def mark(view: View) -> View:
        view.again = show  # type: ignore[attr-defined]
        return view

    return mark


def init_app(app: Flask, settings: Settings) -> None:
    """Take what the check of the tokens refuses."""
    app.register_error_handler(CSRFError, stale)


def stale(error: CSRFError) -> Any:
    """The form once more, with a token of this session; the page of the refusal where that can't be.

    Only for whoever may open it, and only what one of our own pages sent.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    show: Show | None = getattr(view, "again", None)
    if show is None or not errors.is_ours() or not _may_see():
        return errors.show(error)
    flash(UNTOLD if access.is_of_counter() else TOO_OLD, "warning")
    try:
        return show(**(request.view_args or {})), 400
    except HTTPException as other:
        return errors.show(other)


def _may_see() -> bool:
    return access.is_of_counter() or (access.admitted() and not access.me().must_change)
