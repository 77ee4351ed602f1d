"""The wording of the letters that decide: a reply for each result, and the two that end a request without one."""

from __future__ import annotations

from .blocks import FROM_APPLICANT, NOTE, REGULATION, Block, When, Wording

UNDER = f"根据{REGULATION}{{{{ 依据条款 }}}}"
FACTS = ("办理情况：", "{{ 办理情况 }}")
REASONS = ("理由：", "{{ 理由 }}")
HOW = "提供方式：{{ 提供方式 }}"
ENCLOSED = When("附件", "附件：{{ 附件 }}")
ASKED_FOR = "你（单位）申请公开的政府信息"

# What is refused, in the words of arts. 14 to 16
REFUSED: dict[str, str] = {
    "state_secret": "属于依法确定的国家秘密。",
    "prohibited_by_law": "属于法律、行政法规禁止公开的政府信息。",
    "public_safety": "公开后可能危及国家安全、公共安全、经济安全、社会稳定。",
    "third_party": "涉及商业秘密、个人隐私等，公开会对第三方合法权益造成损害。",
    "internal_affairs": "属于本机关人事管理、后勤管理、内部工作流程等方面的内部事务信息。",
    "process": "属于本机关在履行行政管理职能过程中形成的讨论记录、过程稿、磋商信函、请示报告等过程性信息。",
    "enforcement_file": "属于行政执法案卷信息。",
}


def _reply(*said: Block) -> Wording:
    return Wording(
        (*FROM_APPLICANT, "经审查，现答复如下：", *said, "{{ 救济途径 }}", ENCLOSED), after=(NOTE,)
    )


def _decides(*said: Block) -> Wording:
    """Where nothing is enclosed."""
    return Wording((*FROM_APPLICANT, "经审查，现答复如下：", *said, "{{ 救济途径 }}"), after=(NOTE,))


def _refusal(what: str) -> Wording:
    return _decides(
        *FACTS,
        ASKED_FOR + what + UNDER + "、第三十六条第三项的规定，本机关决定对该信息{{ 办理结果 }}。",
        *REASONS,
    )


def _not_further(happened: str, under: str) -> Wording:
    return Wording(
        (
            *FROM_APPLICANT,
            happened,
            f"{under}，视为你（单位）放弃申请，本机关不再处理该申请。",
            "{{ 救济途径 }}",
        ),
        after=(NOTE,),
    )


REPLIES: dict[str, Wording] = {
    "reply_granted": _reply(
        ASKED_FOR + "可以公开。" + UNDER + "的规定，本机关决定{{ 办理结果 }}。",
        "公开的信息：",
        "{{ 公开内容 }}",
        HOW,
    ),
    "reply_already_public": _decides(
        ASKED_FOR + "已经主动公开，属于{{ 办理结果 }}的情形。" + UNDER + "的规定，现将获取该信息的方式、途径告知如下。",
        "已主动公开的信息：",
        "{{ 公开内容 }}",
        "获取的方式、途径：",
        "{{ 获取途径 }}",
    ),
    "reply_partial": _reply(
        ASKED_FOR + "中含有不应当公开的内容，但能够作区分处理。" + UNDER
        + "和第三十六条第二项、第三项的规定，本机关决定{{ 办理结果 }}。",
        "公开的信息：",
        "{{ 公开内容 }}",
        HOW,
        "不予公开的部分：",
        "{{ 不予公开部分 }}",
        "不予公开的理由：",
        "{{ 理由 }}",
    ),
    **{f"reply_{code}": _refusal(what) for code, what in REFUSED.items()},
    "reply_administrative_inquiry": _decides(
        ASKED_FOR + "属于工商、不动产登记资料等信息，有关法律、行政法规对其获取有特别规定。" + UNDER
        + "的规定，本机关不通过政府信息公开程序提供，对该申请{{ 办理结果 }}，请依照有关法律、行政法规的规定办理。",
        "办理查询的依据和途径：",
        "{{ 查询途径 }}",
        *REASONS,
    ),
    "reply_not_exist": _decides(
        *FACTS,
        "经检索，没有" + ASKED_FOR + "，该政府信息不存在。" + UNDER + "的规定，现告知你（单位）本机关{{ 办理结果 }}。",
    ),
    "reply_not_ours": _decides(
        ASKED_FOR + "不属于本机关负责公开。" + UNDER + "的规定，现告知你（单位）本机关{{ 办理结果 }}。",
        *REASONS,
        When("负责机关", "负责公开该政府信息的行政机关：{{ 负责机关 }}"),
    ),
    "reply_needs_creation": _decides(
        *FACTS,
        ASKED_FOR + "没有现成的，需要本机关加工、分析另行制作。" + UNDER
        + "的规定，行政机关提供的应当是已制作或者已获取的政府信息，本机关{{ 办理结果 }}。",
        *REASONS,
    ),
    "reply_still_unclear": _decides(
        "你（单位）的申请经补正后，申请内容仍不明确，本机关不能据以确定所申请的政府信息。" + UNDER
        + "和第三十六条的规定，本机关{{ 办理结果 }}。",
        *REASONS,
    ),
    "reply_petition": _decides(
        "你（单位）以政府信息公开申请的形式进行信访、投诉、举报等活动。" + UNDER
        + "的规定，该申请不作为政府信息公开申请，本机关{{ 办理结果 }}。",
        *REASONS,
        When("办理渠道", "你（单位）可以通过下列渠道提出：{{ 办理渠道 }}"),
    ),
    "reply_repeat": _decides(
        "你（单位）曾向本机关申请公开相同的政府信息，本机关已经作出答复：",
        "{{ 前次答复 }}",
        UNDER + "的规定，对重复提出的申请不予重复处理，本机关对该申请{{ 办理结果 }}。",
    ),
    "reply_publication": _decides(
        "你（单位）的申请要求提供政府公报、报刊、书籍等公开出版物。" + UNDER
        + "的规定，本机关对该申请{{ 办理结果 }}。",
        *REASONS,
        When("获取途径", "获取该出版物的途径：{{ 获取途径 }}"),
    ),
    "reply_excessive": _decides(
        "你（单位）申请公开政府信息的数量、频次明显超过合理范围，所说明的理由不合理或者未说明理由。" + UNDER
        + "的规定，本机关对该申请{{ 办理结果 }}。",
        *REASONS,
    ),
    "reply_reconfirm": _decides(
        "你（单位）的申请要求本机关确认或者重新出具你（单位）已经获取的政府信息。" + UNDER
        + "的规定，本机关对该申请{{ 办理结果 }}。",
        *REASONS,
    ),
    "not_further_correction": _not_further(
        "经审查，该申请需要补正。{{ 告知日期 }}，本机关告知你（单位）补正；补正期限已于{{ 届满日期 }}届满，"
        "你（单位）无正当理由逾期不补正。",
        f"根据{REGULATION}第三十条的规定",
    ),
    "not_further_fee": _not_further(
        "{{ 告知日期 }}，本机关通知你（单位）缴纳信息处理费；缴费期限已于{{ 届满日期 }}届满，你（单位）未足额缴纳。",
        f"根据{REGULATION}第四十二条和《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）的规定",
    ),
}  # fmt: skip
