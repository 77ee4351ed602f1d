"""Pages: the only room that knows Flask's request and session."""

from __future__ import annotations

from importlib import import_module

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined

from .. import moment
from ..config import Settings

# Parts that bind themselves to the app, and topics that bring a blueprint `bp`.
PARTS = ("signin", "known", "access", "headers", "errors", "again", "context")
TOPICS = (
    "account", "own", "second_factor", "away", "people", "mail", "desk", "worklist", "register", "cases", "acts", "corrections", "identity",
    "papers", "letters", "folders", "ticket", "publishing",
    "year", "calendar", "supervision", "oversight", "alerts", "terms", "ledger", "health",
    "letter_templates", "policy", "office", "sites", "typed", "below", "retention", "closing", "annual", "search", "log",
)  # fmt: skip

# What the public's counter serves; with ONLY=counter there is nothing else but ONLY_COUNTER
COUNTER_TOPICS = ("apply", "follow", "published", "api", "api_public")
ONLY_COUNTER = ("front", "health", "policy")

csrf = CSRFProtect()
bootstrap = Bootstrap5()


def init_app(app: Flask, settings: Settings) -> None:
    """Bind pages to the app."""
    app.config.update(BOOTSTRAP_SERVE_LOCAL=True, WTF_CSRF_TIME_LIMIT=None)
    app.jinja_env.undefined = StrictUndefined  # a misspelt name fails, it doesn't print a blank
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["caseflow"]["now"] = moment.now  # of the second log, which lower rooms write
    csrf.init_app(app)
    bootstrap.init_app(app)
    for part in PARTS:
        import_module(f"{__name__}.{part}").init_app(app, settings)
    topics = (*TOPICS, *COUNTER_TOPICS) if not settings.only else (*ONLY_COUNTER, *COUNTER_TOPICS)
    app.jinja_env.globals.update(only_counter=bool(settings.only), counter_topics=COUNTER_TOPICS)
    for topic in topics:
        app.register_blueprint(import_module(f"{__name__}.{topic}").bp)
    for topic in ("policy", "api"):  # why: there
        csrf.exempt(app.blueprints[topic])
