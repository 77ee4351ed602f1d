"""What browsers report to have kept out by our Content-Security-Policy: counted, for the 系统管理员."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, request

from .. import moment
from ..stages import policy
from .access import PUBLIC, allow

bp = Blueprint("policy", __name__)

LARGEST = 8 * 1024  # bytes; a report is about one


@bp.post("/csp-report")
@allow(PUBLIC)
def take() -> Any:
    """Count a report, whatever it is: nothing of it is kept but which part of the policy it names.

    The one POST without a token: browsers send it by themselves, from pages of strangers too. It does nothing for
    anybody but raise a number, at most once a second for each part of the policy.
    """
    if request.content_length is not None and request.content_length <= LARGEST:
        policy.count(_directive(request.get_data(cache=False)), moment.now())
    return "", 204


def _directive(body: bytes) -> str:
    """Which part of the policy a report names, of either of the two forms in use; "" for anything else."""
    try:
        told = json.loads(body)
        first = told[0]["body"] if isinstance(told, list) else told["csp-report"]
        named = (
            first.get("effectiveDirective") or first.get("effective-directive") or first["violated-directive"]
        )
        return str(named).split()[0]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return ""
