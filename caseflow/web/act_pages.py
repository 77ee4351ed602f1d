"""The page of each act of the table: its form, and the one service it calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..publications import acts as publications
from ..stages import (
    archive,
    contact,
    fees,
    handle,
    links,
    proceedings,
    reasons,
    redo,
    register,
    reply,
    review,
    secrecy,
    supervision,
)  # fmt: skip
from ..stages.desk import Work
from .act_forms import (
    Accept,
    ActForm,
    AnswerWatch,
    AppealProceeding,
    Assign,
    CloseProceeding,
    DayAndNote,
    DayAndReason,
    Deliver,
    Draft,
    HoldAccountable,
    LinkCase,
    OnDay,
    OpenProceeding,
    Plain,
    Reasoned,
    RedoReply,
    ReviewSecrecy,
    Send,
    SendAgain,
    Watch,
)
from .applicant_forms import ChangeContact, ConfirmReceipt
from .term_forms import (
    ApproveExtension,
    AskReasons,
    Consult,
    Defer,
    Extension,
    FeeNotice,
    Opinion,
    RequestCorrection,
    WhichConsultation,
)

Call = Callable[[Work, int, int, Any], None]


@dataclass(frozen=True)
class ActPage:
    """How an act is asked and done; ``day`` is the word for its date, ``button`` for its confirmation."""

    form: type[ActForm]
    do: Call
    day: str = "日期"
    final: bool = False  # can't be taken back by another act: a button that says so


PAGES: dict[str, ActPage] = {
    "confirm_receipt": ActPage(
        ConfirmReceipt,
        lambda w, c, s, f: register.confirm_receipt(w, c, s, f.on.data, f.note.data, f.how.data or ""),
        "双方确认日",
    ),
    "accept": ActPage(
        Accept,
        lambda w, c, s, f: review.accept(w, c, s, f.on.data, int(f.handler_id.data), f.internal_until.data),
        "受理日",
    ),
    "request_correction": ActPage(
        RequestCorrection,
        lambda w, c, s, f: review.request_correction(
            w, c, s, f.on.data, f.until.data, f.note.data, f.reason()
        ),
        "告知之日",
    ),
    "receive_correction": ActPage(
        DayAndNote,
        lambda w, c, s, f: review.receive_correction(w, c, s, f.on.data, f.note.data),
        "收到补正之日",
    ),
    "lapse_correction": ActPage(
        DayAndReason,
        lambda w, c, s, f: review.lapse_correction(w, c, s, f.on.data, f.note.data),
        "决定之日",
        final=True,
    ),
    "draft_reply": ActPage(
        Draft, lambda w, c, s, f: reply.draft_reply(w, c, s, f.result.data, f.note.data, f.reply_no.data)
    ),
    "consult_third_party": ActPage(
        Consult,
        lambda w, c, s, f: handle.consult_third_party(
            w, c, s, f.on.data, f.party.data, f.note.data, f.delivered.data
        ),
        "发出之日",
    ),
    "consult_joint_organ": ActPage(
        Consult,
        lambda w, c, s, f: handle.consult_joint_organ(
            w, c, s, f.on.data, f.party.data, f.note.data, f.delivered.data
        ),
        "发出之日",
    ),
    "deliver_consultation": ActPage(
        WhichConsultation,
        lambda w, c, s, f: handle.deliver_consultation(w, c, s, f.on.data, int(f.n.data)),
        "对方收到之日",
    ),
    "record_opinion": ActPage(
        Opinion,
        lambda w, c, s, f: handle.record_opinion(
            w, c, s, f.on.data, int(f.n.data), f.opinion.data, f.delivered.data, f.note.data
        ),
        "收到意见之日",
    ),
    "ask_extension": ActPage(
        Extension, lambda w, c, s, f: handle.ask_extension(w, c, s, f.days.data, f.note.data)
    ),
    "approve_extension": ActPage(
        ApproveExtension,
        lambda w, c, s, f: handle.approve_extension(w, c, s, f.days.data, f.told.data, f.note.data),
    ),
    "refuse_extension": ActPage(Reasoned, lambda w, c, s, f: handle.refuse_extension(w, c, s, f.note.data)),
    "assign": ActPage(
        Assign,
        lambda w, c, s, f: handle.assign(w, c, s, int(f.handler_id.data), f.note.data, f.internal_until.data),
    ),
    "ask_reasons": ActPage(
        AskReasons,
        lambda w, c, s, f: reasons.ask_reasons(w, c, s, f.on.data, f.until.data, f.note.data),
        "要求之日",
    ),
    "receive_reasons": ActPage(
        DayAndNote,
        lambda w, c, s, f: reasons.receive_reasons(w, c, s, f.on.data, f.note.data),
        "收到说明之日",
    ),
    "defer": ActPage(Defer, lambda w, c, s, f: reasons.defer(w, c, s, f.until.data, f.note.data)),
    "fee_notice": ActPage(
        FeeNotice,
        lambda w, c, s, f: fees.fee_notice(
            w, c, s, f.on.data, f.tariff.data, f.count() or 0, f.told.data, f.note.data
        ),
        "通知之日",
    ),
    "deliver_fee_notice": ActPage(
        OnDay, lambda w, c, s, f: fees.deliver_fee_notice(w, c, s, f.on.data), "申请人收到通知之日"
    ),
    "pay_fee": ActPage(
        DayAndNote, lambda w, c, s, f: fees.pay_fee(w, c, s, f.on.data, f.note.data), "缴清之日"
    ),
    "lapse_fee": ActPage(
        DayAndReason,
        lambda w, c, s, f: fees.lapse_fee(w, c, s, f.on.data, f.note.data),
        "决定之日",
        final=True,
    ),
    "review_secrecy": ActPage(
        ReviewSecrecy,
        lambda w, c, s, f: secrecy.review_secrecy(
            w, c, s, f.on.data, f.reviewed(), f.conclusion.data, f.note.data
        ),
        "审签日期",
    ),
    "approve_reply": ActPage(Plain, lambda w, c, s, f: reply.approve_reply(w, c, s, f.note.data)),
    "send_back": ActPage(Reasoned, lambda w, c, s, f: reply.send_back(w, c, s, f.note.data)),
    "send_reply": ActPage(
        Send,
        lambda w, c, s, f: reply.send_reply(w, c, s, f.on.data, f.how.data, f.proof.data, f.reply_no.data),
        "发出之日",
    ),
    "deliver_reply": ActPage(
        Deliver, lambda w, c, s, f: reply.deliver_reply(w, c, s, f.on.data, f.proof.data), "送达之日"
    ),
    "return_reply": ActPage(
        DayAndReason,
        lambda w, c, s, f: reply.return_reply(w, c, s, f.on.data, f.note.data),
        "退回之日",
    ),
    "resend_reply": ActPage(
        SendAgain,
        lambda w, c, s, f: reply.resend_reply(w, c, s, f.on.data, f.how.data, f.proof.data),
        "再次发出之日",
    ),
    "withdraw": ActPage(
        DayAndReason,
        lambda w, c, s, f: archive.withdraw(w, c, s, f.on.data, f.note.data),
        "撤回之日",
        final=True,
    ),
    "archive": ActPage(
        DayAndNote, lambda w, c, s, f: archive.archive(w, c, s, f.on.data, f.note.data), "归档之日"
    ),
    "change_contact": ActPage(
        ChangeContact, lambda w, c, s, f: contact.change_contact(w, c, s, f.contact(), f.note.data)
    ),
    "refuse_publication": ActPage(Reasoned, lambda w, c, s, f: publications.refuse(w, c, s, f.note.data)),
    "withdraw_publication": ActPage(
        Reasoned, lambda w, c, s, f: publications.withdraw(w, c, s, f.note.data), final=True
    ),
    "open_proceeding": ActPage(
        OpenProceeding,
        lambda w, c, s, f: proceedings.open_proceeding(
            w, c, s, f.on.data, f.kind.data, bool(f.after_reconsideration.data), f.note.data
        ),
        "提起之日",
    ),
    "appeal_proceeding": ActPage(
        AppealProceeding,
        lambda w, c, s, f: proceedings.appeal_proceeding(w, c, s, f.on.data, int(f.n.data), f.note.data),
        "上诉之日",
    ),
    "close_proceeding": ActPage(
        CloseProceeding,
        lambda w, c, s, f: proceedings.close_proceeding(
            w, c, s, f.on.data, int(f.n.data), f.result.data, f.note.data
        ),
        "审结之日",
    ),
    "redo_reply": ActPage(
        RedoReply,
        lambda w, c, s, f: redo.redo_reply(w, c, s, f.on.data, int(f.n.data), f.until.data, f.note.data),
        "收到决定、判决之日",
    ),
    "link_case": ActPage(
        LinkCase,
        lambda w, c, s, f: links.link_case(w, c, s, int(f.office_id.data), f.number.data, f.note.data),
    ),
    "watch": ActPage(Watch, lambda w, c, s, f: supervision.watch(w, c, s, f.until.data, f.note.data)),
    "answer_watch": ActPage(AnswerWatch, lambda w, c, s, f: supervision.answer_watch(w, c, s, f.note.data)),
    "end_watch": ActPage(Plain, lambda w, c, s, f: supervision.end_watch(w, c, s, f.note.data)),
    "hold_accountable": ActPage(
        HoldAccountable,
        lambda w, c, s, f: supervision.hold_accountable(w, c, s, f.cause.data, f.measure.data, f.note.data),
    ),
    "void_reply": ActPage(Reasoned, lambda w, c, s, f: reply.void_reply(w, c, s, f.note.data), final=True),
}
