"""登记: a request comes in (art. 29, 31)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..calendars import store
from ..db import transaction
from ..law.applicants import CLASSES, is_masked
from ..law.receipt import CONFIRMED_BY, FIELD_LABELS, is_known, legal_receipt, refuse_arrival
from ..law.workflow import BY_CODE
from ..models import Case
from . import numbers, record
from .desk import Work, acting, typed
from .errors import Forbidden, Refused, Twice

WHOLE = "写完整的号码，不要带 * 号"


@dataclass(frozen=True)
class Arrival:
    """How a request came and on which days."""

    channel: str
    mail: str = ""
    submitted: date | None = None
    arrived: date | None = None
    confirmed: date | None = None
    oral: bool = False  # 代填: filled in by the office for someone who can't write (art. 29)

    def days(self) -> dict[str, date | None]:
        """The three days by field."""
        return {field: getattr(self, field) for field in FIELD_LABELS}

    @property
    def received(self) -> date | None:
        """The legal day of receipt, None while unconfirmed."""
        return legal_receipt(self.channel, self.mail, **self.days())


@dataclass(frozen=True)
class Application:
    """What the form of art. 29 says; no purpose is asked."""

    applicant_class: str
    name: str
    content: str
    contact_person: str = ""
    agent: str = ""
    co_applicants: str = ""
    certificate_type: str = ""
    certificate_number: str = ""
    phone: str = ""
    address: str = ""
    email: str = ""
    obtain_by: str = ""
    form: str = ""
    remark: str = ""

    def values(self) -> dict[str, str]:
        """Everything personal or free text; the class is not."""
        return {k: v for k, v in asdict(self).items() if k != "applicant_class"}


def check(arrival: Arrival, application: Application, today: date) -> None:
    """Raises Refused at the first field that can't stand."""
    if not is_known(arrival.channel, arrival.mail):
        raise Refused("选择受理方式", "channel")
    if application.applicant_class not in CLASSES:
        raise Refused("选择申请人类型", "applicant_class")
    for field, why in refuse_arrival(arrival.channel, arrival.mail, arrival.days(), today).items():
        raise Refused(why, field)
    if not application.name.strip():
        raise Refused("写明申请人的姓名或者名称", "name")
    if not application.content.strip():
        raise Refused("写明申请公开的信息：名称、文号或者便于查询的特征", "content")
    for field, text in application.values().items():
        typed(field, text)


def whole(application: Application) -> None:
    """Raises Refused where a number is typed with its middle hidden."""
    for field in record.IDENTITY:
        if is_masked(getattr(application, field)):
            raise Refused(WHOLE, field)


def register(
    work: Work,
    arrival: Arrival,
    application: Application,
    matters: Sequence[str] = (),
    form_key: str | None = None,
) -> list[Case]:
    """Register a request; ``matters`` are further ones on the same form, each its own case (一事一申请).

    ``form_key`` names the page it was typed on: the same page sent twice registers once. Raises
    Forbidden or Refused; the numbers are taken only if everything is written.
    """
    if work.role not in BY_CODE["register"].doers:
        raise Forbidden("register")
    contents = [application.content, *(m for m in matters if m.strip())]
    with transaction() as session:
        cases: list[Case] = []
        for content in contents:
            one = Application(**{**asdict(application), "content": content})
            check(arrival, one, work.today)
            whole(one)
            first = cases[0].id if cases else None
            cases.append(_register_one(session, work, arrival, one, first))
        keep_key(session, cases[0], form_key)
    return cases


def keep_key(session: Session, case: Case, form_key: str | None) -> None:
    """Keep of which page a new case is. Raises Twice where that page was sent before.

    Whoever sent it at the same moment has held the office's number until it was there to be seen.
    """
    if form_key and (sent := session.scalar(select(Case.id).where(Case.form_key == form_key))):
        raise Twice(sent)
    case.form_key = form_key


def _register_one(
    session: Session, work: Work, arrival: Arrival, application: Application, split_of: int | None
) -> Case:
    details = arrival_details(arrival) | {"applicant_class": application.applicant_class}
    if split_of:
        details["split_of"] = split_of
    return begin(session, work, details, application.values())


def begin(session: Session, work: Work, details: Mapping[str, Any], values: Mapping[str, str]) -> Case:
    """A new case with the next number of the year; ``details`` are those of its registration, ``values`` the form's."""
    case = Case(
        office_id=work.office_id,
        number=numbers.take(session, work.office_id, work.today.year),
        stage="register", channel=details["channel"], applicant_class=details["applicant_class"],
        registered_on=work.today, seq=0,
    )  # fmt: skip
    session.add(case)
    session.flush()
    kept = {**details, "particulars": record.keep_particulars(session, case, values)}
    record.append(
        session, case, "register", work.today, kept,
        actor_id=work.actor_id, at=work.now, calendar=store.current(), past=(), source=work.source,
    )  # fmt: skip
    return case


def arrival_details(arrival: Arrival) -> dict[str, Any]:
    """The days of an arrival as an event keeps them, the legal receipt among them."""
    kept: dict[str, Any] = {"channel": arrival.channel, "mail": arrival.mail, "oral": arrival.oral}
    for field, value in (*arrival.days().items(), ("received", arrival.received)):
        kept[field] = value.isoformat() if value else None
    return kept


def confirm_receipt(work: Work, case_id: int, seen: int, on: date, note: str = "", how: str = "") -> None:
    """确认收到: ``on``, the day both sides confirm, is the legal receipt and day 0 (art. 31); ``how`` of CONFIRMED_BY."""
    with acting(work, case_id, seen, "confirm_receipt", on) as case:
        if how and how not in CONFIRMED_BY:
            raise Refused("选择怎样确认的", "how")
        case.write({"how": how}, note)
