"""The report as one html file for the office's website: asks nothing of another machine, its tables say their heads."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from ...db import resource
from .paper import Paper

TEMPLATE = "annual/website.html"
STYLE = "annual/website.css"
MIME = "text/html"


def website(report: Paper) -> bytes:
    """The file; the same figures and words give the same bytes."""
    sheet = (resource("templates") / STYLE).read_text(encoding="utf-8")
    # our own file; a page of the program itself may hold no style, so the element isn't in the template
    style = Markup(f"<style>\n{sheet}</style>")  # noqa: S704
    return _environment().get_template(TEMPLATE).render(report=report, style=style).encode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(resource("templates")),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
