"""The form of art. 29, and what it becomes; also used to correct it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, FieldList, HiddenField

from ..law.applicants import CLASSES, masked
from ..law.receipt import CHANNELS, MAILS
from ..models import Case
from ..stages import record
from ..stages.checks import day_of
from ..stages.register import Application, Arrival
from . import forms

CERTIFICATES = (
    "居民身份证",
    "统一社会信用代码证",
    "护照",
    "港澳居民来往内地通行证",
    "台湾居民来往大陆通行证",
    "律师执业证",
    "其他",
)
OBTAIN_BY = ("邮寄", "当面领取", "电子邮件", "网上获取", "传真", "现场查阅")
FORMS = ("纸质", "电子文本", "光盘", "其他")
KEY_LENGTH = 32
MOST_MATTERS = 3  # further requests split from one form


def _same(words: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(word, word) for word in words]


class RegisterForm(forms.Form):
    """登记: how it came, who asks, what is wanted."""

    key = HiddenField()  # of this page: sent twice, it registers once
    channel = forms.segments("怎么收到的", CHANNELS, "选择受理方式")
    mail = forms.segments("信件", MAILS)
    # each channel asks for its own days; the field names say whose they are
    letter_submitted = forms.day("提交日", "")
    arrived = forms.day("签收日", "")
    letter_confirmed = forms.day("双方确认日", "")
    online_submitted = forms.day("提交日", "")
    online_confirmed = forms.day("双方确认日", "")
    in_person_submitted = forms.day("提交日", "")
    oral = BooleanField("口头提出，由经办人代填")
    fax_submitted = forms.day("提交日", "")
    fax_confirmed = forms.day("双方确认日", "")
    other_submitted = forms.day("提交日", "")
    other_confirmed = forms.day("双方确认日", "")

    applicant_class = forms.segments("类型", CLASSES, "选择申请人类型")
    name = forms.text("姓名或者名称", "name", "写明申请人的姓名或者名称")
    contact_person = forms.text("联系人", "contact_person")
    certificate_type = forms.select("证件", _same(CERTIFICATES), blank="未提供")
    certificate_number = forms.text("证件号码", "certificate_number")
    phone = forms.text("联系电话", "phone")
    email = forms.text("电子邮箱", "email")
    address = forms.text("通信地址", "address")
    agent = forms.text("代理人", "agent")
    co_applicants = forms.text("共同申请人", "co_applicants")

    content = forms.area("申请公开的信息", "content", "写明申请公开的信息：名称、文号或者便于查询的特征")
    matters = FieldList(forms.area("另一件", "content"), min_entries=MOST_MATTERS, max_entries=MOST_MATTERS)
    obtain_by = forms.select("获取方式", _same(OBTAIN_BY), blank="没有写明")
    form = forms.select("提供形式", _same(FORMS), blank="没有写明")
    remark = forms.area("备注", "remark")
    taken = HiddenField()  # the case whose telephone stands here masked
    stranger = HiddenField()  # the applicant who is said not to be the one seen before

    def arrival(self) -> Arrival:
        """How it came, from the days of the chosen channel only."""
        channel = self.channel.data if self.channel.data in CHANNELS else "in_person"
        mail = self.mail.data if self.mail.data in MAILS else "signed"
        days = {name: getattr(self, f"{channel}_{name}", None) for name in ("submitted", "confirmed")}
        if channel == "letter":
            days["arrived"] = self.arrived
            days["confirmed"] = self.letter_confirmed if mail == "ordinary" else None
        return Arrival(
            channel,
            mail if channel == "letter" else "",
            oral=bool(self.oral.data) and channel == "in_person",
            **{name: field.data for name, field in days.items() if field is not None},
        )

    def application(self) -> Application:
        """What it says."""
        return Application(
            applicant_class=self.applicant_class.data or "",
            **{name: getattr(self, name).data or "" for name in (*record.PARTICULARS, *record.IDENTITY)},
        )

    def who(self) -> str:
        """Name and certificate as typed: whom an offer is about."""
        return f"{(self.name.data or '').strip()} {(self.certificate_number.data or '').strip()}"

    def take_contact(self, contact: dict[str, str], case_id: int) -> None:
        """Fill in what is still empty, the telephone masked; what was typed stays."""
        if not self.phone.data:
            self.taken.data = str(case_id)
        for name, value in (contact | {"phone": masked(contact["phone"])}).items():
            field = getattr(self, name)
            field.data = field.data or value

    def page_key(self) -> str | None:
        """The key of this page; None where there is none to go by."""
        key = self.key.data or ""
        return key if len(key) == KEY_LENGTH and key.isalnum() else None

    def further(self) -> list[str]:
        """Other matters on the same form, each to be its own case (一事一申请)."""
        return [matter for matter in self.matters.data if matter]

    def field_of(self, name: str) -> str:
        """Where a refusal about a day belongs: the field of the chosen channel."""
        own = f"{self.channel.data}_{name}"
        return own if hasattr(self, own) else name

    def validate(self, extra_validators: Any = None) -> bool:
        """Days of a channel that isn't chosen don't count, however they were typed."""
        chosen = f"{self.channel.data}_"
        unseen = {"arrived"} if chosen != "letter_" else set()
        if self.mail.data != "ordinary":
            unseen.add("letter_confirmed")  # what is signed for needs no confirmation (art. 31)
        for field in self:
            name = field.short_name
            foreign = name.rsplit("_", 1)[0] in CHANNELS and not name.startswith(chosen)
            if foreign or name in unseen:
                field.process_errors, field.data = [], None
        return bool(super().validate(extra_validators))


def blank(today: Any) -> RegisterForm:
    """An empty form: handed in today by a natural person, as most are at the counter."""
    form = RegisterForm(channel="in_person", applicant_class="natural_person", mail="signed")
    form.in_person_submitted.data = today
    form.key.data = secrets.token_hex(16)
    return form


def values_of(case: Case, register: Mapping[str, Any]) -> dict[str, Any]:
    """The form as it stands, for a correction. ``register`` is the register event's details."""
    days = {k: register.get(k) for k in ("submitted", "arrived", "confirmed")}
    channel = register["channel"]
    values: dict[str, Any] = {"channel": channel, "mail": register.get("mail") or "signed"}
    values |= {"applicant_class": case.applicant_class, "oral": bool(register.get("oral"))}
    values |= {f"{channel}_{k}": day_of(v) for k, v in days.items() if v}
    values["arrived"] = day_of(days["arrived"]) if days["arrived"] else None
    form = case.particulars
    if form:
        values |= {name: getattr(form, name) for name in record.PARTICULARS}
        values |= {name: masked(getattr(form.identity, name, "")) for name in record.IDENTITY}
    return values
