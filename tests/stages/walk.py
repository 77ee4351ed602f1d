"""A walk through the office at random: people do what the table lets them, on days that could be."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from caseflow.calendars import store
from caseflow.db import db
from caseflow.law import guards
from caseflow.law.applicants import CLASSES
from caseflow.law.casefile import REDO, CaseFile
from caseflow.law.outcomes import OUTCOMES
from caseflow.law.receipt import CHANNELS, MAILS
from caseflow.law.replay import replay
from caseflow.law.workflow import acts_for
from caseflow.models import Case, CaseLink
from caseflow.stages import correct, record, register
from caseflow.stages.desk import Work
from caseflow.stages.errors import Refused
from caseflow.stages.handle import OPINIONS
from caseflow.stages.proceedings import RESULTS
from tests.stages.drive import DO, answers, assert_replayed
from tests.support.office import DeskOffice, row, seq

RESULTS_OF_REPLIES = [o.code for o in OUTCOMES if not o.closes_without_reply]
# How likely, beside the usual: what leads on, rather than what ends or repeats
LIKELY = {
    "ask_extension": 20, "approve_extension": 40, "draft_reply": 20, "approve_reply": 40, "send_reply": 60,
    "deliver_reply": 30, "deliver_consultation": 20, "lapse_correction": 40,
    "withdraw": 1, "correct": 4, "open_proceeding": 1, "close_proceeding": 4, "assign": 1, "void_reply": 6,
    "add_files": 1, "issue_letter": 1, "watch": 1, "end_watch": 1, "hold_accountable": 1,
    "propose_publication": 1, "approve_publication": 1, "refuse_publication": 1, "withdraw_publication": 1,
    "change_contact": 1,
}  # fmt: skip
USUAL = 10


@dataclass
class Walk:
    """One office through the years; every act is checked as soon as it is done."""

    office: DeskOffice
    chance: Random
    today: date
    cases: list[int] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def step(self) -> None:
        """Someone registers a request, or does something on one."""
        self.today += timedelta(days=self.chance.choice([0, 0, 0, 0, 0, 1, 1, 2, 5, 12]))
        if not self.cases or self.chance.random() < 0.08:
            return self._register()
        case_id = self.chance.choice(self.cases if self.chance.random() < 0.2 else self.cases[-6:])
        file = replay(record.entries(db.session(), case_id))
        for who in self.chance.sample(["clerk", "colleague", "lead", "supervisor"], 4):
            work = self.office.work(who, self.today)
            if acts := self._open_to(work, case_id, file):
                (act,) = self.chance.choices(acts, [LIKELY.get(code, USUAL) for code in acts])
                return self._do(work, case_id, act, file)
        return None

    def _open_to(self, work: Work, case_id: int, file: CaseFile) -> list[str]:
        calendar = store.edition(row(case_id).calendar_version)
        clock = file.clock(calendar)
        desk = guards.Desk(file, clock, calendar, self.today, work.actor_id, work.role)
        return [a.code for a in acts_for(work.role, file.stage) if not guards.refusal(desk, a.code)]

    def _do(self, work: Work, case_id: int, act: str, file: CaseFile) -> None:
        before = seq(case_id)
        try:
            if act == "correct":
                self._correct(work, case_id, file)
            else:
                DO[act](work, case_id, before, answers(self.office, self.today) | self._answers(act, file))
        except Refused:
            self.refused[act] += 1
            assert seq(case_id) == before
        else:
            self.done[act] += 1
            assert seq(case_id) == before + 1
            if act == "redo_reply":
                self.cases = [case.id for case in self.rows()]
        assert_replayed(case_id)
        _in_one_place(row(case_id), self.redone())

    # -- what they say ------------------------------------------------------------------------------

    def _day(self, first: date | None) -> date:
        """Mostly today; now and then a day since the request came, or a little before it."""
        if first is None or self.chance.random() < 0.7:
            return self.today
        return first + timedelta(days=self.chance.randint(-2, max((self.today - first).days, 0)))

    def _answers(self, act: str, file: CaseFile) -> dict[str, Any]:
        chance, on = self.chance, self._day(file.received or file.submitted)
        results = {"draft_reply": RESULTS_OF_REPLIES, "close_proceeding": [*RESULTS]}
        open_now = [n for n, _ in file.open_consultations]
        if act == "redo_reply":
            open_now = [p.n for p in file.proceedings if p.result == "corrected" and not p.redone]
        if act == "appeal_proceeding":
            open_now = [p.n for p in file.proceedings if p.in_first_instance]
        if act == "close_proceeding":
            open_now = [p.n for p in file.proceedings if p.closed is None]
        return {
            "on": on,
            "until": on + timedelta(days=chance.randint(0, 30)),
            "handler_id": self.office.people[chance.choice(["clerk", "colleague"])],
            "to": self.office.people[chance.choice(["clerk", "colleague"])],
            "n": chance.choice(open_now or [1]),
            "opinion": chance.choice([*OPINIONS]),
            "delivered": chance.choice([None, on, self._day(file.received)]),
            "days": chance.randint(1, 21),
            "told": self.today + timedelta(days=chance.choice([0, 0, 0, 3])),
            "result": chance.choice(results.get(act, [""])),
            "kind": chance.choice(["reconsideration", "suit"]),
            "after": chance.random() < 0.3,
            "set_day": chance.choice([None, on + timedelta(days=chance.randint(0, 40))]),
        }

    def _register(self) -> None:
        arrival, form = self._arrival(), self._form()
        matters = ["另一件"] if self.chance.random() < 0.1 else []
        before = self.numbers()
        try:
            cases = register.register(self.office.work("clerk", self.today), arrival, form, matters)
        except Refused:
            self.refused["register"] += 1
            assert self.numbers() == before
            return
        self.done["register"] += 1
        self.cases += [case.id for case in cases]
        assert_replayed(self.cases[-1])
        self.check()  # as often as a request is registered: now and then

    def _arrival(self) -> register.Arrival:
        submitted = self.today - timedelta(days=self.chance.randint(0, 9))
        days = [None, submitted, self.today, submitted + timedelta(days=self.chance.randint(-1, 9))]
        return register.Arrival(
            self.chance.choice([*CHANNELS]),
            self.chance.choice([*MAILS]),
            submitted,
            arrived=self.chance.choice(days),
            confirmed=self.chance.choice(days),
        )

    def _form(self) -> register.Application:
        return register.Application(
            self.chance.choice([*CLASSES]), f"申请人{self.chance.random()}", "某路的图纸"
        )

    def _correct(self, work: Work, case_id: int, file: CaseFile) -> None:
        seen, kind = seq(case_id), self.chance.choice(["day", "result", "form"])
        if kind == "day":
            target, day = self.chance.randint(1, seen), self._day(file.received)
            correct.correct_day(work, case_id, seen, target, day, "记错了")
        elif kind == "result":
            correct.correct_result(work, case_id, seen, self.chance.choice(RESULTS_OF_REPLIES), "选错了")
        else:
            correct.correct_particulars(work, case_id, seen, self._arrival(), self._form(), "抄错了")

    # -- what must always be so ---------------------------------------------------------------------

    def rows(self) -> list[Case]:
        """All cases of this office as they stand."""
        db.session.rollback()
        query = select(Case).where(Case.office_id == self.office.id).order_by(Case.id)
        return list(db.session.scalars(query))

    def redone(self) -> set[int]:
        """The cases on which an earlier one is answered anew."""
        query = select(CaseLink.other_id).where(CaseLink.kind == REDO, CaseLink.other_id.in_(self.cases))
        return set(db.session.scalars(query))

    def numbers(self) -> list[str]:
        """The numbers given so far, in order."""
        return [case.number for case in self.rows()]

    def check(self) -> None:
        """Each case in one cell or open; each year balances and hands on what it carries out."""
        rows, redone = self.rows(), self.redone()
        for case in rows:
            _in_one_place(case, redone)
        for applicant in CLASSES:
            mine = [c for c in rows if c.applicant_class == applicant and c.new_year]
            carried = 0  # out of the year before
            for year in range(2024, self.today.year + 1):
                new = sum(c.new_year == year for c in mine)
                results = sum(c.result_year == year for c in mine)
                carried_in = sum((c.new_year or 0) < year <= (c.result_year or 9999) for c in mine)
                carried_out = sum((c.new_year or 0) <= year < (c.result_year or 9999) for c in mine)
                assert (carried_in, new + carried_in) == (carried, results + carried_out), (applicant, year)
                carried = carried_out


def _in_one_place(case: Case, redone: set[int]) -> None:
    """Open and in no result; or closed, with one result in one year; or never a request at all."""
    if case.closed_on is None:
        assert (case.result, case.result_year, case.closed_by) == ("", None, "")
        assert case.stage in {"register", "review", "handle", "reply"}
        assert (case.received_on is None) == (case.stage == "register")
        assert (case.due_on is None) == (case.received_on is None or case.waiting in {"correction", "fee"})
    elif case.closed_by == "not_received":
        assert (case.result, case.new_year, case.result_year) == ("", None, None)
    else:
        assert case.result in {o.code for o in OUTCOMES}
        assert case.received_on is not None
        assert case.received_on <= case.closed_on
        years = (case.received_on.year, case.closed_on.year)
        assert (case.new_year, case.result_year) == ((None, None) if case.id in redone else years)
        assert (case.on_time is None) == (case.closed_by != "reply") == (case.replied_on is None)
        if case.replied_on and case.due_on:
            assert case.on_time == (case.replied_on <= case.due_on)
