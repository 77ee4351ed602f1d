"""The wording of every letter of ``law.letters``, by its code: what the shipped templates say."""

from __future__ import annotations

from .blocks import REGULATION, Table, Wording
from .notices import NOTICES
from .replies import REPLIES

BY_HAND = "　　　　　　　　　　　　年　　月　　日"  # a day written with a pen

FORMS: dict[str, Wording] = {
    "service": Wording(
        (
            Table(
                (
                    ("案　　由", "政府信息公开申请（登记编号：{{ 登记编号 }}），{{ 收到日期 }}收到"),
                    ("申请内容", "{{ 申请内容 }}"),
                    ("送达文书", "{{ 送达文书 }}"),
                    (
                        "受送达人",
                        "{{ 收件人 }}{% if 代理人 is defined %}（代理人：{{ 代理人 }}）{% endif %}",
                    ),
                    ("送达机关", "{{ 机关名称 }}\n{{ 成文日期 }}"),
                    (
                        "送达方式",
                        "□ 当面　□ 邮寄（单号：　　　　　　　　　　）\n□ 电子邮件　□ 网上　□ 其他：",
                    ),
                    ("送达地点", ""),
                    ("受送达人签名（盖章）", "\n" + BY_HAND),
                    ("代收人签名（注明关系）", "\n" + BY_HAND),
                    ("送达人签名", "\n" + BY_HAND),
                    ("备　　注", ""),
                )
            ),
        ),
        form=True,
    ),
    # Three pairs of eyes before anything is released, each with its name and its day
    "secrecy": Wording(
        (
            f"根据{REGULATION}第十七条和保守国家秘密法律法规的规定，对拟公开的政府信息进行保密审查。",
            Table(
                (
                    ("登记编号", "{{ 登记编号 }}（{{ 收到日期 }}收到）"),
                    ("申请内容", "{{ 申请内容 }}"),
                    ("拟公开的信息", "{{ 公开内容 }}"),
                    ("初　　审", "初审人：{{ 初审人 }}\n日　期：{{ 初审日期 }}"),
                    ("复　　审", "复审人：{{ 复审人 }}\n日　期：{{ 复审日期 }}"),
                    ("审　　签", "审签人：{{ 审签人 }}\n日　期：{{ 审签日期 }}"),
                    ("审查结论", "{{ 审查结论 }}"),
                    ("填表机关", "{{ 机关名称 }}\n{{ 成文日期 }}"),
                )
            ),
        ),
        form=True,
    ),
}

WORDING: dict[str, Wording] = {**NOTICES, **REPLIES, **FORMS}
