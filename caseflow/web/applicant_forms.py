"""Forms of acts between the office and the applicant: receipt confirmed, another way to be reached."""

from __future__ import annotations

from datetime import date

from ..law.applicants import masked
from ..law.receipt import CONFIRMED_BY
from ..reports.casefolder import Folder
from ..stages.contact import CONTACT
from . import forms
from .act_forms import ActForm, Clerks, DayAndNote


class ConfirmReceipt(DayAndNote):
    """确认收到, and how."""

    how = forms.segments("怎样确认的", CONFIRMED_BY)
    note = forms.area("说明", "note", description="与谁、用哪个号码联系的")


class ContactFields(forms.Form):
    """Where an applicant is reached: asked alike at the desk and at the counter."""

    contact_person = forms.text("联系人", "contact_person")
    phone = forms.text("联系电话", "phone")
    address = forms.text("通信地址", "address")
    email = forms.text("电子邮箱", "email")

    def fill(self, folder: Folder) -> None:
        """What is known now, the telephone masked: left so, it stays."""
        form = folder.case.particulars
        if form is not None:
            for name in CONTACT:
                self[name].data = getattr(form, name, "")
            self.phone.data = masked(getattr(form.identity, "phone", ""))

    def contact(self) -> dict[str, str]:
        """All of it, by field."""
        return {name: self[name].data or "" for name in CONTACT}


class ChangeContact(ContactFields, ActForm):
    """变更联系方式, as somebody at the desk was told."""

    note = forms.area("说明", "note", description="申请人什么时候、怎样提出的")

    def prepare(self, folder: Folder, clerks: Clerks, today: date) -> None:
        """As it stands, unless something was typed."""
        if self.untouched():
            self.fill(folder)
