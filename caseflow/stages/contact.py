"""变更联系方式: where an applicant is reached, as they say themselves; the rest of their form stays as it was."""

from __future__ import annotations

from collections.abc import Mapping

from ..law.applicants import is_masked, masked
from ..mail_address import is_address
from ..models import Ticket
from . import record
from .desk import Work, acting, typed
from .errors import Refused

CONTACT: dict[str, str] = {
    "contact_person": "联系人", "phone": "联系电话", "address": "通信地址", "email": "电子邮箱",
}  # fmt: skip
# What an applicant may wish: whether letters are served at the counter, whether mail tells of them
WISHES: dict[str, str] = {"electronic": "同意电子送达", "notify": "要求用电子邮件告知进展"}
# What a way of obtaining the information can't do without: the field, and what is said where it is empty
NEEDED_FOR: dict[str, tuple[str, str]] = {
    "邮寄": ("address", "选了邮寄，写明收件的通信地址"),
    "电子邮件": ("email", "选了电子邮件，写明收件的电子邮箱"),
    "传真": ("phone", "选了传真，在联系电话里写明传真号码"),
}


def change_contact(work: Work, case_id: int, seen: int, new: Mapping[str, str], note: str = "") -> None:
    """A new version of the form, the one before kept; ``new`` are all of CONTACT, what is shown masked stays.

    Raises Refused where nothing is new, or the applicant could no longer be reached.
    """
    with acting(work, case_id, seen, "change_contact") as case:
        kept = record.particulars_of(case.session, case.row)
        told = {f: kept[f] if new[f] == masked(kept[f]) else typed(f, new[f].strip()) for f in CONTACT}
        _check(told, kept["obtain_by"])
        ticket = case.session.get(Ticket, case_id)
        if ticket and ticket.notify and not told["email"]:
            raise Refused("要求用电子邮件告知进展的，要留电子邮箱", "email")
        changed = [f for f in CONTACT if told[f] != kept[f]]
        if not changed:
            raise Refused("联系方式与原来的相同")
        reference = record.keep_particulars(case.session, case.row, kept | told)
        case.write({"particulars": reference, "changed": changed}, note)


def _check(told: Mapping[str, str], obtain_by: str) -> None:
    field, why = NEEDED_FOR.get(obtain_by, ("", ""))
    if field and not told[field]:
        raise Refused(why, field)
    if is_masked(told["phone"]):
        raise Refused("写完整的号码，不要带 * 号", "phone")
    if told["email"] and not is_address(told["email"]):
        raise Refused("电子邮箱写成 name@example.cn 这样", "email")
    if not (told["phone"] or told["address"] or told["email"]):
        raise Refused("电话、地址、电子邮箱，至少留一样", "phone")
