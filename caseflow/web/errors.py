"""One page for every refusal and failure."""

from __future__ import annotations

import errno
import secrets
from datetime import timedelta
from typing import Any, TypeGuard
from urllib.parse import SplitResult, urlsplit

from flask import Flask, Response, current_app, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import BadHost, HTTPException, InternalServerError

from .. import moment
from ..config import Settings
from ..db import Unwritable, dialect, trouble
from ..files.store import Unreachable
from ..keys import Unreadable
from ..law.workdays import FIRST, LAST, OutsideCalendar
from ..stages.errors import Changed, Forbidden, NotFound, Refused
from ..stages.papers import FULL
from ..stages.signin import Throttled
from . import problems
from .access import is_of_counter, note_refusal
from .headers import largest
from .signin import own_page

TEMPLATE = "errors/page.html"
WORTH_KEEPING = 20  # characters of typed text from which on it is handed back
UNTYPED = frozenset({"csrf_token", "key"})
BUSY_RETRY = 5  # seconds
TOO_LARGE = "一次提交不超过 {} MB；更大的，拆成几个再分别上传。什么都没有保存。"
AWAY = "文件存储暂时连不上，过几分钟再试；一直这样，请告诉系统管理员。什么都没有改变"
SEALED = "这里有加密保存的内容解不开，请告诉系统管理员核对记录和数据密钥。什么都没有改变"
BAD_HOST = "请求里的主机名有误。\n"
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
ONE_MINUTE = timedelta(minutes=1)


def init_app(app: Flask, settings: Settings) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(problems.Problem, problems.Problem.response)
    app.register_error_handler(Forbidden, _forbidden)
    app.register_error_handler(NotFound, lambda error: answer(404))
    app.register_error_handler(Changed, lambda error: answer(409))
    app.register_error_handler(Refused, lambda error: answer(422, error.reason))
    app.register_error_handler(OutsideCalendar, _outside_calendar)
    app.register_error_handler(Throttled, _throttled)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(Unwritable, _unwritable)
    app.register_error_handler(Unreachable, _store)
    app.register_error_handler(OSError, _disk)
    app.register_error_handler(Unreadable, _sealed)


def _sealed(error: Unreadable) -> Response:
    current_app.logger.error(
        "sealed value can't be opened: %s", error
    )  # the column, nothing of what is in it
    return answer(503, SEALED)


def _forbidden(error: Forbidden) -> Response:
    note_refusal()
    return answer(403)


def answer(code: int, message: str = "", headers: Any = None, **more: Any) -> Response:
    """The page of a status; ``message`` says more than the words the page has for it. Programs get no pages."""
    if problems.asked_by_program():
        return problems.problem(code, message, headers=headers)
    html = render_template(TEMPLATE, code=code, message=message, **more)
    return Response(html, code, headers=headers)


def show(error: HTTPException) -> Response:
    """The page of an HTTP error, with its headers (Allow, Retry-After)."""
    if isinstance(error, BadHost):  # no page: nothing has an address then
        return Response(BAD_HOST, 400, mimetype="text/plain")
    if isinstance(error, InternalServerError):
        original = error.original_exception
        return _database(original) if _is_passing(original) else fault(500, original)
    said = TOO_LARGE.format(largest()) if error.code == 413 else error.description or ""
    message = "" if said.isascii() else said  # werkzeug's own words are English
    headers = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
    if error.code != 400:
        return answer(error.code or 500, message, headers)
    carried = _carried()
    return answer(
        400, "" if carried else message, headers, typed=_typed(), carried=carried, back_href=_back()
    )


def fault(code: int, error: BaseException | None, headers: Any = None) -> Response:
    """The page of a failure: drawn without database and session, which may be what failed.

    The number on it stands in the log as well.
    """
    number = secrets.token_hex(4)
    kind = type(error).__name__
    current_app.logger.error("fault %s: %s %r: %s", number, request.method, request.path, kind)
    if problems.asked_by_program():
        return problems.problem(code, problems.FAULT.format(number) if code == 500 else "", headers=headers)
    html = current_app.jinja_env.get_template(TEMPLATE).render(
        code=code, fault=number, trouble=_ailing(error)
    )
    return Response(html, code, headers=headers)


def is_ours() -> bool:
    """Whether a page of ours sent this request."""
    return _parts(request.headers.get("Origin") or request.referrer or "").netloc == request.host


def _parts(told: str) -> SplitResult:
    """The parts of an address that a browser names; of one that can't be, none."""
    try:
        return urlsplit(told)
    except ValueError:
        return urlsplit("")


def _carried() -> list[tuple[str, str]]:
    """All fields of a form that can be shown again, while nobody is signed in: to be sent on after signing in."""
    view = current_app.view_functions.get(request.endpoint or "")
    if current_user.is_authenticated or is_of_counter() or not hasattr(view, "again") or not is_ours():
        return []
    return [(name, text) for name, text in request.form.items(multi=True) if not name.endswith("csrf_token")]


def _back() -> str:
    """To the sign-in page, and from there back to the page one came from; to that page at once where nobody signs in,
    "" for whoever is signed in."""
    if current_user.is_authenticated or not is_ours():
        return ""
    here = own_page(_parts(request.referrer or "").path.removeprefix(request.script_root))
    if is_of_counter():
        return f"{request.script_root}{here}" if here else ""
    return url_for("account.login", next=here or own_page(request.path))


def _typed() -> list[str]:
    """What was typed into a form that came too late; only for forms of our own pages."""
    if not is_ours() or request.blueprint == "account":
        return []
    pairs = request.form.items(multi=True)
    return [text for name, text in pairs if len(text) >= WORTH_KEEPING and name not in UNTYPED]


def _outside_calendar(error: OutsideCalendar) -> Response:
    return answer(422, f"日期超出了工作日历（{FIRST.year}—{LAST.year} 年），核对一下年份")


def _throttled(error: Throttled) -> Response:
    minute, headers = again_at(error)
    return answer(429, f"输错次数太多，请在 {minute} 以后再试", headers)


def again_at(error: Throttled) -> tuple[str, dict[str, str]]:
    """When to try again, rounded up to the minute, and the header that says so in seconds."""
    seconds = int((error.until - moment.now()).total_seconds()) + 1
    minute = moment.local(error.until).replace(second=0, microsecond=0)
    return f"{minute + ONE_MINUTE:%H:%M}", {"Retry-After": str(max(seconds, 1))}


def _is_passing(error: BaseException | None) -> TypeGuard[OperationalError]:
    """Whether the database is held by another process for too long, is being started again, or has lost its disk.

    PostgreSQL says this of itself and of the line to it, never of what it was asked.
    """
    if not isinstance(error, OperationalError):
        return False
    return dialect() == "postgresql" or "database is locked" in str(error.orig) or bool(_ailing(error))


def _ailing(error: BaseException | None) -> str:
    """What ails the database itself. That it can't be written to counts only where somebody was to write (Unwritable):
    else the fault is ours."""
    found = trouble(error)
    return found if found == "away" or isinstance(error, Unwritable) else ""


def _unwritable(error: Unwritable) -> Response:
    """Until somebody makes room, or lets it be written to again; nothing need be started anew then."""
    return fault(503, error)


def _database(error: OperationalError) -> Response:
    """What passes by itself; anything else is a fault."""
    if not _is_passing(error):
        raise error
    return fault(503, error, {"Retry-After": str(BUSY_RETRY)})


def _store(error: Unreachable) -> Response:
    current_app.logger.error("%s %r: %s", request.method, request.path, error)
    return answer(503, AWAY, {"Retry-After": str(BUSY_RETRY)})


def _disk(error: OSError) -> Response:
    """No room for what was sent, first in the folder for temporary files; anything else is a fault."""
    if error.errno not in NO_ROOM:
        raise error
    current_app.logger.error("no room on the disk: %s %r: %s", request.method, request.path, error)
    return answer(503, FULL)
