"""What an official letter says of its case: each variable computed from the record, none typed twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from sqlalchemy.orm import Session

from ..law import fees, secrecy
from ..law.casefile import CaseFile, Entry, day
from ..law.clock import Clock
from ..law.facts import Pause
from ..law.issuing import Offer
from ..law.letters import BY_CODE as LETTERS
from ..law.letters import MAY_LACK, Letter, number
from ..law.outcomes import BY_CODE as OUTCOMES
from ..law.remedies import Where, remedies
from ..law.replay import corrected, replay
from ..law.workdays import Calendar
from ..models import Case, Note, Office
from . import record

PAPER = "告知书"
BY_LETTER = "随件编号"  # stands in a preview where the number will be
# 获取方式 by which a decision is served over the internet: it names the way to apply there too (行政复议法 22)
ONLINE = frozenset({"电子邮件", "网上获取", "自行下载"})
# Of a late correction notice, from here to its end: the lead's, not the applicant's
INTERNAL = "迟延的理由："


@dataclass(frozen=True)
class Source:
    """A case and the entry that a letter tells of, on the day it is issued."""

    session: Session
    row: Case
    file: CaseFile
    entries: list[Entry]  # all of the case, as recorded
    offer: Offer
    office: Office
    calendar: Calendar
    today: date

    @property
    def letter(self) -> Letter:
        """The letter to be written."""
        return self.offer.letter

    @property
    def about(self) -> Entry:
        """The entry it tells of, as corrected."""
        return self.offer.about

    def note(self, act: str = "") -> Note | None:
        """The free text of the entry, or of the last ``act`` before it."""
        entry = self.about
        if act:
            before = [e for e in corrected(self.entries) if e.act == act and e.seq < entry.seq]
            if not before:
                return None
            entry = before[-1]
        reference = entry.details.get("note")
        return self.session.get(Note, reference["id"]) if reference else None

    def clock_after(self, seq: int) -> Clock | None:
        """The clock once an entry was recorded, by what it and those before say as corrected since."""
        until = (e for e in self.entries if e.seq <= seq or e.act == "correct")
        return replay(until).clock(self.calendar)


def values(source: Source, typed: Mapping[str, str], given: str = BY_LETTER) -> dict[str, str]:
    """Every variable that has a value; what has none is absent, so that the letter names it.

    ``given`` is the number. Raises ValueError where the remedies can't be told.
    """
    computed = FACTS | {"文号": lambda s: given}
    wanted = (*(name for name in source.letter.bears if name in computed), *MAY_LACK)
    found = {name: computed[name](source) for name in wanted}
    asked = {ask.name: typed.get(ask.name, "").strip() for ask in source.letter.asks}
    return {name: value for name, value in (found | asked).items() if value}


def suggested(source: Source) -> dict[str, str]:
    """What the clerk would type first: what the letter said before, or the ground written with the draft."""
    note = source.note()
    return {"理由": note.text} if note and source.letter.result and source.about.act == "draft_reply" else {}


def given_number(office: Office, letter: Letter, year: int, n: int) -> str:
    """The number as it is written; needs the office's 机关代字."""
    return number(office.letter_word, letter, year, n)


def chinese(value: date | str | None) -> str:
    """2026年11月23日: the day of an official paper, in Arabic figures without leading noughts (GB/T 9704)."""
    found = day(value)
    return f"{found.year}年{found.month}月{found.day}日" if found else ""


def _recipient(s: Source) -> str:
    if s.letter.to == "applicant":
        return record.particulars_of(s.session, s.row)["name"]
    note = s.note()
    return note.party if note else ""


def _said(act: str = "") -> Callable[[Source], str]:
    def fact(s: Source) -> str:
        note = s.note(act)
        lines = note.text.splitlines() if note else []
        return "\n".join(takewhile(lambda line: not line.startswith(INTERNAL), lines))

    return fact


def _told(key: str) -> Callable[[Source], str]:
    return lambda s: chinese(s.about.details.get(key))


def _due(before: bool) -> Callable[[Source], str]:
    def fact(s: Source) -> str:
        clock = s.clock_after(s.about.seq - (1 if before else 0))
        return chinese(clock.due) if clock and clock.due else ""

    return fact


def _remedies(s: Source) -> str:
    where = Where(s.office.reconsideration_organ, s.office.court, s.office.review_channel)
    wants_it_online = record.particulars_of(s.session, s.row)["obtain_by"] in ONLINE
    came_online = s.file.channel == "online" and bool(where.channel)
    try:
        return remedies(s.letter.result, s.today, where, online=wants_it_online or came_online, paper=PAPER)
    except ValueError:
        return ""  # the letter names what is missing


def _lapsed(s: Source) -> Pause | None:
    """What the applicant let lapse."""
    kind = "fee" if s.about.act == "lapse_fee" else "correction"
    return next((p for p in reversed(s.file.pauses) if p.kind == kind and p.met is None), None)


def _told_on(s: Source) -> str:
    lapsed = _lapsed(s)
    return chinese(lapsed.asked) if lapsed else ""


def _ended_on(s: Source) -> str:
    lapsed = _lapsed(s)
    return chinese(lapsed.last_day(s.calendar)) if lapsed else ""


def _served(s: Source) -> str:
    issued = [i for i in s.file.letters.values() if LETTERS[i.kind].decides]
    return "\n".join(f"《{LETTERS[i.kind].title}》（{i.number}）" for i in issued)


def _form(name: str) -> Callable[[Source], str]:
    return lambda s: record.particulars_of(s.session, s.row)[name]


FACTS: dict[str, Callable[[Source], str]] = {
    "收件人": _recipient,
    "登记编号": lambda s: s.row.number,
    "收到日期": lambda s: chinese(s.file.first_received or s.file.received),
    "申请内容": _form("content"),
    "机关名称": lambda s: s.office.name,
    "成文日期": lambda s: chinese(s.today),
    "联系人": lambda s: s.office.contact,
    "联系电话": lambda s: s.office.phone,
    "机关地址": lambda s: s.office.address,
    "邮政编码": lambda s: s.office.postcode,
    "代理人": _form("agent"),
    "补正事项": _said(),
    "补正期限": _told("until"),
    "延期理由": _said("ask_extension"),
    "延期工作日": lambda s: str(s.about.details["days"]),
    "原到期日": _due(before=True),
    "到期日": _due(before=False),
    "征求内容": _said(),
    "征求日期": lambda s: chinese(s.about.on),
    "计收方式": lambda s: fees.TARIFFS[s.about.details["tariff"]],
    "计收标准": lambda s: fees.tariff_words(s.about.details["tariff"]),
    "计收数量": lambda s: fees.working(s.about.details["tariff"], s.about.details["count"]),
    "收费金额": lambda s: f"{s.about.details['amount']}元",
    "说明事项": _said(),
    "说明期限": _told("until"),
    "延迟理由": _said(),
    "延迟答复日期": _told("until"),
    "办理结果": lambda s: OUTCOMES[s.letter.result].group,
    "依据条款": lambda s: s.letter.article,
    "救济途径": _remedies,
    "告知日期": _told_on,
    "届满日期": _ended_on,
    "送达文书": _served,
    "初审人": lambda s: s.about.details["first_by"],
    "初审日期": _told("first_on"),
    "复审人": lambda s: s.about.details["second_by"],
    "复审日期": _told("second_on"),
    "审签人": lambda s: s.about.details["final_by"],
    "审签日期": lambda s: chinese(s.about.on),
    "审查结论": lambda s: secrecy.CONCLUSIONS[s.about.details["conclusion"]],
}
