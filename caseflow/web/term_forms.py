"""The forms of the acts that move a term: correction, reasons, fee, consultation, extension."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms.validators import DataRequired, NumberRange, StopValidation, ValidationError

from ..law import fees
from ..law.conditions import last_notice_day
from ..law.facts import CORRECTION_NOTICE_DAYS, EXTENSION_DAYS, Party
from ..law.words import month_day, with_weekday
from ..reports import applicants
from ..reports.casefolder import Folder
from ..stages import handle
from ..stages.errors import Refused
from . import forms
from .act_forms import ActForm, Clerks, OnDay

PARTIES: dict[Party, str] = {"third_party": "第三方", "joint_organ": "共同制作机关"}


class WhenLate(DataRequired):
    """Needed where the day of the notice is after the last day for it."""

    def __call__(self, form: Any, field: Any) -> None:
        """Raises StopValidation with the message, or without one where nothing is asked for."""
        if form.last_day and form.on.data and form.on.data > form.last_day:
            super().__call__(form, field)
        else:
            field.errors = []


class RequestCorrection(OnDay):
    """告知补正; after the 7 working days with the reason for the delay."""

    until = forms.day("补正期限", "填写补正期限：申请人最晚哪一天交来补正")
    note = forms.area("需要补正的事项", "note", "写明需要补正的事项：一次性告知")
    delay = forms.area("迟延的理由", "note", also=[WhenLate("写明迟延告知的理由")])
    last_day: date | None = None

    def prepare(self, folder: Folder, clerks: Clerks, today: date) -> None:
        """The reason for the delay is asked only once the last day for the notice has passed."""
        super().prepare(folder, clerks, today)
        self.last_day = last_notice_day(folder.file, folder.calendar)
        if self.last_day is None or today <= self.last_day:
            del self.delay
            return
        self.delay.description = (
            f"{CORRECTION_NOTICE_DAYS} 个工作日的最后一天是 {with_weekday(self.last_day, today)}，"
            "在这以后告知的，写明为什么；期限重新计算不一定成立"
        )

    def is_late(self) -> bool:
        """Whether the day of the notice typed is after the last day for it."""
        return bool(self.last_day and self.on.data and self.on.data > self.last_day)

    def reason(self) -> str:
        """The reason for the delay, "" where none is asked for."""
        return self.delay.data or "" if self.delay else ""


class AskReasons(OnDay):
    """要求说明理由."""

    until = forms.day("说明期限", "填写说明期限：申请人最晚哪一天说明")
    note = forms.area("要求说明的事项", "note", "写明要求说明什么")


class Defer(ActForm):
    """延迟答复."""

    until = forms.day(
        "延迟答复至",
        "填写延迟到哪一天答复",
        description="定在工作日，今天告知申请人；到这一天发出仍为按时",
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

    tariff = forms.segments("计收方式", fees.TARIFFS, "选择按件或者按量计收")
    nth = forms.WholeField("本月第几件", validators=[Charged("pieces", "填写这是该申请人本月的第几件")])
    pages = forms.WholeField("页数", validators=[Charged("pages", "填写本件的页数")])
    told = forms.day(
        "申请人收到通知之日", "", description="还不知道的留空，以后登记；20 个工作日从收到之日起算"
    )
    note = forms.area("说明", "note", description="依据、标准、缴纳方式")
    recorded = 0  # the place in the month by this office's own record

    def prepare(self, folder: Folder, clerks: Clerks, today: date) -> None:
        """This request's place among those of the applicant in its month; by pages where that one is free."""
        super().prepare(folder, clerks, today)
        self.recorded, month = applicants.place_in_month(folder.case)
        whose = f"本机关记录中，该申请人 {month.year}年{month.month}月 的第 {self.recorded} 件"
        self.nth.description = f"{fees.tariff_words('pieces')}。{whose}"
        self.pages.description = f"A4 单面，{fees.tariff_words('pages')}"
        if self.untouched():
            self.nth.data = self.recorded
            self.tariff.data = "pieces" if fees.piece_price(self.recorded) else "pages"

    def beside(self, field: Any) -> list[tuple[str, Any]]:
        """The figure of each tariff stands with it."""
        return [("pieces", self.nth), ("pages", self.pages)] if field is self.tariff else []

    def validate(self, extra_validators: Any = None) -> bool:
        """Another place in the month than the record's may be right, by that of other channels: say which."""
        fits: bool = super().validate(extra_validators)
        if (odd := self.at_odds()) and not self.note.data:
            self.note.errors = [*self.note.errors, f"{odd}：写明根据哪里的记录"]
            return False
        return fits

    def at_odds(self) -> str:
        """How the place in the month differs from this office's own record; "" where it doesn't."""
        if self.tariff.data != "pieces" or self.nth.data in (None, self.recorded):
            return ""
        return f"填的是第 {self.nth.data} 件，本机关记录中是第 {self.recorded} 件"

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


class UnlessKnown(DataRequired):
    """Needed for a consultation whose delivery has not been recorded."""

    def __call__(self, form: Any, field: Any) -> None:
        """Raises StopValidation with the message where it is needed and missing."""
        if form.n.data in form.undelivered and not field.process_errors:
            super().__call__(form, field)


class Opinion(WhichConsultation):
    """登记意见."""

    opinion = forms.segments("意见", handle.OPINIONS, "选择意见")
    delivered = forms.day("对方收到的日期", also=[UnlessKnown(handle.WHEN_DELIVERED)])
    note = forms.area("意见摘要", "note")
    undelivered: frozenset[str] = frozenset()

    def prepare(self, folder: Folder, clerks: Clerks, today: date) -> None:
        """Which of them still lack the day on which the other had the letter."""
        super().prepare(folder, clerks, today)
        waiting = folder.file.open_consultations
        self.undelivered = frozenset(str(n) for n, c in waiting if c.delivered is None)
        known = [
            f"第 {n} 次 {with_weekday(c.delivered, today)} 收到，已经登记" for n, c in waiting if c.delivered
        ]
        missing = [f"第 {n} 次还没有登记，要填" for n, c in waiting if c.delivered is None]
        self.delivered.description = "；".join([*known, *missing])

    def fields(self) -> list[tuple[Any, bool]]:
        """The day of delivery may stay empty only where it is known of the consultation chosen."""
        known = self.n.data not in self.undelivered
        return [(f, known if f is self.delivered else optional) for f, optional in super().fields()]


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
