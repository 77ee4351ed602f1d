"""The forms of the annual report: a text, and the table of part two with a field for each of its figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import request
from wtforms import StringField
from wtforms.validators import ValidationError

from ..law import annual_two
from ..law.annual_two import Amounts, Cell, cells
from . import forms


def lines(value: Any) -> str:
    """Text with lines that end one way, without blanks around it."""
    return str(forms.strip(value)).replace("\r\n", "\n").replace("\r", "\n")


class _Seen(forms.Form):
    """The version that the page showed."""

    seen = forms.hidden()

    def last_seen(self) -> int:
        """Its number; 0 where that was tampered with."""
        return forms.event_number(self.seen)


class TextForm(_Seen):
    """The words of one part."""

    text = forms.area("正文", "annual")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text.data = lines(self.text.data)


class _Figure:
    """Refuse what is no figure of its kind, saying how to write it."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __call__(self, form: Any, field: Any) -> None:
        """Raises ValidationError with the sentence."""
        try:
            annual_two.read(field.data or "", self.kind)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class TwoForm(_Seen):
    """Part two of one edition; its fields are called as the places of the table, with _ for the dot."""

    table: tuple[Cell, ...] = ()

    def figure(self, place: str) -> Any:
        """The field of a figure."""
        return self[place.replace(".", "_")]

    def amounts(self) -> dict[str, Decimal | None]:
        """What was typed, blanks as blanks. Raises ValueError for what is no figure."""
        return {c.place: annual_two.read(self.figure(c.place).data or "", c.column.kind) for c in self.table}


def two_form(edition: str, standing: Amounts | None = None) -> TwoForm:
    """The form of an edition: with the figures that stand, or with what was sent where none are given."""
    table = tuple(cells(edition))
    fields: dict[str, Any] = {
        c.place.replace(".", "_"): StringField(c.label, [_Figure(c.column.kind)], filters=[forms.strip])
        for c in table
    }
    made = type("EditionForm", (TwoForm,), fields | {"table": table})
    if standing is None:
        found: TwoForm = made(request.form)
        return found
    return made(formdata=None, data={p.replace(".", "_"): annual_two.written(a) for p, a in standing.items()})  # type: ignore[no-any-return]
