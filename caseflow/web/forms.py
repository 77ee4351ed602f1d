"""What all forms share: Chinese messages, stripped and checked text, days typed in any usual way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    DateField,
    Field,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, NumberRange, Optional, StopValidation, ValidationError

from ..stages.checks import LIMITS, day_of, fault
from ..stages.errors import Refused

MOST_DIGITS = 12


class DayField(DateField):
    """A date; what was typed stays in the field when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the typed text in any of the usual ways."""
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        self.data = day_of(text)
        if self.data is None:
            self.raw_data = [text]
            raise ValueError("写成 2026-12-04 这样的日期")


class WholeField(IntegerField):
    """A whole number; nothing typed is nothing, and more digits than any figure here has are none."""

    data: int | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Raises ValueError for anything but digits, with a sign at most."""
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        if len(text) > MOST_DIGITS:
            raise ValueError(self.gettext("Not a valid integer value."))
        super().process_formdata([text])


# What the fields and validators in use say by themselves, as sentences that tell what to do
WORDS = {
    "Not a valid choice.": "从列出的选项中选择",
    "Invalid Choice: could not coerce.": "从列出的选项中选择",
    "Not a valid integer value.": "写成整数，例如 15",
    "Invalid choice(s): one or more data inputs could not be coerced.": "从列出的选项中选择",
    "'%(value)s' is not a valid choice for this field.": "从列出的选项中选择",
}


class _Words:
    """The one language of the forms."""

    def gettext(self, message: str) -> str:
        """Our words for a built-in message."""
        return WORDS.get(message, message)

    def ngettext(self, one: str, many: str, n: int) -> str:
        """The same for any number."""
        return self.gettext(one)


class Form(FlaskForm):
    """Base of all forms."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was sent; a file that was put in place of a text is none, and the field is empty."""
            sent: Any = super().wrap_formdata(form, formdata)
            if not request or not request.files or sent is None:
                return sent
            texts = [field.name for field in form if not isinstance(field, FileField)]
            return MultiDict(
                (name, told)
                for name, told in sent.items(multi=True)
                if name not in texts or isinstance(told, str)
            )

        def get_translations(self, form: Any) -> _Words:
            """The table above, whatever the browser or the machine speaks."""
            return _Words()

    def refuse(self, refused: Refused) -> None:
        """Put the reason of a refused act at its field, or over the form."""
        field = getattr(self, refused.field, None) if refused.field else None
        if isinstance(field, Field):
            field.errors = [*field.errors, refused.reason]
        else:
            self.form_errors.append(refused.reason)


def strip(value: Any) -> Any:
    """Text without the blanks around it; "" for a field that was not sent at all."""
    return value.strip() if isinstance(value, str) else ""


class Clean:
    """Refuse over-long text and characters that can't be seen."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, form: Any, field: Any) -> None:
        """Raises ValidationError with the reason."""
        if why := fault(field.data or "", self.limit):
            raise ValidationError(why)


def required(message: str) -> list[Any]:
    """Must be filled in; the message says what is missing."""
    return [DataRequired(message)]


def text(label: str, limit: str, message: str = "", **kwargs: Any) -> StringField:
    """One line of text; required where a message says what is missing."""
    needs = required(message) if message else [Optional()]
    return StringField(label, validators=[*needs, Clean(LIMITS[limit])], filters=[strip], **kwargs)


def area(label: str, limit: str, message: str = "", also: Iterable[Any] = (), **kwargs: Any) -> TextAreaField:
    """Several lines of text; ``also`` are validators that say by themselves when it is required."""
    needs = [*also] or (required(message) if message else [Optional()])
    return TextAreaField(label, validators=[*needs, Clean(LIMITS[limit])], filters=[strip], **kwargs)


def day(label: str, message: str = "", also: Iterable[Any] = (), **kwargs: Any) -> DayField:
    """A day; required where a message says so, or where ``also``, validators of the form's own, do."""
    return DayField(label, validators=[*also, _Typed(message)], **kwargs)


class _Typed:
    """Missing and unreadable days are two different sentences."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if field.data is None and not field.process_errors:
            if self.message:
                raise StopValidation(self.message)
            raise StopValidation()


def may_stay_empty(field: Any) -> bool:
    """Whether a field is marked 选填."""
    needed = (DataRequired, NumberRange)
    asks = any(isinstance(v, needed) or (isinstance(v, _Typed) and v.message) for v in field.validators)
    return not asks and field.type != "BooleanField"


def choices(pairs: Mapping[str, str] | Iterable[tuple[str, str]], blank: str = "") -> list[SelectChoice]:
    """Choices from code -> label, with an empty first line where ``blank`` names it."""
    items = pairs.items() if isinstance(pairs, Mapping) else pairs
    first = [SelectChoice(value="", label=blank)] if blank else []
    return [*first, *(SelectChoice(value=code, label=label) for code, label in items)]


def select(label: str, pairs: Any, message: str = "", blank: str = "", **kwargs: Any) -> SelectField:
    """A drop-down."""
    needs = required(message) if message else [Optional()]
    return SelectField(label, choices=choices(pairs, blank), validators=needs, validate_choice=True, **kwargs)


def segments(label: str, pairs: Any, message: str = "", **kwargs: Any) -> RadioField:
    """A few choices side by side; required where a message says what is missing."""
    needs = required(message) if message else [Optional()]
    return RadioField(label, choices=choices(pairs), validators=needs, **kwargs)


def event_number(field: Field) -> int:
    """The event last seen, from its hidden field; 0 where that was tampered with."""
    typed = field.data or ""
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


def hidden() -> HiddenField:
    """A value that travels with the form."""
    return HiddenField()
