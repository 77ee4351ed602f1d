"""The wording of the letters on the way to a reply: receipt, correction, extension, consultation, fee, reasons."""

from __future__ import annotations

from .blocks import ANSWER_TO, FROM_APPLICANT, FROM_SOMEONE, NOTE, REGULATION, Block, Slip, Table, Wording

THIRD_PARTY_SLIP = Slip(
    "征求第三方意见书回执",
    "{{ 机关名称 }}：",
    "你机关《征求第三方意见书》（{{ 文号 }}）收悉，意见如下：",
    Table(
        (
            ("收到日期", "　　　　年　　月　　日"),
            ("涉及的信息", "{{ 征求内容 }}"),
            ("意　　见", "□ 同意公开\n□ 同意公开一部分，不同意公开的是：\n\n□ 不同意公开"),
            ("不同意公开的理由", "\n\n"),
            ("签名（盖章）", "\n　　　　　　　　　　　　年　　月　　日"),
            ("联系电话", ""),
        )
    ),
)


def _to_applicant(*said: Block) -> Wording:
    return Wording((*FROM_APPLICANT, *said), after=(NOTE,))


NOTICES: dict[str, Wording] = {
    "receipt": _to_applicant("特此告知。"),
    # art. 30: the items, a reasonable term, what follows, and that the term runs anew
    "correction": Wording(
        (
            *FROM_APPLICANT,
            f"经审查，你（单位）的申请需要补正。根据{REGULATION}第三十条的规定，现一次性告知需要补正的事项：",
            "{{ 补正事项 }}",
            "补正期限至{{ 补正期限 }}止（含当日）。补正材料请注明上述登记编号，并送交或者寄至本机关。",
            "无正当理由逾期不补正的，视为放弃申请，本机关不再处理该申请。",
            "按期补正的，答复期限自本机关收到补正的申请之日起重新计算，为二十个工作日。",
            *ANSWER_TO,
        )
    ),
    # art. 33, second paragraph: approved by the head of the disclosure office, at most 20 working days
    "extension": _to_applicant(
        "由于下列原因，本机关不能在{{ 原到期日 }}以前作出答复：",
        "{{ 延期理由 }}",
        f"根据{REGULATION}第三十三条第二款的规定，经本机关政府信息公开工作机构负责人同意，"
        "答复期限延长{{ 延期工作日 }}个工作日，本机关将在{{ 到期日 }}以前（含当日）作出答复。",
        "特此告知。",
    ),
    # art. 32: silence leaves the decision to the organ
    "third_party": Wording(
        (
            *FROM_SOMEONE,
            "申请公开的下列信息涉及你（单位）的商业秘密、个人隐私等，公开可能会损害你（单位）的合法权益：",
            "{{ 征求内容 }}",
            f"根据{REGULATION}第三十二条的规定，现就是否公开上述信息征求你（单位）的意见。"
            "请自收到本意见书之日起十五个工作日内填写所附回执，送交或者寄至本机关。"
            "不同意公开的，请写明理由，并附有关材料。",
            "逾期未提出意见的，由本机关依照该条例的规定决定是否公开。不同意公开且有合理理由的，本机关不予公开；"
            "但本机关认为不公开可能对公共利益造成重大影响的，可以决定予以公开，"
            "并将决定公开的信息内容和理由书面告知你（单位）。",
            *ANSWER_TO,
        ),
        after=(THIRD_PARTY_SLIP,),
    ),
    "consulting": _to_applicant(
        "因该申请涉及第三方的合法权益，或者涉及与本机关共同制作政府信息的其他行政机关，"
        "本机关已于{{ 征求日期 }}书面征求意见。",
        f"根据{REGULATION}第三十三条第三款的规定，征求第三方和其他机关意见所需的时间，不计算在答复期限内。",
        "特此告知。",
    ),
    "third_party_told": Wording(
        (
            *FROM_SOMEONE,
            "该申请涉及你（单位），本机关曾书面征求你（单位）的意见。经审查，本机关认为，"
            f"不公开有关信息可能对公共利益造成重大影响。根据{REGULATION}第三十二条的规定，本机关决定公开下列信息：",
            "{{ 公开内容 }}",
            "决定公开的理由：",
            "{{ 理由 }}",
            "特此告知。",
        ),
        after=(NOTE,),
    ),
    # art. 34: silence is consent
    "joint_organ": Wording(
        (
            *FROM_SOMEONE,
            "申请公开的下列政府信息由本机关牵头、与你机关共同制作：",
            "{{ 征求内容 }}",
            f"根据{REGULATION}第三十四条的规定，现就是否公开上述信息征求你机关的意见。"
            "请自收到本函之日起十五个工作日内书面提出意见；不同意公开的，请写明依据和理由。"
            "逾期未提出意见的，视为同意公开。",
            *ANSWER_TO,
        )
    ),
    "fee": _to_applicant(
        f"因你（单位）申请公开政府信息的数量、频次明显超过合理范围，根据{REGULATION}第四十二条和"
        "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）的规定，本机关决定收取信息处理费：",
        "计收方式：{{ 计收方式 }}",
        "计收标准：{{ 计收标准 }}",
        "计收数量：{{ 计收数量 }}",
        "收费金额：{{ 收费金额 }}",
        "缴纳方式：{{ 缴纳方式 }}",
        "请自收到本通知书次日起二十个工作日内足额缴纳。逾期未缴纳的，视为放弃申请，本机关不再处理该申请。",
        "答复期限自你（单位）足额缴纳信息处理费次日起重新计算。",
    ),
    "reasons": Wording(
        (
            *FROM_APPLICANT,
            "经审查，你（单位）申请公开政府信息的数量、频次明显超过合理范围。"
            f"根据{REGULATION}第三十五条的规定，请就下列事项说明理由：",
            "{{ 说明事项 }}",
            "请在{{ 说明期限 }}以前（含当日）书面说明，并注明上述登记编号。",
            "本机关认为理由不合理的，不予处理该申请；认为理由合理，但不能在法定期限内答复的，"
            "将确定延迟答复的合理期限并告知你（单位）。逾期不说明理由的，按没有合理理由办理。",
            *ANSWER_TO,
        )
    ),
    "deferral": _to_applicant(
        "你（单位）已经按照本机关的要求说明理由。经审查，理由合理，但由于下列原因，"
        f"本机关不能在{REGULATION}第三十三条规定的期限内答复：",
        "{{ 延迟理由 }}",
        "根据该条例第三十五条的规定，本机关延迟答复该申请，将在{{ 延迟答复日期 }}以前（含当日）作出答复。",
        "特此告知。",
    ),
}
