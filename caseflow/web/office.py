"""机关: what the letters of this office say of it, set by its administrator and shown as they would say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from wtforms import BooleanField, Field, StringField
from wtforms.validators import ValidationError

from .. import moment
from ..law.letters import BY_CODE, number
from ..law.remedies import Where, remedies
from ..letters.sample import PAPER
from ..stages import letterhead, offices, people, policy
from ..stages.errors import Refused
from ..stages.letterhead import DATA, Datum
from ..upkeep import retention
from . import access, again
from .access import allow
from .forms import Form

bp = Blueprint("office", __name__, url_prefix="/admin/office")

COUNTING = "counting"  # before the names of the second form's fields
COUNTER = "counter"  # before those of the third
SHOWN = "reply_granted"  # the letter whose number stands as the sample
REMEDIES = (("不予公开的", "refused_state_secret"), ("其他答复", "granted"))


class OfficeForm(Form):
    """A field for each of letterhead.DATA."""

    def texts(self) -> dict[str, str]:
        """What was typed."""
        return {datum.name: self[datum.name].data or "" for datum in DATA}


class CountingForm(Form):
    """How re-replies count."""

    counts_redone = BooleanField("重新答复的再计入年报表")


def _field(datum: Datum) -> StringField:
    def check(form: Form, field: Field) -> None:
        if why := letterhead.fault_of(datum, field.data):
            raise ValidationError(why)

    return StringField(datum.label, validators=[check], filters=[letterhead.one_line], description=datum.hint)


for _datum in DATA:
    setattr(OfficeForm, _datum.name, _field(_datum))


class CounterForm(Form):
    """公众窗口."""

    counter_open = BooleanField("开放网上申请")


@dataclass(frozen=True)
class Sample:
    """How letters would read with what is typed; what they can't do without it."""

    number: str  # "" while there is no 机关代字
    remedies: list[tuple[str, str]]  # for which decisions -> the paragraph
    lacking: list[Datum]


@bp.get("")
@allow("admin")
def page() -> Any:
    """The data as they stand."""
    return _page(OfficeForm(formdata=None, data=letterhead.data_of(access.me().office)))


def _again() -> str:
    return _page(OfficeForm())


@bp.post("")
@allow("admin")
@again.kept(_again)
def save() -> Any:
    """Write them, or only show how letters would read."""
    form = OfficeForm()
    valid = form.validate()
    if "again" in request.form:
        return _page(form)
    if not valid:
        return _page(form), 422
    try:
        letterhead.set_data(access.me().office_id, form.texts())
    except Refused as refused:
        form.refuse(refused)
        return _page(form), 422
    flash("本机关的资料已经保存，以后出具的文书按它写")
    return redirect(url_for("office.page"))


@bp.post("/preview")
@allow("admin")
def preview() -> Any:
    """The side panel alone, for the script."""
    return render_template("admin/_office_sample.html", sample=_sample(OfficeForm().texts()))


@bp.post("/counting")
@allow("admin")
def counting() -> Any:
    """Set whether re-replies count again."""
    counts = bool(CountingForm(prefix=COUNTING).counts_redone.data)
    offices.set_counts_redone(access.me().office_id, counts)
    flash(f"以后立的重新答复{'再计入一次' if counts else '不再计入'}年报表，已经立的不变")
    return redirect(url_for("office.page"))


@bp.post("/counter")
@allow("admin")
def counter() -> Any:
    """Open the public's counter to applications, or close it."""
    is_open = bool(CounterForm(prefix=COUNTER).counter_open.data)
    offices.set_counter_open(access.me().office_id, is_open)
    flash("网上申请已经开放" if is_open else "网上申请已经关闭，公众窗口改为显示本机关的地址和其他申请渠道")
    return redirect(url_for("office.page"))


def _page(form: OfficeForm) -> str:
    kept = {"counts_redone": access.me().office.counts_redone}
    counting_form = CountingForm(formdata=None, data=kept, prefix=COUNTING)
    return render_template(
        "admin/office.html",
        form=form,
        data=DATA,
        sample=_sample(form.texts()),
        counting=counting_form,
        counter=CounterForm(
            formdata=None, data={"counter_open": access.me().office.counter_open}, prefix=COUNTER
        ),
        past_retention=retention.count(access.me().office, access.today()),
        kept_out=[
            ("其他" if row.part == policy.OTHER else row.part, row.count, moment.local(row.last_at).date())
            for row in policy.counted()
        ],
        lacks_keeper=not people.has_keeper(access.me().office_id),
    )


def _sample(typed: Mapping[str, str]) -> Sample:
    """What can't stand is left out, as if it were not there."""
    texts = {d.name: "" if letterhead.fault_of(d, typed[d.name]) else typed[d.name] for d in DATA}
    word = texts["letter_word"]
    return Sample(
        number(word, BY_CODE[SHOWN], access.today().year, 1) if word else "",
        _remedies(Where(texts["reconsideration_organ"], texts["court"], texts["review_channel"])),
        letterhead.lacking(texts),
    )


def _remedies(where: Where) -> list[tuple[str, str]]:
    if not where.organ or not where.court:
        return []
    told = {label: remedies(result, access.today(), where, paper=PAPER) for label, result in REMEDIES}
    if where.channel:
        label, result = REMEDIES[-1]
        online = remedies(result, access.today(), where, online=True, paper=PAPER)
        told["经互联网送达的再加"] = online.removeprefix(told[label])
    return list(told.items())
