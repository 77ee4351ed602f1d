"""An office with its people, and the acts of a case in short words: what most tests start from."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from caseflow.models import Case
    from caseflow.stages.desk import Work
    from caseflow.stages.secrecy import Reviewed

PASSWORD = "Shishi-2026-desk"
ROLES = {
    "clerk": "王敏", "colleague": "陈晓", "lead": "李建华", "supervisor": "周岚",
    "admin": "吴桐", "security": "徐静", "auditor": "何芳",
}  # fmt: skip


# What its letters say of it
LETTERHEAD = {
    "letter_word": "狮政公开", "address": "石狮市八七路 88 号", "postcode": "362700", "phone": "0595-88880000",
    "contact": "王敏", "reconsideration_organ": "泉州市人民政府", "court": "石狮市人民法院",
}  # fmt: skip


@dataclass(frozen=True)
class DeskOffice:
    """One office: ids by the names of ROLES (username = that name + "-" + office code in lower case)."""

    id: int
    code: str
    people: dict[str, int]

    def work(self, who: str, today: date) -> Work:
        """The work of a person on a day (09:00 in China), by the newest calendar."""
        from caseflow.calendars import store
        from caseflow.stages.desk import Work

        role = "clerk" if who == "colleague" else who
        now = datetime.combine(today, time(1), UTC)
        return Work(self.people[who], role, self.id, today, now, store.current())

    def register(self, today: date, channel: str = "in_person", **form: str) -> int:
        """Register a request handed in on ``today`` (confirmed that day); returns its id."""
        from caseflow.stages import register

        values = {"applicant_class": "natural_person", "name": "林国栋", "content": "某路改造工程结算报告"}
        arrival = register.Arrival(channel, submitted=today, arrived=today, confirmed=today)
        return register.register(self.work("clerk", today), arrival, register.Application(**values | form))[
            0
        ].id

    def accepted(self, today: date, **form: str) -> int:
        """A case registered and accepted on ``today``, handled by 王敏."""
        from caseflow.stages import review

        case_id = self.register(today, **form)
        review.accept(self.work("lead", today), case_id, seq(case_id), today, self.people["clerk"])
        return case_id

    def replied(self, received: date, sent: date, result: str = "granted", **form: str) -> int:
        """A case accepted, drafted and approved on ``received``, sent on ``sent``."""
        from caseflow.stages import reasons, reply

        case_id = self.accepted(received, **form)
        clerk, lead = self.work("clerk", received), self.work("lead", received)
        if result == "not_processed_excessive":  # art. 35: the applicant is asked first
            reasons.ask_reasons(clerk, case_id, seq(case_id), received, received + timedelta(days=10), "说明")
        reply.draft_reply(clerk, case_id, seq(case_id), result, "依据")
        approve(lead, case_id)
        reply.send_reply(self.work("clerk", sent), case_id, seq(case_id), sent, "ems")
        return case_id


def replied_by_letter(office: DeskOffice, case_id: int, day: date, basis: str, reply_no: str = "") -> None:
    """Answer an accepted case on ``day`` with the letter that the information does not exist (art. 36(4))."""
    from caseflow.stages import letters, reply

    clerk, lead = office.work("clerk", day), office.work("lead", day)
    reply.draft_reply(clerk, case_id, seq(case_id), "unavailable_not_held", basis)
    drafted = seq(case_id)
    reply.approve_reply(lead, case_id, seq(case_id))
    typed = {"办理情况": "已检索二〇一九年的卷宗", "查询途径": "向住建局查询"}
    letters.issue(clerk, case_id, seq(case_id), "reply_not_exist", drafted, typed)
    reply.send_reply(clerk, case_id, seq(case_id), day, "ems", reply_no=reply_no)


def approve(lead: Work, case_id: int) -> None:
    """审签, with the secrecy review before it where the draft releases something."""
    from caseflow.stages import reply, secrecy

    if row(case_id).secrecy_awaited:
        secrecy.review_secrecy(lead, case_id, seq(case_id), lead.today, reviewed(lead.today), "open")
    reply.approve_reply(lead, case_id, seq(case_id))


def archive(clerk: Work, case_id: int, on: date) -> None:
    """归档, with what the folder lacks filed before it."""
    from caseflow.stages import archive

    complete(clerk, case_id)
    archive.archive(clerk, case_id, seq(case_id), on)


def complete(clerk: Work, case_id: int) -> None:
    """A scan of each paper that the folder lacks."""
    from caseflow.db import db
    from caseflow.law.folder import missing
    from caseflow.law.replay import replay
    from caseflow.stages import papers, record

    for paper in missing(replay(record.entries(db.session(), case_id))):
        upload = papers.Upload(f"{paper.name}.pdf", io.BytesIO(b"%PDF-1.7 scan"))
        papers.add_files(clerk, case_id, seq(case_id), [upload], paper.kind)


def reviewed(on: date) -> Reviewed:
    """The three people of a secrecy review, all on one day."""
    from caseflow.stages.secrecy import Reviewed

    return Reviewed("王敏", on, "陈晓", on, "李建华")


def seq(case_id: int) -> int:
    """The number of the last event of a case: what its page would carry."""
    return row(case_id).seq


def row(case_id: int) -> Case:
    """The case row as it stands now."""
    from caseflow.db import db
    from caseflow.models import Case

    db.session.rollback()
    return db.session.get_one(Case, case_id)


@cache
def hashed() -> str:
    """PASSWORD as the database keeps it, by a hash that is quick: these are tests."""
    from werkzeug.security import generate_password_hash

    from tests.support.quick import WEAK

    return generate_password_hash(PASSWORD, method=WEAK)


def found(code: str = "SSFB", name: str = "石狮市人民政府办公室", parent_id: int | None = None) -> DeskOffice:
    """Set an office up with one person of each role; needs an app context."""
    from sqlalchemy import insert

    from caseflow.db import transaction
    from caseflow.models import Office, Person

    with transaction() as session:
        office = insert(Office).values(code=code, name=name, parent_id=parent_id, **LETTERHEAD)
        office_id = session.scalar(office.returning(Office.id)) or 0
        for_all = {"office_id": office_id, "password_hash": hashed()}
        rows = [
            {
                "username": f"{who}-{code.lower()}",
                "name": full_name,
                "role": "clerk" if who == "colleague" else who,
            }
            for who, full_name in ROLES.items()
        ]
        people = insert(Person).returning(Person.id, sort_by_parameter_order=True)
        ids = session.execute(people, [row | for_all for row in rows]).scalars()
        return DeskOffice(office_id, code, dict(zip(ROLES, ids, strict=True)))


def workdays_before(day: date, count: int) -> date:
    """The day from which ``day`` is ``count`` plain weekdays away; for building cases around today."""
    while count:
        day -= timedelta(days=1)
        count -= day.weekday() < 5
    return day
