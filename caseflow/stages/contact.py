"""变更联系方式: where an applicant is reached, as they say themselves; the rest of their form stays as it was."""

from __future__ import annotations

from collections.abc import Mapping

from ..law.applicants import is_masked, masked
from ..mail_address import is_address
from . import record
from .desk import Work, acting, typed
from .errors import Refused

CONTACT: dict[str, str] = {
    "contact_person": "联系人", "phone": "联系电话", "address": "通信地址", "email": "电子邮箱",
}  # fmt: skip


def change_contact(work: Work, case_id: int, seen: int, new: Mapping[str, str], note: str = "") -> None:
    """A new version of the form, the one before kept; ``new`` are all of CONTACT, what is shown masked stays.

    Raises Refused where nothing is new, or the applicant could no longer be reached.
    """
    with acting(work, case_id, seen, "change_contact") as case:
        kept = record.particulars_of(case.session, case.row)
        told = {f: kept[f] if new[f] == masked(kept[f]) else typed(f, new[f].strip()) for f in CONTACT}
        _check(told)
        changed = [f for f in CONTACT if told[f] != kept[f]]
        if not changed:
            raise Refused("联系方式与原来的相同")
        reference = record.keep_particulars(case.session, case.row, kept | told)
        case.write({"particulars": reference, "changed": changed}, note)


def _check(told: Mapping[str, str]) -> None:
    if is_masked(told["phone"]):
        raise Refused("写完整的号码，不要带 * 号", "phone")
    if told["email"] and not is_address(told["email"]):
        raise Refused("电子邮箱写成 name@example.cn 这样", "email")
    if not (told["phone"] or told["address"] or told["email"]):
        raise Refused("电话、地址、电子邮箱，至少留一样", "phone")
