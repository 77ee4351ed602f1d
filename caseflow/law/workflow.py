"""What may happen next, and who may do it: one table, read by pages, services and tests.

Five stages (art. 45). Waiting for the applicant or a third party is not a stage; the clock knows.
``Act.needs`` names conditions of ``guards``; the table says only who, where and whereto.
"""

from __future__ import annotations

from dataclasses import dataclass

STAGES: dict[str, str] = {
    "register": "登记",
    "review": "审核",
    "handle": "办理",
    "reply": "答复",
    "archive": "归档",
}
ARCHIVED = "archived"  # the end: the folder is closed
POSITIONS: dict[str, str] = {**STAGES, ARCHIVED: "已归档"}

ROLES: dict[str, str] = {
    "clerk": "经办人",
    "lead": "负责人",
    "supervisor": "监督员",
    "admin": "系统管理员",
    "security": "安全管理员",
    "auditor": "审计管理员",
}
# Nobody of the office: whoever asked, at the public's counter, on their own request alone
APPLICANT = "applicant"
# Settings, people, the log: apart by 等保 2.0 (GB/T 22239, 8.1.5), and none of the three works or sees a case
ADMINISTRATORS = ("admin", "security", "auditor")

LIVE = ("review", "handle")  # where the term may be stopped or restarted
OPEN = tuple(stage for stage in STAGES if stage != "archive")
OVERDUE = tuple(stage for stage in STAGES if stage != "register")  # before the legal receipt no term runs
SAME = ""  # the act leaves the stage as it is


@dataclass(frozen=True)
class Act:
    """One line of the table. ``to`` is the next stage, SAME to stay."""

    code: str
    label: str
    stages: tuple[str, ...]
    roles: tuple[str, ...]
    to: str
    article: str
    note: str = ""
    needs: tuple[str, ...] = ()
    afterwards: bool = False  # may still be done on an archived case
    counter: bool = False  # the applicant may do it too, at the public's counter

    @property
    def doers(self) -> tuple[str, ...]:
        """The roles, and APPLICANT where the applicant may do it."""
        return (*self.roles, APPLICANT) if self.counter else self.roles


ACTS: tuple[Act, ...] = (
    Act("register", "登记", (), ("clerk",), "register", "第二十九条", counter=True),
    Act(
        "confirm_receipt", "确认收到", ("register",), ("clerk",), "review", "第三十一条",
        "双方确认之日是法定收到日，期限从次一工作日起算",
    ),
    Act(
        "accept", "受理", ("review",), ("clerk", "lead"), "handle", "第四十五条",
        "受理并分办给经办人", ("no_correction_pending",),
    ),
    Act(
        "request_correction", "告知补正", LIVE, ("clerk", "lead"), SAME, "第三十条",
        "收到之日起 7 个工作日内，一次性告知；逾期的由负责人写明理由",
        ("day_not_ordered", "no_correction_yet", "no_correction_pending", "notice_in_time", "before_due"),
    ),
    Act(
        "receive_correction", "收到补正", LIVE, ("clerk",), SAME, "第三十条",
        "答复期限自收到补正之日起重新计算", ("waiting_correction",), counter=True,
    ),
    Act(
        "lapse_correction", "逾期不补正", LIVE, ("lead",), "archive", "第三十条",
        "无正当理由逾期不补正，不再处理", ("waiting_correction", "correction_overdue"),
    ),
    Act(
        "draft_reply", "拟答复", ("handle",), ("clerk", "lead"), "reply", "第三十六、三十七条",
        "写明结果和依据，报负责人审签", ("no_correction_pending", "is_handler"),
    ),
    Act(
        "consult_third_party", "征求第三方意见", ("handle",), ("clerk",), SAME, "第三十二条",
        "书面征求，所需时间不计算在期限内", ("no_correction_pending",),
    ),
    Act(
        "consult_joint_organ", "征求共同制作机关意见", ("handle",), ("clerk",), SAME, "第三十四条",
        "书面征求，所需时间不计算在期限内；逾期未答复的，视为同意公开", ("no_correction_pending",),
    ),
    Act(
        "deliver_consultation", "登记对方收到", ("handle", "reply"), ("clerk",), SAME, "第三十二、三十四条",
        "对方自收到之日起 15 个工作日内提出意见", ("consulting", "consultation_undelivered"),
    ),
    Act(
        "record_opinion", "登记意见", ("handle", "reply"), ("clerk",), SAME, "第三十二、三十四条",
        "第三方、共同制作机关的意见；期限从次一工作日续计", ("consulting",),
    ),
    Act(
        "ask_reasons", "要求说明理由", LIVE, ("clerk", "lead"), SAME, "第三十五条",
        "申请的数量、频次明显超过合理范围的；期限照常计算", ("no_correction_pending", "no_reasons_yet"),
    ),
    Act(
        "receive_reasons", "登记说明的理由", LIVE, ("clerk", "lead"), SAME, "第三十五条",
        "理由合理的，可以延迟答复；不合理的，答复不予处理", ("reasons_awaited",), counter=True,
    ),
    Act(
        "defer", "延迟答复", LIVE, ("lead",), SAME, "第三十五条",
        "理由合理但不能按期答复的，确定延迟答复的日期并告知申请人",
        ("day_not_ordered", "reasons_given", "not_deferred_yet", "no_correction_pending", "before_due"),
    ),
    Act(
        "fee_notice", "收费通知", ("handle",), ("clerk", "lead"), SAME, "第四十二条",
        "在期限内告知依据、标准、数额和缴纳方式；等待缴费期间没有到期日",
        ("day_not_ordered", "no_correction_pending", "no_fee_yet", "before_due"),
    ),
    Act(
        "deliver_fee_notice", "登记收到收费通知", ("handle",), ("clerk", "lead"), SAME, "第四十二条",
        "缴费的 20 个工作日从申请人收到通知的次日起算", ("waiting_fee", "fee_notice_undelivered"), counter=True,
    ),
    Act(
        "pay_fee", "已缴费", ("handle",), ("clerk", "lead"), SAME, "第四十二条",
        "足额缴纳之日起，答复期限重新计算", ("waiting_fee",),
    ),
    Act(
        "lapse_fee", "逾期未缴费", ("handle",), ("lead",), "archive", "第四十二条",
        "视为放弃申请，不再处理", ("waiting_fee", "fee_overdue"),
    ),
    Act(
        "ask_extension", "申请延期", ("handle",), ("clerk",), SAME, "第三十三条",
        "到期日以前，一次，最多 20 个工作日",
        ("day_not_ordered", "no_correction_pending", "no_extension_yet", "not_deferred", "before_due"),
    ),
    Act(
        "approve_extension", "批准延期", ("handle",), ("lead",), SAME, "第三十三条",
        "批准并告知申请人",
        ("day_not_ordered", "extension_asked", "no_correction_pending", "not_deferred", "before_due"),
    ),
    Act(
        "refuse_extension", "不批准延期", ("handle",), ("lead",), SAME, "第三十三条",
        "", ("extension_asked",),
    ),
    Act(
        "assign", "改派", ("handle",), ("lead", "clerk"), SAME, "第四十五条", "交给另一位经办人",
    ),
    Act(
        "review_secrecy", "保密审查", ("handle", "reply"), ("clerk", "lead"), SAME, "第十七条",
        "公开信息以前的初审、复审、审签；公开、部分公开的答复，审查完成才能审签",
        ("no_correction_pending", "not_yet_approved"),
    ),
    Act(
        "approve_reply", "审签", ("reply",), ("lead",), SAME, "第三十三条",
        "批准后由经办人发出", ("draft_open", "not_own_draft", "secrecy_reviewed"),
    ),
    Act(
        "send_back", "退回", ("reply",), ("lead",), "handle", "第四十五条",
        "写明理由，退回经办人修改",
    ),
    Act(
        "send_reply", "发出答复", ("reply",), ("clerk",), "archive", "第三十三条",
        "发出日（邮戳、邮件发出、当面送交）决定是否按时", ("draft_approved",),
    ),
    Act(
        "deliver_reply", "登记送达", ("archive",), ("clerk",), SAME, "第四十条",
        "申请人收到答复的日期和凭据", ("sent", "undelivered", "not_returned"), afterwards=True, counter=True,
    ),
    Act(
        "return_reply", "登记退件", ("archive",), ("clerk",), SAME, "第四十条",
        "答复被退回：要再发一次；答复和它发出的日期不变", ("sent", "undelivered", "not_returned"),
        afterwards=True,
    ),
    Act(
        "resend_reply", "再次发出", ("archive",), ("clerk",), SAME, "第四十条",
        "退回的答复按核实过的地址、方式再发一次", ("returned",), afterwards=True,
    ),
    Act(
        "withdraw", "申请人撤回", ("register", "review", "handle", "reply"), ("clerk",), "archive", "",
        "按“其他处理”办结；法定收到日确认以前撤回的，不计入年报", counter=True,
    ),
    Act(
        "change_contact", "变更联系方式", tuple(STAGES), ("clerk",), SAME, "第二十九条",
        "申请人改了电话、地址、电子邮箱；原来的记录保留", counter=True,
    ),
    Act(
        "archive", "归档", ("archive",), ("clerk",), ARCHIVED, "第四十五条", "材料齐全后立卷归档",
        ("not_returned", "folder_complete"),
    ),
    Act(
        "open_proceeding", "登记复议、诉讼", ("handle", "reply", "archive"), ("clerk", "lead"), SAME,
        "第五十一条", "计入年报表四", ("received",), afterwards=True,
    ),
    Act(
        "appeal_proceeding", "登记进入二审", ("handle", "reply", "archive"), ("clerk", "lead"), SAME,
        "第五十一条", "一方上诉，一审判决还没有生效；两审是一件，仍是尚未审结", ("suit_in_first_instance",),
        afterwards=True,
    ),
    Act(
        "close_proceeding", "登记审结", ("handle", "reply", "archive"), ("clerk", "lead"), SAME,
        "第五十一条", "结果维持、纠正或者其他；一审判决在上诉期满生效后再登记", ("proceeding_open",), afterwards=True,
    ),
    Act(
        "redo_reply", "重新答复", ("archive",), ("clerk", "lead"), SAME, "第五十一条",
        "结果纠正的，另立一件重新办理，与本件关联；原来的结果留在它的年度", ("corrected_unanswered",),
        afterwards=True,
    ),
    Act(
        "link_case", "关联外机关登记", ("archive",), ("clerk", "lead"), SAME, "第三十六条",
        "告知不属于本机关的，申请人另向别的机关提出后，两件互相关联；各自按自己的收到日办理", ("not_ours",),
        afterwards=True,
    ),
    Act(
        "propose_publication", "提出公开答复", ("archive",), ("clerk", "lead"), SAME, "第四十四条",
        "写成不指向个人的问答，附上可以公开的文件，报负责人批准", ("sent", "no_publication_proposed"), afterwards=True,
    ),
    Act(
        "approve_publication", "批准公开", ("archive",), ("lead",), SAME, "第四十四条",
        "批准以后任何人都看得到", ("publication_proposed", "not_own_publication"), afterwards=True,
    ),
    Act("refuse_publication", "退回公开", ("archive",), ("lead",), SAME, "第四十四条", "", ("publication_proposed",), True),
    Act("withdraw_publication", "撤下公开", ("archive",), ("lead",), SAME, "", "", ("published",), True),
    Act(
        "add_files", "存入材料", tuple(STAGES), ("clerk", "lead"), SAME, "第四十五条",
        "来件、凭据、意见、公开的信息、工作底稿", afterwards=True,
    ),
    Act(
        "issue_letter", "出具文书", ("review", "handle", "reply", "archive"), ("clerk", "lead"), SAME, "第四十五条",
        "按模板生成、编号、存卷；出具以后不再改动",
    ),
    Act(
        "watch", "督办", OPEN, ("supervisor",), SAME, "第四十七条",
        "写明督办的事项和答复督办的日期；经办人看得到，到答复、解除或者办结为止", ("not_watched",),
    ),
    Act(
        "answer_watch", "答复督办", OPEN, ("clerk", "lead"), SAME, "第四十七条",
        "写明办理情况和下一步", ("watched",),
    ),
    Act(
        "end_watch", "解除督办", OPEN, ("supervisor",), SAME, "第四十七条",
        "已经答复的，或者不再需要督办的", ("under_watch",),
    ),
    Act(
        "hold_accountable", "登记责任追究", OVERDUE, ("lead", "supervisor"), SAME, "第四十七、五十三条",
        "逾期的原因和处理；再登记一次的，以后一次为准", ("overdue",), afterwards=True,
    ),
    Act(
        "void_reply", "撤销答复", ("archive",), ("lead",), "handle", "",
        "错发的答复，误记的撤回、逾期不补正；结果退出年报表，案件接着办", afterwards=True,
    ),
    Act(
        "correct", "更正", tuple(STAGES), ("lead",), SAME, "",
        "登记有误的，写明理由更正；原记录保留", afterwards=True,
    ),
)  # fmt: skip

BY_CODE: dict[str, Act] = {act.code: act for act in ACTS}


def may(role: str, stage: str, act: str) -> bool:
    """Whether the table lets ``role`` do ``act`` on a case at ``stage``; guards come after."""
    line = BY_CODE[act]
    here = stage in line.stages or (stage == ARCHIVED and line.afterwards)
    return here and role in line.doers


def acts_for(role: str, stage: str) -> list[Act]:
    """The acts of a role at a stage, in the order of the table."""
    return [act for act in ACTS if may(role, stage, act.code)]


def check(acts: tuple[Act, ...] = ACTS) -> None:
    """Refuse a broken table: run at import. Raises ValueError naming the fault."""
    codes = [act.code for act in acts]
    if len(set(codes)) != len(codes):
        raise ValueError("an act stands twice")
    for act in acts:
        if not act.roles or not set(act.roles) <= set(ROLES):
            raise ValueError(f"{act.code}: unknown or missing role")
        if set(act.roles) & set(ADMINISTRATORS):
            raise ValueError(f"{act.code}: administrators work no cases")
        if not set(act.stages) <= set(STAGES) or act.to not in {SAME, *POSITIONS}:
            raise ValueError(f"{act.code}: unknown stage")
        if not act.stages and act.code != "register":
            raise ValueError(f"{act.code}: no stage offers it")
        if act.afterwards and act.to not in {SAME, "handle"}:
            raise ValueError(f"{act.code}: the end has no acts that lead on")
    reached = {"register"}
    while new := {a.to for a in acts if a.to and set(a.stages) & reached} - reached:
        reached |= new
    if missing := set(POSITIONS) - reached:
        raise ValueError(f"stages never reached: {sorted(missing)}")


check()
