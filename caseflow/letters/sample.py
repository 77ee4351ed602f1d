"""An invented case that fills every variable of every letter: for the trial of a template and its preview."""

from __future__ import annotations

from datetime import date

from ..law.letters import MAY_LACK, Letter, number
from ..law.outcomes import BY_CODE as OUTCOMES
from ..law.remedies import Where, remedies

DECIDED = date(2026, 11, 23)
WHERE = Where("云溪市人民政府", "云溪市人民法院")
PAPER = "告知书"

VALUES: dict[str, str | tuple[str, ...]] = {
    "收件人": "林晓禾",
    "登记编号": "YXGK-2026-0107",
    "收到日期": "2026年10月26日",
    "申请内容": "2025年度云溪市老旧小区改造项目清单及其资金安排文件",
    "机关名称": "云溪市住房和城乡建设局",
    "成文日期": "2026年11月23日",
    "联系人": "周明",
    "联系电话": "0000-8123456",
    "机关地址": "云溪市清河路18号",
    "邮政编码": "000000",
    "代理人": "何远",
    "补正事项": ("一、补充身份证明。", "二、写明所需信息的名称、文号或者便于查询的其他特征。"),
    "补正期限": "2026年12月7日",
    "延期理由": "所申请的信息分散在六个年度的案卷中，需要逐卷查找。",
    "延期工作日": "20",
    "原到期日": "2026年11月23日",
    "到期日": "2026年12月21日",
    "征求内容": "老旧小区改造项目中标单位的报价明细",
    "征求日期": "2026年11月3日",
    "计收方式": "按量计收",
    "计收标准": "30页以内不收，第31页至第100页每页10元，第101页至第200页每页20元，第201页起每页40元",
    "计收数量": "150页",
    "收费金额": "1700元",
    "缴纳方式": "到云溪市政务服务中心3号窗口缴纳，或者按所附缴款码缴纳",
    "说明事项": "自2026年9月以来提出六十件内容相近的申请的理由",
    "说明期限": "2026年12月4日",
    "延迟理由": "申请数量较多，整理、审查需要较长时间。",
    "延迟答复日期": "2027年1月29日",
    "办理情况": "经查阅本机关2025年度项目档案和财务档案，审核有关文件共三份。",
    "理由": "有关文件按照规定处理，公开的条件尚不具备。",
    "公开内容": "《关于下达2025年度老旧小区改造计划的通知》（云建〔2025〕36号）",
    "提供方式": "以纸质复印件形式，随本告知书邮寄提供",
    "获取途径": "云溪市人民政府网站“政府信息公开”专栏",
    "不予公开部分": "通知附表中居民的姓名和联系电话",
    "附件": "《关于下达2025年度老旧小区改造计划的通知》复印件1份",
    "查询途径": "依照《不动产登记暂行条例》，到云溪市不动产登记中心申请查询",
    "负责机关": "云溪市财政局，联系电话0000-8654321",
    "办理渠道": "云溪市信访局，清河路2号",
    "前次答复": "2026年6月15日，云住建公开复〔2026〕第31号",
    "告知日期": "2026年10月12日",
    "届满日期": "2026年11月9日",
    "送达文书": ("《政府信息公开告知书》（云住建公开复〔2026〕第42号）", "附件1份"),
    "初审人": "周明",
    "初审日期": "2026年11月16日",
    "复审人": "吴静",
    "复审日期": "2026年11月17日",
    "审签人": "郑岩",
    "审签日期": "2026年11月18日",
    "审查结论": "不涉及国家秘密，可以公开。",
}


def sample(letter: Letter, *, bare: bool = False) -> dict[str, str | tuple[str, ...]]:
    """Values for a letter: all that it may use, or, ``bare``, only what it must bear."""
    known = {**VALUES, "文号": number("云住建公开", letter, DECIDED.year, 42)}
    if letter.result:
        known["办理结果"] = OUTCOMES[letter.result].group
        known["依据条款"] = letter.article
    if letter.decides:
        known["救济途径"] = remedies(letter.result, DECIDED, WHERE, paper=PAPER)
    wanted = letter.bears if bare else (*letter.bears, *MAY_LACK, *(ask.name for ask in letter.asks))
    return {name: known[name] for name in wanted}
