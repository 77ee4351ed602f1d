"""The public's form of art. 29: typed on one page, carried by the next, where it is looked over and sent."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wtforms import BooleanField, HiddenField, MultipleFileField

from ..counter import applications
from ..counter.applications import Asked, Wanted
from ..counter.organs import Organs
from ..files.types import ENDINGS
from ..law.applicants import CLASSES
from ..models import Office
from ..stages.errors import Refused
from ..stages.papers import Upload
from ..stages.register import Application
from . import forms
from .register_form import CERTIFICATES, FORMS, KEY_LENGTH, OBTAIN_BY

UNSURE = "-"  # no organ's code: of several, the applicant knows none
INDENT = "　"
PUBLIC_CLASSES = CLASSES | {
    "natural_person": "公民"
}  # as art. 27 calls them; the others are 法人或者其他组织
SENTENCE = "写明申请公开的信息：名称、文号或者便于查询的特征，至少写一样"


def _same(words: Iterable[str]) -> list[tuple[str, str]]:
    return [(word, word) for word in words]


class ApplyForm(forms.Form):
    """What is typed."""

    key = HiddenField()  # of this page: sent twice, it is taken in once
    office = forms.select("向哪个机关申请", (), "选择机关；不知道归哪个机关的，选“不确定”", blank="选择机关")
    applicant_class = forms.segments("申请人", PUBLIC_CLASSES, "选择申请人类型")
    name = forms.text("姓名或者名称", "name", "写明姓名或者名称")
    contact_person = forms.text("联系人", "contact_person")
    agent = forms.text("代理人", "agent")
    certificate_type = forms.select("证件", _same(CERTIFICATES), blank="未提供")
    certificate_number = forms.text("证件号码", "certificate_number")
    phone = forms.text("联系电话", "phone")
    email = forms.text("电子邮箱", "email")
    address = forms.text("通信地址", "address")

    title = forms.text("名称", "title")
    document_no = forms.text("文号", "document_no")
    content = forms.area("其他特征描述", "content")
    obtain_by = forms.select("获取方式", _same(OBTAIN_BY), "选择怎样获取信息", blank="选择获取方式")
    form = forms.select("提供形式", _same(FORMS), "选择信息的形式", blank="选择提供形式")
    electronic = BooleanField("同意电子送达")
    notify = BooleanField("有进展时发电子邮件告诉我")

    def choose_from(self, organs: Organs) -> None:
        """The organs in the order of their tree; where there is one, it is chosen."""
        listed = [(one.office.code, INDENT * one.depth + one.office.name) for one in organs.opened]
        if organs.head:
            listed.append((UNSURE, f"不确定：由{organs.head.name}先收下"))
        self.office.choices = forms.choices(listed, blank="选择机关" if len(listed) > 1 else "")
        if len(listed) == 1 and not self.office.data:
            self.office.data = listed[0][0]
        self.closed = {office.code: office.name for office in organs.closed}

    def organ(self, organs: Organs) -> Office | None:
        """The one that was chosen; None before."""
        return organs.head if self.office.data == UNSURE else organs.named(self.office.data or "")

    def asked(self) -> Asked:
        """What it says, files apart. Who is asked for is no contact person of themselves."""
        names = ("name", "agent", "certificate_type", "certificate_number", "phone", "email", "address")
        person = self.applicant_class.data == "natural_person"
        return Asked(
            Application(
                applicant_class=self.applicant_class.data or "",
                content=self.wanted(),
                contact_person="" if person else self.contact_person.data or "",
                obtain_by=self.obtain_by.data or "",
                form=self.form.data or "",
                **{name: self[name].data or "" for name in names},
            ),
            bool(self.electronic.data),
            bool(self.notify.data),
        )

    def wanted(self) -> str:
        """What is wanted, as one text."""
        return Wanted(*(self[name].data or "" for name in ("title", "document_no", "content"))).content()

    def seems_several(self) -> bool:
        """Whether what is wanted looks like more than one request."""
        return any(applications.seems_several(self[name].data or "") for name in ("title", "content"))

    def page_key(self) -> str | None:
        """The key of this page; None where there is none to go by."""
        key = self.key.data or ""
        return key if len(key) == KEY_LENGTH and key.isalnum() else None

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field by itself, then what they say together; each sentence at its field."""
        right = bool(super().validate(extra_validators))
        if name := self.closed.get(self.office.data or ""):
            self.office.errors = [f"{name}的网上窗口现在关闭，改选别的机关，或者用信函、当面等方式向它提出"]
        found = applications.faults(self.asked())
        if not self.wanted() and not self.content.errors:
            found["content"] = SENTENCE
        for field, why in found.items():
            if not self[field].errors:
                self.refuse(Refused(why, field))
        return right and not found

    def carried(self) -> Iterator[tuple[str, str]]:
        """What the next page holds unseen, by field."""
        for field in self:
            if field.type == "BooleanField":
                yield from [(field.name, "y")] if field.data else ()
            elif field.type not in ("CSRFTokenField", "MultipleFileField"):
                yield field.name, field.data or ""

    def told(self, organ: Office | None) -> Iterator[tuple[str, Mapping[str, str]]]:
        """All that was typed, for whoever looks it over, in the parts and the words of the form."""
        yield "向谁申请", {"机关": organ.name if organ else ""}
        who = {"类型": PUBLIC_CLASSES.get(self.applicant_class.data or "", "")}
        yield "申请人", who | self._answers(*WHO)
        yield "申请公开的信息", self._answers("title", "document_no", "content", "obtain_by", "form")
        agreed = {
            "电子送达": "同意" if self.electronic.data else "不同意",
            "电子邮件提醒": "要" if self.notify.data else "不要",
        }
        yield "送达", agreed

    def _answers(self, *names: str) -> dict[str, str]:
        person = self.applicant_class.data == "natural_person"
        shown = [name for name in names if not (person and name == "contact_person")]
        return {self[name].label.text: self[name].data or "" for name in shown}


WHO = (
    "name", "contact_person", "agent", "certificate_type", "certificate_number", "phone", "email", "address",
)  # fmt: skip


class SendForm(ApplyForm):
    """The same on the page where it is looked over, with the files."""

    identity = MultipleFileField(
        "身份证明", description="证件的照片、扫描件或者 PDF，正反面都要；办理本申请以外不作他用"
    )
    attachments = MultipleFileField("其他材料", description=f"委托书、有关的文件等；只收 {ENDINGS}")

    def sent(self) -> Asked:
        """What it says, with its files; a field left empty sends one file without a name."""
        said = self.asked()
        return Asked(
            said.application,
            said.electronic,
            said.notify,
            _uploads(self.identity),
            _uploads(self.attachments),
        )


def _uploads(field: MultipleFileField) -> list[Upload]:
    return [Upload(f.filename, f.stream) for f in field.data or () if getattr(f, "filename", "")]


def blank(organs: Organs, code: str = "") -> ApplyForm:
    """An empty form, to the organ of a code if that one is open."""
    form = ApplyForm(formdata=None)
    form.key.data = secrets.token_hex(KEY_LENGTH // 2)
    form.choose_from(organs)
    if organs.named(code):
        form.office.data = code
    return form
