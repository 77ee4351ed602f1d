"""A form for each kind of act: what it asks. Those that move a term stand in ``term_forms``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from wtforms import BooleanField, HiddenField
from wtforms.fields.choices import SelectChoice

from ..law.casefile import Proceeding
from ..law.outcomes import OUTCOMES
from ..law.secrecy import CONCLUSIONS
from ..law.supervision import CAUSES, LONGEST_WATCH, MEASURES
from ..law.words import month_day
from ..reports import offices
from ..reports.casefolder import Folder
from ..stages import proceedings, reply
from ..stages.secrecy import Reviewed
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
        """The fields to be shown by themselves, and whether each may stay empty."""
        elsewhere = {"seen", "csrf_token"} | {own.short_name for f in self for _, own in self.beside(f)}
        elsewhere |= {own.short_name for f in self for own in self.in_line(f)}
        shown = [f for f in self if f.short_name not in elsewhere]
        return [(f, forms.may_stay_empty(f)) for f in shown]

    def beside(self, field: Any) -> list[tuple[str, Any]]:
        """What belongs to one choice of ``field`` only, by that choice; it stands there and nowhere else."""
        return []

    def in_line(self, field: Any) -> list[Any]:
        """What is filled in together with ``field``, in one line with it and nowhere else."""
        return []

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


INTERNAL = "给承办科室的日期，工作日，不晚于到期日；不定的留空"


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


class Draft(ActForm):
    """拟答复."""

    result = forms.select("办理结果", RESULTS, "选择办理结果", blank="选择办理结果")
    reply_no = forms.text("答复文号", "reply_no")
    note = forms.area("依据和理由", "note", "写明依据和理由：公开什么、不公开什么、为什么")


class ReviewSecrecy(OnDay):
    """保密审查: the form with its three steps."""

    first_by = forms.text("初审人", "reviewer", "填写初审人")
    first_on = forms.day("初审日期", "填写初审日期")
    second_by = forms.text("复审人", "reviewer", "填写复审人")
    second_on = forms.day("复审日期", "填写复审日期")
    final_by = forms.text("审签人", "reviewer", "填写审签人")
    on = forms.day("日期", "填写日期")
    conclusion = forms.segments("审查结论", CONCLUSIONS, "选择审查结论")
    note = forms.area("审查意见", "note", description="涉及哪些内容、依据什么；没有的留空")

    def prepare(self, folder: Folder, clerks: Clerks, today: date) -> None:
        """Today, begun by whoever handles the case."""
        super().prepare(folder, clerks, today)
        if self.untouched():
            self.first_on.data = self.second_on.data = today
            self.first_by.data = folder.file.handler

    def in_line(self, field: Any) -> list[Any]:
        """Of each step, who and when."""
        days = {"first_by": self.first_on, "second_by": self.second_on, "final_by": self.on}
        return [days[field.short_name]] if field.short_name in days else []

    def reviewed(self) -> Reviewed:
        """Who looked, and when."""
        return Reviewed(**{key: self.data[key] for key in Reviewed.__dataclass_fields__})


class SendAgain(OnDay):
    """再次发出."""

    how = forms.segments("怎么发出的", reply.SENT_BY, "选择发出的方式")
    proof = forms.text("凭据", "proof", description="EMS 单号、签收人、邮件编号")


class Send(SendAgain):
    """发出答复."""

    reply_no = forms.text("答复文号", "reply_no", description="出具过文书、拟答复时写过的留空")


class Deliver(OnDay):
    """登记送达."""

    proof = forms.text("凭据", "proof", description="签收、回执")


class OpenProceeding(OnDay):
    """登记复议、诉讼."""

    default_today = False
    kind = forms.segments("类型", proceedings.KINDS, "选择行政复议或者行政诉讼")
    after_reconsideration = BooleanField("经过复议后起诉")
    note = forms.area("说明", "note", description="案号、受理机关或者法院")


class AppealProceeding(OnDay):
    """登记进入二审."""

    default_today = False
    n = forms.select("哪一件", [], "选择哪一件")
    note = forms.area("说明", "note", description="案号、二审法院、谁上诉")

    def prepare(self, folder: Folder, clerks: Clerks, today: date) -> None:
        """Suits of first instance."""
        super().prepare(folder, clerks, today)
        self.n.choices = _proceedings(folder, today, lambda p: p.in_first_instance)


class CloseProceeding(OnDay):
    """登记审结."""

    n = forms.select("哪一件", [], "选择哪一件")
    result = forms.segments("审结结果", proceedings.RESULTS, "选择审结结果")
    note = forms.area("说明", "note")

    def prepare(self, folder: Folder, clerks: Clerks, today: date) -> None:
        """Those still pending."""
        super().prepare(folder, clerks, today)
        self.n.choices = _proceedings(folder, today, lambda p: p.closed is None)


def _proceedings(folder: Folder, today: date, wanted: Callable[[Proceeding], bool]) -> list[SelectChoice]:
    """The 复议 and 诉讼 of a case that an act may be meant for, each with the day that tells it from the others."""

    def told(p: Proceeding) -> str:
        day = f"{month_day(p.closed, today)} 审结" if p.closed else f"{month_day(p.opened, today)} 提起"
        return f"第 {p.n} 件 {proceedings.KINDS[p.kind]}，{day}"

    return forms.choices((str(p.n), told(p)) for p in folder.file.proceedings if wanted(p))


class RedoReply(OnDay):
    """重新答复."""

    default_today = False
    n = forms.select("哪一件", [], "选择哪一件")
    until = forms.day(
        "决定、判决确定的答复期限",
        description="写它要求在哪天以前答复，工作日；没有确定的留空，按法定 20 个工作日",
    )
    note = forms.area("说明", "note", description="决定书、判决书的文号和要求")

    def prepare(self, folder: Folder, clerks: Clerks, today: date) -> None:
        """Those closed as corrected and not yet answered anew."""
        super().prepare(folder, clerks, today)
        self.n.choices = _proceedings(folder, today, lambda p: p.result == "corrected" and p.redone is None)


class LinkCase(ActForm):
    """关联外机关登记: the case that the other organ registered on its own receipt."""

    office_id = forms.select("机关", [], "选择另向提出申请的机关", blank="选择机关")
    number = forms.text("它的登记编号", "number", "填写登记编号", description="问那个机关，例如 2026-12")
    note = forms.area("说明", "note")

    def prepare(self, folder: Folder, clerks: Clerks, today: date) -> None:
        """The other offices of this installation."""
        self.office_id.choices = forms.choices(offices.others(folder.case.office_id), "选择机关")


class Watch(ActForm):
    """督办."""

    note = forms.area("督办事项", "note", "写明督办的事项", description="要办什么、为什么督办；经办人看得到")
    until = forms.day(
        "在哪天以前答复", "填写答复督办的日期", description=f"工作日，最长 {LONGEST_WATCH} 个工作日"
    )


class AnswerWatch(ActForm):
    """答复督办."""

    note = forms.area("办理情况", "note", "写明办理情况", description="办到哪一步、下一步什么时候办")


class HoldAccountable(ActForm):
    """登记责任追究."""

    cause = forms.select("逾期原因", CAUSES, "选择逾期的原因", blank="选择逾期的原因")
    measure = forms.select("处理", MEASURES, "选择处理结果", blank="选择处理结果")
    note = forms.area(
        "经过和处理的说明",
        "note",
        "写明逾期的经过和处理",
        description="责任人、经过、怎样处理；不写申请人的个人信息",
    )

    def prepare(self, folder: Folder, clerks: Clerks, today: date) -> None:
        """What was registered before."""
        before = folder.file.accountability
        if before and self.untouched():
            self.cause.data, self.measure.data = before.cause, before.measure
