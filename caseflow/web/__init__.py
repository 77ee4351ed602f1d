"""Pages: the only room that knows Flask's request and session."""

from __future__ import annotations

from flask import Flask

from ..config import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Bind pages to the app."""
