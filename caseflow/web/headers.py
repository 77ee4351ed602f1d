"""What every answer carries for the browser's sake, and how much a request may bring."""

from __future__ import annotations

from flask import Flask, Request, Response, request

from ..config import Settings
from .access import OPEN_ENDPOINTS

MEGABYTE = 1024 * 1024

POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'",
    "img-src 'self' data:",  # Bootstrap draws arrows and ticks from data: addresses
    "font-src 'self'", "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
))  # fmt: skip

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# The largest request of a view: an uploaded ledger of some 100,000 rows, unless it is named here
LARGEST = 25
LARGER = {"papers.add": 120}  # several scans at once
# Bytes that the web server keeps of a request, in a temporary file, before any view is asked; anybody may
# send them. The one megabyte more lets the page that names the limit answer what is just above it
LARGEST_OF_ALL = (max(LARGEST, *LARGER.values()) + 1) * MEGABYTE
TLS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}


def largest() -> int:
    """The most that the view of this request takes, in megabytes."""
    return LARGER.get(request.endpoint or "", LARGEST)


class Sent(Request):
    """A request that may be as large as its view allows; told by its length, before its form is read."""

    @property
    def max_content_length(self) -> int | None:
        """In bytes."""
        return LARGER.get(self.endpoint or "", LARGEST) * MEGABYTE

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        raise AttributeError("set by the view's name")


def init_app(app: Flask, settings: Settings) -> None:
    """Put the headers on every answer, errors and files included."""
    app.config.update(
        MAX_FORM_MEMORY_SIZE=2 * MEGABYTE,  # typed text: over-long text comes back with a sentence, not lost
    )
    app.request_class = Sent
    always = HEADERS | (TLS_ONLY if settings.behind_tls else {})

    @app.after_request
    def secure(response: Response) -> Response:
        response.headers.update(always)
        told = f"{request.script_root}/csp-report"
        response.headers["Content-Security-Policy"] = f"{POLICY}; report-uri {told}; report-to csp"
        response.headers["Reporting-Endpoints"] = f'csp="{told}"'
        if request.endpoint not in OPEN_ENDPOINTS or response.status_code >= 400:
            response.headers["Cache-Control"] = "no-store"  # pages name people; shared machines keep none
        return response
