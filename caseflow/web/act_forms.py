"""A form for each kind of act: what it asks."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import BooleanField, HiddenField
from wtforms.validators import DataRequired, NumberRange, StopValidation, ValidationError

from ..law import fees
from ..law.facts import EXTENSION_DAYS
from ..law.outcomes import OUTCOMES
from ..law.words import month_day
from ..reports import applicants
from ..reports.casefolder import Folder
from ..stages import handle, proceedings, reply
from ..stages.errors import Refused
from . import forms

Clerks = list[tuple[str, str]]

# What a reply can say; the outcomes that close a case without one are no choice.
RESULTS = [(o.code, o.label) for o in OUTCOMES if not o.closes_without_reply]


class ActForm(forms.Form):
    """What every act carries: the number of the last event this person saw."""

    seen = HiddenField()

    def prepare(self, folder: Folder, clerks: Clerks, today: date) -> None:
        """Fill choices and first values from the case."""

    def untouched(self) -> bool:
        """Whether nothing was filled in yet, by sending it or by asking what it would do."""
        return self.seen.raw_data is None

    def fields(self) -> list[tuple[Any, bool]]:
        """The fields to be shown, and whether each may stay empty."""
        shown = [f for f in self if f.short_name not in {"seen", "csrf_token"}]
        return [(f, forms.may_stay_empty(f)) for f in shown]

    def last_seen(self) -> int:
        """The event number; 0 where it was tampered with, so that the act is refused as changed."""
        return forms.event_number(self.seen)


class OnDay(ActForm):
    """An act that happened on a day."""

    on = forms.day("日期", "填写日期")
    default_today = True

    def prepare(self, folder: Folder, clerks: Clerks, today: date) -> None:
        """Today, unless something was typed."""
        if self.default_today and self.untouched():
            self.on.data = today


class Plain(ActForm):
    """An act with a remark at most."""

    note = forms.area("说明", "note")


class Reasoned(ActForm):
    """An act that needs its reason."""

    note = forms.area("理由", "note", "写明理由")


class DayAndNote(OnDay):
    """A day and a remark."""

    note = forms.area("说明", "note")


class DayAndReason(OnDay):
    """A day and a reason."""

    note = forms.area("理由", "note", "写明理由")


PARTIES = {"third_party": "第三方", "joint_organ": "共同制作机关"}
INTERNAL = "给承办科室的日期，不晚于到期日；不定的留空"


class Accept(OnDay):
    """受理, with the clerk who gets it."""

    handler_id = forms.select("分办给", [], "选择经办人", blank="选择经办人")
    internal_until = forms.day("内部期限", "", description=INTERNAL)

    def prepare(self, folder: Folder, clerks: Clerks, today: date) -> None:
        """The clerks of the office."""
        super().prepare(folder, clerks, today)
        self.handler_id.choices = forms.choices(clerks, "选择经办人")


class Assign(ActForm):
    """改派."""

    handler_id = forms.select("改派给", [], "选择经办人")
    internal_until = forms.day("内部期限", "", description=INTERNAL)
    note = forms.area("说明", "note")

    def prepare(self, folder: Folder, clerks: Clerks, today: date) -> None:
        """The other clerks of the office."""
        others = [c for c in clerks if c[0] != str(folder.file.handler_id)]
        self.handler_id.choices = forms.choices(others, "选择经办人")


class RequestCorrection(OnDay):
    """告知补正."""

    until = forms.day("补正期限", "填写补正期限：申请人最晚哪一天交来补正")
    note = forms.area("需要补正的事项", "note", "写明需要补正的事项：一次性告知")


class AskReasons(OnDay):
    """要求说明理由."""

    until = forms.day("说明期限", "填写说明期限：申请人最晚哪一天说明")
    note = forms.area("要求说明的事项", "note", "写明要求说明什么")


class Defer(ActForm):
    """延迟答复."""

    until = forms.day(
        "延迟答复至", "填写延迟到哪一天答复", description="今天告知申请人；到这一天发出仍为按时"
    )
    note = forms.area("理由", "note", "写明延迟答复的理由")


class Charged(DataRequired):
    """Needed where this tariff is chosen; the other's figure may stay empty."""

    def __init__(self, tariff: str, message: str) -> None:
        super().__init__(message)
        self.tariff = tariff

    def __call__(self, form: Any, field: Any) -> None:
        """Raises ValidationError for a figure below 1, StopValidation where none is asked for."""
        if form.tariff.data != self.tariff:
            field.errors = []
            raise StopValidation()
        if not field.errors and (field.data is None or field.data < 1):
            raise ValidationError(self.message)


class FeeNotice(OnDay):
    """收费通知."""

    tariff = forms.segments("计收方式", fees.TARIFFS, "选择按件或者按量计收", default="pieces")
    nth = forms.WholeField("本月第几件", validators=[Charged("pieces", "填写这是该申请人本月的第几件")])
    pages = forms.WholeField(
        "页数", validators=[Charged("pages", "填写本件的页数")], description="按量计收的填写，A4 单面"
    )
    told = forms.day("申请人收到通知之日", "", description="还不知道的留空，按通知之日起算 20 个工作日")
    note = forms.area("说明", "note", description="依据、标准、缴纳方式")

    def prepare(self, folder: Folder, clerks: Clerks, today: date) -> None:
        """This request's place among those of the applicant in its month."""
        super().prepare(folder, clerks, today)
        nth, month = applicants.place_in_month(folder.case)
        self.nth.description = (
            f"按件计收的填写。本机关记录中，该申请人 {month.year}年{month.month}月 的第 {nth} 件"
        )
        if self.untouched():
            self.nth.data = nth

    def count(self) -> int | None:
        """The figure of the tariff chosen."""
        chosen = self.nth if self.tariff.data == "pieces" else self.pages
        return chosen.data

    def refuse(self, refused: Refused) -> None:
        """The figure refused is that of the tariff chosen."""
        chosen = "nth" if self.tariff.data == "pieces" else "pages"
        super().refuse(Refused(refused.reason, chosen) if refused.field == "count" else refused)


class Consult(OnDay):
    """征求第三方意见、征求共同制作机关意见."""

    party = forms.text("向谁征求", "party", "写明对方的姓名或者名称")
    delivered = forms.day(
        "对方收到的日期", "", description="还不知道的留空，以后登记；15 个工作日从收到之日起算"
    )
    note = forms.area("征求的内容", "note", "写明征求哪些信息的意见")


class WhichConsultation(OnDay):
    """One of several consultations."""

    n = forms.select("哪一次征求", [], "选择哪一次征求")

    def prepare(self, folder: Folder, clerks: Clerks, today: date) -> None:
        """Those without an opinion, the first of them chosen."""
        super().prepare(folder, clerks, today)
        waiting = folder.file.open_consultations
        self.n.choices = forms.choices(
            (str(n), f"第 {n} 次，{month_day(c.sent, today)} 向{PARTIES[c.party]}发出") for n, c in waiting
        )
        if waiting and self.untouched():
            self.n.data = str(waiting[0][0])


class Opinion(WhichConsultation):
    """登记意见."""

    opinion = forms.segments("意见", handle.OPINIONS, "选择意见")
    delivered = forms.day("对方收到的日期", "", description="前面已经登记的不用再填")
    note = forms.area("意见摘要", "note")


class Extension(ActForm):
    """So many more working days."""

    days = forms.WholeField(
        "延期（工作日）",
        validators=[
            DataRequired("填写 1 到 20 的整数"),
            NumberRange(1, EXTENSION_DAYS, "延期为 1 到 20 个工作日（第三十三条）"),
        ],
    )
    note = forms.area("理由", "note", "写明延期的理由")


class ApproveExtension(Extension):
    """批准延期."""

    told = forms.day("告知申请人的日期", "填写告知申请人的日期", description="要在到期日以前（含当日）告知")
    note = forms.area("说明", "note")

    def prepare(self, folder: Folder, clerks: Clerks, today: date) -> None:
        """As asked for, told today."""
        if self.untouched():
            self.days.data, self.told.data = folder.file.extension_asked, today


class Draft(ActForm):
    """拟答复."""

    result = forms.select("办理结果", RESULTS, "选择办理结果", blank="选择办理结果")
    reply_no = forms.text("答复文号", "reply_no")
    note = forms.area("依据和理由", "note", "写明依据和理由：公开什么、不公开什么、为什么")


class Send(OnDay):
    """发出答复."""

    how = forms.segments("怎么发出的", reply.SENT_BY, "选择发出的方式")
    proof = forms.text("凭据", "proof", description="EMS 单号、签收人、邮件编号")
    reply_no = forms.text("答复文号", "reply_no", description="拟答复时写过的留空")


class Deliver(OnDay):
    """登记送达."""

    proof = forms.text("凭据", "proof", description="签收、回执")


class OpenProceeding(OnDay):
    """登记复议、诉讼."""

    default_today = False
    kind = forms.segments("类型", proceedings.KINDS, "选择行政复议或者行政诉讼")
    after_reconsideration = BooleanField("经过复议后起诉")
    note = forms.area("说明", "note", description="案号、受理机关或者法院")


class CloseProceeding(OnDay):
    """登记审结."""

    n = forms.select("哪一件", [], "选择哪一件")
    result = forms.segments("审结结果", proceedings.RESULTS, "选择审结结果")
    note = forms.area("说明", "note")

    def prepare(self, folder: Folder, clerks: Clerks, today: date) -> None:
        """Those still pending."""
        super().prepare(folder, clerks, today)
        self.n.choices = forms.choices(
            (str(p.n), f"第 {p.n} 件 {proceedings.KINDS[p.kind]}，{month_day(p.opened, today)} 提起")
            for p in folder.file.proceedings
            if p.closed is None
        )
