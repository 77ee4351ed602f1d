"""What the people of a case are known by: every version of its form, corrected ones too; and the office's telephones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..models import Identity, Office, Particulars
from .scan import Own, squeezed

# Of the form, and of the table apart: the label, and whether several may stand in it
NAMES: dict[str, str] = {
    "name": "申请人姓名或者名称", "contact_person": "联系人", "agent": "代理人", "co_applicants": "共同申请人",
}  # fmt: skip
NUMBERS: dict[str, str] = {"certificate_number": "证件号码", "phone": "联系电话"}
APART = re.compile(r"[\s、，,；;/]+")
OTHERS = re.compile(r"等(?:\d+|[一二三四五六七八九十]+)?人?$")  # 林国栋等三人
UNITS = re.compile(r".*(?:省|自治区|市|区|县|旗|镇|乡|街道)")  # of an address, before the street
LEAST_NUMBER, LEAST_ADDRESS = 6, 5  # characters, below which it may be anything
NOT_FIGURES = re.compile(r"\D+")
TELEPHONE = re.compile(r"\d[\d ()-]{5,20}\d")


def own_of(session: Session, case_id: int, office: Office) -> Own:
    """All that the forms of a case say of people."""
    query = select(Particulars, Identity).outerjoin(Identity, Identity.particulars_id == Particulars.id)
    known: dict[tuple[str, str], None] = {}
    for form, identity in session.execute(
        query.where(Particulars.case_id == case_id).order_by(Particulars.id)
    ):
        known |= dict.fromkeys(_of_form(form))
        known |= dict.fromkeys(_of_identity(identity)) if identity else {}
    return Own(tuple(known), phones_of(office))


def phones_of(office: Office) -> frozenset[str]:
    """The figures of the telephones that the office itself publishes."""
    return frozenset(NOT_FIGURES.sub("", said) for said in TELEPHONE.findall(office.phone))


def _of_form(form: Particulars) -> Iterator[tuple[str, str]]:
    for column, label in NAMES.items():
        for name in (getattr(form, column), *APART.split(getattr(form, column))):
            if len(squeezed(bare := OTHERS.sub("", name))) > 1:
                yield label, bare
    for place in (form.address, UNITS.sub("", form.address, count=1)):
        if len(squeezed(place)) >= LEAST_ADDRESS:
            yield "通信地址", place
    if form.email:
        yield "电子邮箱", form.email


def _of_identity(identity: Identity) -> Iterator[tuple[str, str]]:
    for column, label in NUMBERS.items():
        if len(squeezed(number := getattr(identity, column))) >= LEAST_NUMBER:
            yield label, number
