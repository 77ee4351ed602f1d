"""The forms of the counter's pages on a request: number and code, what is corrected, withdrawn, changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wtforms import MultipleFileField

from ..counter import acts
from ..counter.acts import Applicant
from ..counter.applications import MOST_FILES
from ..files.types import ENDINGS
from ..reports.casefolder import Folder
from ..stages.papers import Upload
from . import forms
from .applicant_forms import ContactFields
from .forms import Form
from .headers import LARGEST


class EnterForm(Form):
    """Number and code."""

    number = forms.text("查询号", "number", "填写查询号", description="12 位数字，在登记回执上")
    code = forms.text("查询码", "number", "填写查询码", description="12 位字母和数字，提交申请时给的")


class ApplicantForm(Form):
    """What an act of the applicant asks."""

    def prepare(self, folder: Folder) -> None:
        """Fill in what is known."""

    def shown(self) -> list[Any]:
        """The fields to be filled in."""
        return [field for field in self if field.type != "CSRFTokenField"]


class CorrectForm(ApplicantForm):
    """补正."""

    text = forms.area(
        "补正的内容", "note", description="按告知书上写的，补充名称、文号、年份或者其他便于查询的特征"
    )
    files = MultipleFileField(
        "附件", description=f"最多 {MOST_FILES} 个，一共不超过 {LARGEST} MB；只收 {ENDINGS}"
    )

    def uploads(self) -> list[Upload]:
        """What was sent; a field left empty sends one file without a name."""
        return [Upload(f.filename, f.stream) for f in self.files.data or () if getattr(f, "filename", "")]


class ReasonsForm(ApplicantForm):
    """说明理由."""

    text = forms.area("理由", "note", "写明理由")


class WithdrawForm(ApplicantForm):
    """撤回."""

    note = forms.area("说明", "note", description="可以不写")


class ContactForm(ContactFields, ApplicantForm):
    """变更联系方式."""

    def prepare(self, folder: Folder) -> None:
        """As it stands."""
        self.fill(folder)


@dataclass(frozen=True)
class ActPage:
    """One act as the counter asks it; ``act`` of the table."""

    act: str
    title: str
    form: type[ApplicantForm]
    do: Callable[[Applicant, Any], None]
    button: str
    done: str
    note: str = ""
    final: bool = False  # can't be taken back


# By the last part of the address
ACTS: dict[str, ActPage] = {
    "correct": ActPage(
        "receive_correction", "补正", CorrectForm, lambda who, f: acts.correct(who, f.text.data or "", f.uploads()),
        "提交补正", "补正已经收到，答复期限从次一工作日重新计算",
    ),
    "reasons": ActPage(
        "receive_reasons", "说明理由", ReasonsForm, lambda who, f: acts.give_reasons(who, f.text.data or ""),
        "提交理由", "理由已经收到",
    ),
    "withdraw": ActPage(
        "withdraw", "撤回申请", WithdrawForm, lambda who, f: acts.withdraw(who, f.note.data or ""),
        "撤回申请", "申请已经撤回",
        "撤回以后不再办理这份申请，也不能恢复；还需要这些信息的，要重新提出申请。", final=True,
    ),
    "contact": ActPage(
        "change_contact", "变更联系方式", ContactForm, lambda who, f: acts.change_contact(who, f.contact()),
        "保存", "联系方式已经变更", "只改要改的；电话留着带 * 的，不变。",
    ),
}  # fmt: skip
