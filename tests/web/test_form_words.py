"""What a form says by itself: a sentence in Chinese that tells what to do, also of a forged field."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tests.support.pages import Desk

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.support.office import DeskOffice

SAYS = re.compile(r"\bn?gettext\(\s*[\"']([^\"']+)[\"']")
OF_THE_PROGRAMMER = {"Choices cannot be None."}  # a fault of ours, not of what was typed


def forms(base: type[Any]) -> Iterator[type[Any]]:
    for found in base.__subclasses__():
        yield found
        yield from forms(found)


def parts(form: Any) -> Iterator[Any]:
    """The fields of a form and their validators; those with a message of their own never use the built-in one."""
    for field in vars(form).values():
        if isinstance(made := getattr(field, "field_class", None), type):
            yield made
            named = (*field.args[1:2], field.kwargs.get("validators", ()))
            yield from (type(v) for given in named for v in given if not getattr(v, "message", ""))


def messages(part: type) -> set[str]:
    """What the methods in force say, as written in their source."""
    sources = [inspect.getsource(m) for _, m in inspect.getmembers(part, inspect.isfunction)]
    return {message for source in sources for message in SAYS.findall(source)}


def test_every_built_in_message_that_a_form_can_show_has_our_words(app: Flask) -> None:
    from caseflow.web.forms import WORDS, Form

    used = {part for form in forms(Form) for part in parts(form)}
    said = {message for part in used for message in messages(part)} - OF_THE_PROGRAMMER
    assert {"Not a valid choice.", "Not a valid integer value."} <= said
    assert said <= WORDS.keys()


def test_a_choice_that_is_none_of_those_listed_is_refused_in_words(
    office: DeskOffice, client: FlaskClient
) -> None:
    desk = Desk(client)
    desk.sign_in("clerk-ssfb")
    desk.get("/cases/new")
    page = desk.submit({"channel": "pigeon", "name": "林国栋", "content": "某路改造工程结算报告"})
    assert page.status == 422
    assert "从列出的选项中选择" in page.text
