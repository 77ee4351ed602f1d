"""Each act in plain sentences: words, never a table of codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..law.casefile import Entry, day
from ..law.facts import PAYMENT_DAYS
from ..law.fees import TARIFFS, working
from ..law.letters import BY_CODE as LETTERS
from ..law.outcomes import BY_CODE as OUTCOMES
from ..law.receipt import CHANNELS, CONFIRMED_BY
from ..law.secrecy import CONCLUSIONS
from ..law.supervision import CAUSES, MEASURES
from ..law.words import month_day, with_weekday
from ..law.workdays import Calendar
from ..law.workflow import BY_CODE as ACTS
from ..models import Note
from ..stages.contact import CONTACT, WISHES
from ..stages.handle import OPINIONS
from ..stages.papers import KINDS as FILED
from ..stages.proceedings import KINDS, RESULTS
from ..stages.reply import SENT_BY
from .changes import changed
from .sentences_publishing import PUBLISHING

FOLLOWS_CONSULTATION = frozenset({"deliver_consultation", "record_opinion"})
Words = Callable[["Telling"], str]


@dataclass(frozen=True)
class Telling:
    """One event with what its sentence needs."""

    entry: Entry
    who: str
    note: Note | None
    applicant: str
    today: date
    calendar: Calendar
    asked: Mapping[int, str]  # the act by which each consultation was begun, by its number
    fee_came: bool  # the arrival of the fee notice has a line of its own

    def __getitem__(self, key: str) -> Any:
        return self.entry.details.get(key)

    def on(self, key: str) -> str:
        """A day of the details in words, "" if there is none."""
        value = day(self[key])
        return month_day(value, self.today) if value else ""

    @property
    def party(self) -> str:
        """Whom the act concerned."""
        if self.note and self.note.party:
            return self.note.party
        return "共同制作机关" if self.asked.get(self["n"] or 0) == "consult_joint_organ" else "第三方"

    @property
    def article(self) -> str:
        """The article of the act; of what follows a consultation, that of the one who was asked (art. 32, 34)."""
        act = self.entry.act
        if self["redo_of"]:
            act = "redo_reply"
        if act in FOLLOWS_CONSULTATION:
            act = self.asked.get(self["n"] or 0, act)
        return ACTS[act].article if act in ACTS else ""

    def pay_by(self, told: date) -> str:
        """缴费期限至 12月21日: the last of the working days to pay after the notice came, by the calendar."""
        return f"缴费期限至 {with_weekday(self.calendar.add(told, PAYMENT_DAYS), self.today)}"


def _registered(t: Telling) -> str:
    if t["redo_of"]:
        return _registered_anew(t)
    way = "当面" if t["channel"] == "in_person" else f"通过{CHANNELS[t['channel']]}"
    came = f"{t.who}登记：{t.applicant}{way}提出申请"
    oral = "，口头提出，由本机关代填" if t["oral"] else ""
    return f"{came}{oral}，" + (f"法定收到日 {t.on('received')}。" if t["received"] else "待双方确认收到。")


def _registered_anew(t: Telling) -> str:
    until = f"，要求在 {t.on('until')} 以前答复" if t["until"] else ""
    counts = "，按本机关的设定再计入年报表" if t["counted"] else "，不再计入年报表"
    return f"{t.who}登记：{t['redo_number']} 号办件的答复被纠正，{t.on('decided')} 收到决定、判决{until}，重新答复{counts}。"


def _opinion(t: Telling) -> str:
    if t["deemed_consent"] and t["opinion"] == "silent":
        return f"共同制作机关 15 个工作日内没有答复，视为同意公开（第 {t['n']} 次征求）。"
    if t["opinion"] == "silent":
        return f"{t.party} 15 个工作日内没有提出意见，由本机关决定。"
    word = OPINIONS.get(t["opinion"] or "", "")
    return f"收到{t.party}意见" + (f"：{word}。" if word else "。")


def _accepted(t: Telling) -> str:
    return f"{t.who}受理，分办给{t['handler'] or '经办人'}{_internal(t)}。"


def _assigned(t: Telling) -> str:
    return f"{t.who}改派给{t['handler']}{_internal(t)}。"


def _internal(t: Telling) -> str:
    until = day(t["internal_until"])
    return f"，内部期限 {with_weekday(until, t.today)}" if until else ""


def _correction_asked(t: Telling) -> str:
    late = "已过 7 个工作日，" if t["late"] else ""
    return f"{t.who}{late}一次性告知补正，补正期限至 {t.on('until') or '（未写明）'}。"


def _fee(t: Telling) -> str:
    """The working of the fee, and the day the notice came; notices used to keep their own day for an unknown one."""
    if not t["tariff"]:  # a ledger tells the day alone
        return f"{t.who}通知缴费。"
    told = day(t["told"])
    known = told if told and not (t["until"] and told == t.entry.on) else None
    how = f"{TARIFFS[t['tariff']]}，{working(t['tariff'], t['count'])}，共 {t['amount']} 元"
    if t.fee_came:
        return f"{t.who}通知缴费：{how}。"
    came = f"{month_day(known, t.today)} 收到通知" if known else "收到通知之日待登记，暂按通知之日计"
    return f"{t.who}通知缴费：{how}；{came}，{t.pay_by(known or t.entry.on)}。"


def _drafted(t: Telling) -> str:
    return f"{t.who}拟答复：{OUTCOMES[t['result']].label}，报负责人审签。"


def _sent(t: Telling) -> str:
    label = f"：{OUTCOMES[t['result']].label}" if t["result"] else ""
    no = f"，文号 {t['reply_no']}" if t["reply_no"] else ""
    how = f"，{SENT_BY[t['how']]}" if t["how"] else ""
    if t["result"] and OUTCOMES[t["result"]].closes_without_reply:
        return f"办结{label}。"
    return f"{t.who}发出答复{label}{no}{how}。"


def _opened(t: Telling) -> str:
    after = "（经过复议）" if t["after_reconsideration"] else ""
    return f"申请人提起{KINDS[t['kind']]}{after}，{t.who}登记为第 {t['n']} 件。"


def _redone(t: Telling) -> str:
    until = f"，要求在 {t.on('until')} 以前重新答复" if t["until"] else ""
    return f"收到第 {t['n']} 件的决定、判决{until}；{t.who}另立 {t['number']} 号办件重新答复，原来的结果留在它的年度。"


def _filed(t: Telling) -> str:
    kinds = "、".join(dict.fromkeys(FILED[d["kind"]] for d in t["documents"]))
    return f"{t.who}存入{kinds} {len(t['documents'])} 件。"


def _wish(t: Telling, name: str) -> str:
    """What was changed: a field of the form, or a wish with what it is now."""
    return CONTACT.get(name) or f"{'' if t[name] else '不'}{WISHES[name]}"


def _watched(t: Telling) -> str:
    return f"{t.who}督办，要在 {with_weekday(date.fromisoformat(t['until']), t.today)} 以前答复。"


def _redated(t: Telling) -> str:
    act = "撤销地方安排" if t["withdrawn"] else "录入"
    moved = [("到期日", "old", "new"), ("等待的最后一天", "old_hold", "new_hold")]
    told = [
        f"{what}由 {t.on(old) or '无'} 改为 {t.on(new) or '无'}"
        for what, old, new in moved
        if t[old] != t[new]
    ]
    same = f"到期日仍为 {t.on('new')}" if t["new"] else "重新计算期限"
    return f"{t.who or '系统'}{act}“{t['document'] or '节假日安排'}”，{'，'.join(told) or same}。"


def _corrected(t: Telling) -> str:
    changes, old = t["changes"], t["old"] or {}
    if changes.get("void"):
        return f"{t.who}更正：第 {t['target']} 条记错了，作废。"
    return f"{t.who}更正第 {t['target']} 条：{changed(changes, old)}。"


SENTENCES: dict[str, Words] = {
    "register": _registered,
    "confirm_receipt": lambda t: (
        f"{t.who}与{t.applicant}{CONFIRMED_BY.get(t['how'], '')}确认收到申请，这一天是法定收到日。"
    ),
    "accept": _accepted,
    "assign": _assigned,
    "request_correction": _correction_asked,
    "receive_correction": lambda t: f"收到{t.applicant}补正，期限从次一工作日重新起算。",
    "lapse_correction": lambda t: f"{t.who}决定：逾期不补正，不再处理。",
    "fee_notice": _fee,
    "deliver_fee_notice": lambda t: f"{t.applicant}收到收费通知，{t.pay_by(t.entry.on)}。",
    "pay_fee": lambda t: f"{t.applicant}缴费，期限从次一工作日重新起算。",
    "lapse_fee": lambda t: f"{t.who}决定：逾期未缴费，不再处理。",
    "ask_reasons": lambda t: f"{t.who}要求{t.applicant}说明理由，期限至 {t.on('until')}。",
    "receive_reasons": lambda t: f"{t.applicant}说明了理由。",
    "defer": lambda t: f"{t.who}确定延迟答复至 {t.on('until')}，告知申请人。",
    "consult_third_party": lambda t: (
        f"{t.who}书面征求{t.party}意见" + (f"，{t.on('delivered')} 送达。" if t["delivered"] else "。")
    ),
    "consult_joint_organ": lambda t: (
        f"{t.who}书面征求共同制作机关{t.party}意见"
        + (f"，{t.on('delivered')} 送达。" if t["delivered"] else "。")
    ),
    "deliver_consultation": lambda t: f"对方收到征求意见书（第 {t['n']} 次征求）。",
    "record_opinion": _opinion,
    "ask_extension": lambda t: f"{t.who}申请延期 {t['days']} 个工作日。",
    "approve_extension": lambda t: (
        f"{t.who}批准延期 {t['days']} 个工作日" + (f"，{t.on('told')} 告知申请人。" if t["told"] else "。")
    ),
    "refuse_extension": lambda t: f"{t.who}不批准延期。",
    "review_secrecy": lambda t: (
        f"保密审查：{t['first_by']}初审，{t['second_by']}复审，{t['final_by']}审签；"
        f"结论：{CONCLUSIONS[t['conclusion']]}。"
    ),
    "draft_reply": _drafted,
    "approve_reply": lambda t: f"{t.who}审签同意。",
    "send_back": lambda t: f"{t.who}退回答复稿。",
    "send_reply": _sent,
    "deliver_reply": lambda t: f"答复送达{t.applicant}" + (f"（{t['proof']}）。" if t["proof"] else "。"),
    "return_reply": lambda t: "答复被退回，要再次发出；原发出日期不变。",
    "resend_reply": lambda t: f"{t.who}再次发出答复" + (f"，{SENT_BY[t['how']]}。" if t["how"] else "。"),
    "withdraw": lambda t: f"{t.applicant}撤回申请。",
    "archive": lambda t: f"{t.who}归档。",
    "open_proceeding": _opened,
    "appeal_proceeding": lambda t: f"第 {t['n']} 件行政诉讼一方上诉，进入二审。",
    "close_proceeding": lambda t: f"第 {t['n']} 件复议、诉讼审结：{RESULTS[t['result']]}。",
    "redo_reply": _redone,
    "link_case": lambda t: f"{t.who}关联{t['office']}登记的 {t['number']} 号办件：申请人另向它提出。",
    "change_contact": lambda t: (
        f"{t.who or t.applicant}变更联系方式：{'、'.join(_wish(t, f) for f in t['changed'])}。"
    ),
    "add_files": _filed,
    "issue_letter": lambda t: (
        f"{t.who}出具《{LETTERS[t['kind']].title}》{t['number']}"
        + (f"，第 {t['version']} 版，前一版作废。" if t["version"] > 1 else "。")
    ),
    **PUBLISHING,
    "watch": _watched,
    "answer_watch": lambda t: f"{t.who}答复督办。",
    "end_watch": lambda t: f"{t.who}解除督办。",
    "hold_accountable": lambda t: (
        f"{t.who}登记责任追究：原因是{CAUSES[t['cause']]}；处理为{MEASURES[t['measure']]}。"
    ),
    "void_reply": lambda t: f"{t.who}撤销办结，原来的结果退出年报表，案件接着办。",
    "open_letter": lambda t: f"{t.applicant}打开《{LETTERS[t['kind']].title}》。",
    "redate": _redated,
    "mask_personal": lambda t: f"{t.who or '系统'}按归档以后保存 {t['years']} 年的规定，隐去个人信息。",
    "correct": _corrected,
}
