"""网上申请: a request as its applicant writes it (art. 29), taken in for the office to confirm (art. 31)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from ..calendars import store
from ..db import transaction
from ..files.types import shown
from ..law.applicants import CLASSES, is_masked
from ..law.workflow import APPLICANT
from ..mail_address import is_address
from ..models import Case, Office
from ..stages import papers, record, register, signin
from ..stages.checks import LIMITS, fault
from ..stages.contact import NEEDED_FOR as NEEDED_FOR
from ..stages.desk import Work
from ..stages.errors import Refused
from ..stages.papers import Came, Upload
from ..stages.register import Application, Arrival
from . import tickets
from .tickets import Given

MOST_FILES = 10  # of each kind
PROOFS = (
    "pdf",
    "jpg",
    "jpeg",
    "png",
)  # endings that a proof of identity may have: what every desk can look at
CLOSED = "这个机关的网上窗口已经关闭，请改用信函、当面等方式提出"

ONLINE = "网上获取"


@dataclass(frozen=True)
class Asked:
    """What somebody sends from the public's form; ``identity`` are pictures of the certificate."""

    application: Application
    electronic: bool = False  # 同意电子送达
    notify: bool = False  # to be told by e-mail
    identity: Sequence[Upload] = ()
    attachments: Sequence[Upload] = ()


@dataclass(frozen=True)
class Taken:
    """A request that was taken in, and the only sight of its code."""

    case_id: int
    given: Given


@dataclass(frozen=True)
class Through:
    """A website with a form of its own, through which a request comes; ``code`` where it is to be no random one."""

    site_id: int | None = None
    code: str = ""


DIRECT = Through()  # from the form of ours


@dataclass(frozen=True)
class Wanted:
    """What is wanted, in three answers."""

    title: str = ""
    document: str = ""  # 文号
    features: str = ""

    def content(self) -> str:
        """As the register keeps it: one text, each answer with its name unless it stands alone."""
        answers = {"名称": self.title, "文号": self.document, "其他特征": self.features}
        given = {name: text.strip() for name, text in answers.items() if text.strip()}
        if len(given) == 1 and not self.document.strip():
            return next(iter(given.values()))
        return "\n".join(f"{name}：{text}" for name, text in given.items())


# -- what is wrong, and what is only odd ------------------------------------------------------------

_ITEM = re.compile(r"(?m)^\s*(?:[(（]?[1-9]\d?[)）.．、](?!\d)|[(（]?[一二三四五六七八九十][)）、])")
_TITLE = re.compile(r"《[^《》]+》")
_IN_A_ROW = 3  # titles, or parts of a sentence, from which on it is more than one matter's


def seems_several(content: str) -> bool:
    """Whether a text looks like several requests: numbered items, titles or parts in a row. No more than a guess."""
    return (
        len(_ITEM.findall(content)) > 1
        or len(set(_TITLE.findall(content))) >= _IN_A_ROW
        or content.count("；") + content.count(";") >= _IN_A_ROW - 1
    )


def faults(asked: Asked) -> dict[str, str]:
    """What an applicant has to mend, by field, beyond what the register itself checks; its files are not looked at."""
    form, found = asked.application, dict[str, str]()
    if form.applicant_class not in CLASSES:
        found["applicant_class"] = "选择申请人类型"
    masked = [field for field in record.IDENTITY if is_masked(getattr(form, field))]
    found |= dict.fromkeys(masked, register.WHOLE)
    if why := fault(form.content, LIMITS["content"]):
        found["content"] = why
    if form.certificate_number and not form.certificate_type:
        found["certificate_type"] = "选择证件的种类"
    if form.certificate_type and not form.certificate_number:
        found["certificate_number"] = "写明证件号码；现在不提供的，证件选“未提供”"
    if not (form.phone or form.email or form.address):
        found["phone"] = "电话、电子邮箱、通信地址，至少写一样，机关要与您确认收到"
    field, why = NEEDED_FOR.get(form.obtain_by, ("", ""))
    if field and not getattr(form, field):
        found[field] = why
    if form.obtain_by == ONLINE and not asked.electronic:
        found["electronic"] = "选了网上获取，要同意电子送达；不同意的，改选别的获取方式"
    if asked.notify and not form.email:
        found["email"] = "要用电子邮件告诉您进展，写明电子邮箱"
    if form.email and not is_address(form.email):
        found["email"] = "电子邮箱写成 name@example.cn 这样"
    return found


def check(asked: Asked, today: date) -> None:
    """Raises Refused at the first field that can't stand."""
    register.check(Arrival("online", submitted=today), asked.application, today)
    for field, why in faults(asked).items():
        raise Refused(why, field)


# -- taking in -----------------------------------------------------------------------------------


def apply(
    office_id: int,
    asked: Asked,
    now: datetime,
    today: date,
    limits: Mapping[str, int],
    page_key: str | None = None,
    through: Through = DIRECT,
) -> Taken:
    """A case of stage 登记 without a legal day of receipt, its files and its ticket; all of it or nothing.

    ``limits`` are tries a quarter of an hour by signin.subject. ``page_key`` names the page it was typed on: sent
    twice, it is taken in once. Raises Refused, Throttled or Twice.
    """
    check(asked, today)
    _look(asked)
    with transaction() as session:
        signin.take(session, limits, now)
    identity, attachments = _kept(asked.identity), _kept(asked.attachments)
    work = Work(None, APPLICANT, office_id, today, now, store.current())
    with transaction() as session:
        if not session.get_one(Office, office_id).counter_open:
            raise Refused(CLOSED, "office")
        case = _begin(session, work, asked)
        papers.put_in(session, case, work, identity, "request", desk_only=True)
        papers.put_in(session, case, work, attachments, "request")
        told = {"electronic": asked.electronic, "notify": asked.notify}
        given = tickets.issue(session, case, now=now, site_id=through.site_id, code=through.code, **told)
        register.keep_key(session, case, key_of(office_id, page_key))
    return Taken(case.id, given)


def _begin(session: Session, work: Work, asked: Asked) -> Case:
    details = register.arrival_details(Arrival("online", submitted=work.today))
    told = {"applicant_class": asked.application.applicant_class, "electronic": asked.electronic}
    return register.begin(session, work, details | told, asked.application.values())


def key_of(office_id: int, page_key: str | None) -> str | None:
    """What is kept of a page's key: another one for each organ, so that one page may go to two of them."""
    return hashlib.sha256(f"{office_id}:{page_key}".encode()).hexdigest()[:32] if page_key else None


def _look(asked: Asked) -> None:
    """Every file, before the first is kept. Raises Refused at the field of the one that can't stand."""
    if asked.application.certificate_number and not asked.identity:
        raise Refused("写了证件号码，附上证件的照片或者扫描件", "identity")
    for proof in asked.identity:
        if proof.name.rpartition(".")[2].lower() not in PROOFS:
            raise Refused(
                f"“{shown(proof.name)}”不能上传：身份证明只收 {'、'.join(PROOFS).upper()}", "identity"
            )
    for field, uploads in (("identity", asked.identity), ("attachments", asked.attachments)):
        if len(uploads) > MOST_FILES:
            raise Refused(f"最多 {MOST_FILES} 个文件，现在选了 {len(uploads)} 个", field)
        papers.look(uploads, field)


def _kept(uploads: Sequence[Upload]) -> list[Came]:
    return papers.kept(uploads) if uploads else []
