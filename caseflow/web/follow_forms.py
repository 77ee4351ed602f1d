"""The forms of the counter's pages on a request: number and code, what is corrected, withdrawn, changed."""

from __future__ import annotations

from wtforms import MultipleFileField

from ..files.types import ENDINGS, LARGEST
from ..stages.contact import CONTACT
from ..stages.papers import Upload
from . import forms
from .forms import Form

MEGABYTE = 2**20


class EnterForm(Form):
    """Number and code."""

    number = forms.text("查询号", "number", "填写查询号", description="12 位数字，在登记回执上")
    code = forms.text("查询码", "number", "填写查询码", description="12 位字母和数字，提交申请时给的")


class CorrectForm(Form):
    """补正."""

    text = forms.area(
        "补正的内容", "note", description="按告知书上写的，补充名称、文号、年份或者其他便于查询的特征"
    )
    files = MultipleFileField("附件", description=f"每个不超过 {LARGEST // MEGABYTE} MB；只收 {ENDINGS}")

    def uploads(self) -> list[Upload]:
        """What was sent; a field left empty sends one file without a name."""
        return [Upload(f.filename, f.stream) for f in self.files.data or () if getattr(f, "filename", "")]


class WithdrawForm(Form):
    """撤回."""

    note = forms.area("说明", "note", description="可以不写")


class ContactForm(Form):
    """变更联系方式."""

    contact_person = forms.text("联系人", "contact_person")
    phone = forms.text("联系电话", "phone")
    address = forms.text("通信地址", "address")
    email = forms.text("电子邮箱", "email")

    def contact(self) -> dict[str, str]:
        """All of it, by field."""
        return {name: self[name].data or "" for name in CONTACT}
