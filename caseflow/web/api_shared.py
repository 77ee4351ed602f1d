"""What the views for programs share: who may ask and how often, and how they are answered."""

from __future__ import annotations

from functools import wraps
from typing import Any, cast

from flask import Response, current_app, g, request, url_for

from .. import moment
from ..config import Settings
from ..counter import sites
from ..counter.sites import Caller
from ..db import transaction
from ..models import Office
from ..stages import signin
from ..stages.signin import Throttled
from . import errors
from .access import View
from .problems import Problem, dumped

PREFIX = "/api/v1"


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["caseflow"]["settings"])


def caller_now() -> Caller:
    """The site that asks."""
    return cast(Caller, g.caller)


def of_site(view: View) -> View:
    """Only for a site, by its token; each request counts."""

    @wraps(view)
    def enter(*args: Any, **kwargs: Any) -> Any:
        told = request.authorization
        try:
            if told is None or told.type != "bearer" or not told.token:
                raise sites.NoSite
            g.caller = sites.enter(told.token, moment.now(), _settings().api_limit)
        except sites.NoSite:
            raise Problem(401, sites.WORTH_NOTHING, headers={"WWW-Authenticate": "Bearer"}) from None
        except sites.Disabled:
            raise Problem(403, sites.DISABLED) from None
        except Throttled as error:
            raise _too_many(error, "这个网站发来的请求太多") from None
        return view(*args, **kwargs)

    return cast(View, enter)


def counted(view: View) -> View:
    """For everybody, so often from one address."""

    @wraps(view)
    def enter(*args: Any, **kwargs: Any) -> Any:
        of = signin.subject("read", request.remote_addr or "")
        try:
            with transaction() as session:
                signin.take(session, {of: _settings().api_limit}, moment.now())
        except Throttled as error:
            raise _too_many(error, "这个网络地址发来的请求太多") from None
        return view(*args, **kwargs)

    return cast(View, enter)


def _too_many(error: Throttled, said: str) -> Problem:
    minute, headers = errors.again_at(error)
    return Problem(429, f"{said}，请在 {minute} 以后再试", headers=headers)


def answered(body: Any, status: int = 200, headers: Any = None) -> Response:
    """JSON as it goes out."""
    return Response(dumped(body), status, headers=headers, mimetype="application/json")


def refused(found: dict[str, list[str]]) -> Problem:
    """A 422 with its sentences by field; what is wrong at no field in particular stands in the detail."""
    general = "；".join(found.pop("", ()))
    return Problem(422, general, found)


def told_office(office: Office) -> dict[str, str]:
    """An organ as it is told of."""
    return {"code": office.code, "name": office.name}


def counter_address(endpoint: str, **arguments: Any) -> str:
    """A page of the counter: by the address of the counter, where that is set."""
    path, public = url_for(endpoint, **arguments), _settings().public_url
    return f"{public}{path.removeprefix(request.script_root)}" if public else path
