"""The acts of the scenes: each through its own service, on its day, by whom it is the business of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from ..db import db
from ..law.issuing import offers
from ..law.replay import replay
from ..models import Case
from ..publications import acts as publications
from ..stages import (
    archive,
    correct,
    fees,
    handle,
    letters,
    proceedings,
    reasons,
    record,
    register,
    reply,
    review,
    secrecy,
    supervision,
)
from . import words

if TYPE_CHECKING:
    from .play import Play


def _confirm(play: Play, case_id: int, day: date) -> None:
    register.confirm_receipt(play.work("clerk", day), *play.seen(case_id), day, "电话与申请人确认")


def _accept(play: Play, case_id: int, day: date, by: str = "clerk") -> None:
    review.accept(play.work("lead", day), *play.seen(case_id), day, play.people[by])


def _assign(play: Play, case_id: int, day: date, to: str) -> None:
    handle.assign(play.work("lead", day), *play.seen(case_id), play.people[to], "原经办人休假")


def _ask_correction(play: Play, case_id: int, day: date, days: int, note: str) -> None:
    until = play.calendar.add(day, days)
    review.request_correction(play.work("clerk", day), *play.seen(case_id), day, until, note)


def _receive_correction(play: Play, case_id: int, day: date) -> None:
    review.receive_correction(play.work("clerk", day), *play.seen(case_id), day, "补正材料已经写明文件名称")


def _lapse(play: Play, case_id: int, day: date) -> None:
    note = "补正期限届满，没有收到补正，也没有说明理由"
    review.lapse_correction(play.work("lead", day), *play.seen(case_id), day, note)


def _consult(play: Play, case_id: int, day: date, party: str, note: str) -> None:
    handle.consult_third_party(play.work("clerk", day), *play.seen(case_id), day, party, note)


def _joint_organ(play: Play, case_id: int, day: date, party: str, note: str) -> None:
    handle.consult_joint_organ(play.work("clerk", day), *play.seen(case_id), day, party, note)


def _ask_reasons(play: Play, case_id: int, day: date, days: int, note: str) -> None:
    until = play.calendar.add(day, days)
    reasons.ask_reasons(play.work("clerk", day), *play.seen(case_id), day, until, note)


def _reasons(play: Play, case_id: int, day: date, note: str) -> None:
    reasons.receive_reasons(play.work("clerk", day), *play.seen(case_id), day, note)


def _defer(play: Play, case_id: int, day: date, days: int, note: str) -> None:
    until = play.calendar.add(day, days)
    reasons.defer(play.work("lead", day), *play.seen(case_id), until, note)


def _fee(play: Play, case_id: int, day: date, count: int, note: str) -> None:
    fees.fee_notice(play.work("clerk", day), *play.seen(case_id), day, "pages", count, None, note)


def _had_letter(play: Play, case_id: int, day: date) -> None:
    handle.deliver_consultation(play.work("clerk", day), *play.seen(case_id), day, 1)


def _opinion(play: Play, case_id: int, day: date, opinion: str, note: str) -> None:
    handle.record_opinion(play.work("clerk", day), *play.seen(case_id), day, 1, opinion, None, note)


def _ask_extension(play: Play, case_id: int, day: date, days: int, note: str) -> None:
    handle.ask_extension(play.work("clerk", day), *play.seen(case_id), days, note)


def _extend(play: Play, case_id: int, day: date, days: int) -> None:
    handle.approve_extension(play.work("lead", day), *play.seen(case_id), days, day, "同意，当日告知申请人")


def _draft(play: Play, case_id: int, day: date, result: str, note: str = "拟按此答复") -> None:
    work = play.work(play.handler(case_id), day)
    reply.draft_reply(work, *play.seen(case_id), result, note)


def _send_back(play: Play, case_id: int, day: date, note: str) -> None:
    reply.send_back(play.work("lead", day), *play.seen(case_id), note)


def _approve(play: Play, case_id: int, day: date) -> None:
    """Approved once what it releases was reviewed; then its letters are issued."""
    if db.session.scalars(select(Case.secrecy_awaited).where(Case.id == case_id)).one():
        by = secrecy.Reviewed("王敏", day, "陈晓", day, "李建华")
        secrecy.review_secrecy(play.work("clerk", day), *play.seen(case_id), day, by, "open")
    reply.approve_reply(play.work("lead", day), *play.seen(case_id), "同意")
    _issue(play, case_id, day, ("draft_reply", "review_secrecy"))


def _issue(play: Play, case_id: int, day: date, told: Sequence[str]) -> None:
    """The letter of each of these acts that has one now; of two that tell the same result, the first."""
    entries, issued = record.entries(db.session(), case_id), set()
    for offer in offers(replay(entries), entries):
        act, letter = offer.about.act, offer.letter
        if act in told and act not in issued and letter.code != "service":
            issued.add(act)
            typed = words.typed(letter)
            letters.issue(play.work("clerk", day), *play.seen(case_id), letter.code, offer.about.seq, typed)


PROOFS = {"ems": "", "email": "邮件已送达的回执", "in_person": "申请人当面签收"}


def _send(play: Play, case_id: int, day: date, how: str = "ems") -> None:
    proof = f"1000{case_id:09d}CN" if how == "ems" else ""
    reply.send_reply(play.work("clerk", day), *play.seen(case_id), day, how, proof or PROOFS[how])


def _deliver(play: Play, case_id: int, day: date) -> None:
    reply.deliver_reply(play.work("clerk", day), *play.seen(case_id), day, "邮政查询单")


def _void(play: Play, case_id: int, day: date, note: str) -> None:
    reply.void_reply(play.work("lead", day), *play.seen(case_id), note)


def _withdraw(play: Play, case_id: int, day: date, note: str) -> None:
    archive.withdraw(play.work("clerk", day), *play.seen(case_id), day, note)


def _archive(play: Play, case_id: int, day: date) -> None:
    archive.archive(play.work("clerk", day), *play.seen(case_id), day, "材料齐全")


def _open_suit(play: Play, case_id: int, day: date, kind: str, after: bool = False) -> None:
    proceedings.open_proceeding(play.work("clerk", day), *play.seen(case_id), day, kind, after)


def _close_suit(play: Play, case_id: int, day: date, n: int, result: str) -> None:
    proceedings.close_proceeding(play.work("clerk", day), *play.seen(case_id), day, n, result)


def _propose_publication(play: Play, case_id: int, day: date, title: str, question: str, answer: str) -> None:
    said = publications.Answer(title, question, answer, "useful")
    publications.propose(play.work("clerk", day), *play.seen(case_id), said)


def _approve_publication(play: Play, case_id: int, day: date) -> None:
    publications.approve(play.work("lead", day), *play.seen(case_id))


def _watch(play: Play, case_id: int, day: date, days: int, note: str) -> None:
    until = play.calendar.add(day, days)
    supervision.watch(play.work("supervisor", day), *play.seen(case_id), until, note)


def _answer_watch(play: Play, case_id: int, day: date, note: str) -> None:
    supervision.answer_watch(play.work(play.handler(case_id), day), *play.seen(case_id), note)


def _hold_accountable(play: Play, case_id: int, day: date, cause: str, measure: str, note: str) -> None:
    supervision.hold_accountable(play.work("lead", day), *play.seen(case_id), cause, measure, note)


def _correct_delivery(play: Play, case_id: int, day: date, to: int) -> None:
    """The day of delivery, recorded last, was another one."""
    seen = play.seen(case_id)
    new = play.day(to)
    correct.correct_day(play.work("lead", day), *seen, seen[1], new, "按回执更正送达日期")


ACTS: dict[str, Callable[..., None]] = {
    "confirm": _confirm,
    "accept": _accept,
    "assign": _assign,
    "ask_correction": _ask_correction,
    "receive_correction": _receive_correction,
    "lapse": _lapse,
    "consult": _consult,
    "joint_organ": _joint_organ,
    "ask_reasons": _ask_reasons,
    "reasons": _reasons,
    "defer": _defer,
    "fee": _fee,
    "had_letter": _had_letter,
    "opinion": _opinion,
    "ask_extension": _ask_extension,
    "extend": _extend,
    "draft": _draft,
    "send_back": _send_back,
    "approve": _approve,
    "send": _send,
    "deliver": _deliver,
    "void": _void,
    "withdraw": _withdraw,
    "archive": _archive,
    "open_suit": _open_suit,
    "close_suit": _close_suit,
    "propose_publication": _propose_publication,
    "approve_publication": _approve_publication,
    "watch": _watch,
    "answer_watch": _answer_watch,
    "hold_accountable": _hold_accountable,
    "correct_delivery": _correct_delivery,
}
