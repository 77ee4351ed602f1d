"""caseflow: answering requests for government information (依申请公开)."""

from __future__ import annotations

from flask import Flask

from . import db
from .config import Settings, load


def create_app(settings: Settings | None = None) -> Flask:
    """Bind the parts. Nothing is started, migrated or served here."""
    settings = settings or load()
    app = Flask(
        __name__,
        template_folder=str(db.resource("templates")),
        instance_path=str(settings.instance),
    )
    app.config.update(SECRET_KEY=settings.secret_key, TESTING=settings.testing)
    app.extensions["caseflow"] = {"settings": settings}
    db.init_app(app, settings.database_url)
    from . import web  # after db: the views need the tables

    web.init_app(app, settings)
    return app
