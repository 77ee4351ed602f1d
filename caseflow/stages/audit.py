"""安全审计: the second log. Who signed in, was refused, exported, saw what is masked, or changed a setting.

An entry stands or falls with the transaction in which it is noted. It holds nothing of an applicant: what was
done, by whom, from where, and ids.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ..db import extension_state
from ..models import AuditEntry
from . import chain

BY = "caseflow_by"


@dataclass(frozen=True)
class By:
    """Whose request it is and from where; a command has neither."""

    actor_id: int | None = None
    office_id: int | None = None
    address: str = ""


# Everything that is noted, in the words of the page; ``what`` of an entry is its code
WHAT: dict[str, str] = {
    "sign_in": "登录",
    "sign_in_failed": "登录失败",
    "sign_in_awaits": "密码正确，等待动态口令",
    "sign_in_throttled": "登录过于频繁，暂停",
    "sign_out": "退出",
    "session_ended": "结束登录",
    "password_changed": "修改密码",
    "password_wrong": "本人密码核对不对",
    "password_reset": "重置密码",
    "second_factor_set": "设置动态口令",
    "second_factor_removed": "取消动态口令",
    "person_added": "添加人员",
    "role_changed": "更换职责",
    "person_disabled": "停用账号",
    "person_enabled": "恢复账号",
    "person_changed": "修改人员资料",
    "refused": "拒绝访问",
    "identity_shown": "查看完整证件号码和电话",
    "ticket_given": "出具查询号、查询码",
    "exported": "导出",
    "imported": "导入",
    "log_read": "导出审计记录",
    "log_tidied": "清理过期审计记录",
    "setting_changed": "修改设置",
    "calendar_changed": "修改工作日历",
    "template_changed": "修改文书模板",
    "backup_made": "备份",
    "restored": "恢复备份",
    "keys_rotated": "更换密钥",
    "keys_forgotten": "删除旧密钥",
    "swept": "清理没有记录用到的文件",
    "head_signed": "签出链头",
}


# What may be told beside it, each in the words of the page
DETAILS: dict[str, str] = {
    "person": "人员",
    "role": "职责",
    "before": "原来",
    "after": "改为",
    "field": "改了",
    "why": "原因",
    "browser": "浏览器",
    "second_factor": "第二步",
    "setting": "设置",
    "now": "现在",
    "reason": "理由",
    "page": "页面",
    "kind": "种类",
    "form": "格式",
    "full": "不遮盖",
    "office": "机关",
    "year": "年度",
    "rows": "行数",
    "cases": "办件数",
    "at": "时刻",
    "key": "密钥",
    "keys": "密钥数",
    "file": "文件",
    "document": "依据",
    "day": "日期",
    "count": "数量",
    "total": "累计",
    "digest": "摘要",
}


def this_moment() -> datetime:
    """This moment, by the clock that the web hands to the lower rooms."""
    clock: Callable[[], datetime] = extension_state("now")
    return clock()


def begin(session: Session, by: By) -> None:
    """Whatever this session notes from now on is of this person."""
    session.info[BY] = by


def note(
    session: Session, what: str, *, case_id: int | None = None, by: By | None = None, **details: Any
) -> None:
    """Note that ``what`` happened, inside the transaction in which it does.

    ``by`` where it is somebody else than who asks; ``details`` are texts and numbers, a person by id. Raises
    KeyError for what WHAT or DETAILS doesn't name.
    """
    _ = WHAT[what], [DETAILS[name] for name in details]
    who = by or session.info.get(BY, By())
    entry = {
        "at": this_moment(), "what": what, "actor_id": who.actor_id, "office_id": who.office_id, "case_id": case_id,
        "address": who.address, "details": details,
    }  # fmt: skip
    with chain.held(session, [chain.AUDIT]) as heads:
        link = heads[chain.AUDIT].extend([entry[name] for name in chain.ENTRY])
    session.add(AuditEntry(**entry, hash=link))
    session.flush()
