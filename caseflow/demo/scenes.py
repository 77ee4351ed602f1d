"""Some forty invented requests around today: every stage, every light, every class and channel.

Days are working days before today, so the scenes fit any day: a request received 17 working days ago
has three of its 20 left.
"""

from __future__ import annotations

from typing import Any

from .play import Scene, Step

PERSON = "natural_person"


def step(act: str, ago: int, **options: Any) -> Step:
    """One act, so many working days ago."""
    return Step(act, ago, options)


def came(ago: int, **options: Any) -> Step:
    """The registration."""
    return Step("register", ago, options)


def taken(ago: int, by: str = "clerk") -> list[Step]:
    """Registered, and accepted on the next working day."""
    return [came(ago), step("accept", max(ago - 1, 0), by=by)]


def replied(ago: int, result: str, how: str = "ems") -> list[Step]:
    """Drafted, approved and sent, the sending so many working days ago."""
    return [step("draft", ago + 2, result=result), step("approve", ago + 1), step("send", ago, how=how)]


def done(ago: int, result: str, how: str = "ems") -> list[Step]:
    """Sent so many working days ago, delivered and archived since."""
    return [*replied(ago, result, how), step("deliver", ago - 2), step("archive", ago - 6)]


def proposed(ago: int, title: str, question: str, answer: str) -> Step:
    """The reply proposed to be published."""
    return step("propose_publication", ago, title=title, question=question, answer=answer)


def published(ago: int, title: str, question: str, answer: str) -> list[Step]:
    """Proposed, and approved on the next working day."""
    return [proposed(ago + 1, title, question, answer), step("approve_publication", ago)]


def scene(applicant_class: str, name: str, content: str, channel: str, *steps: Step) -> Scene:
    """One request."""
    return Scene(applicant_class, name, content, channel, steps)


REGISTER = (
    scene(PERSON, "蔡雅婷", "南洋路口信号灯改造工程的设计方案", "online", came(0, unconfirmed=True)),
    scene("enterprise", "泉之源服饰有限公司", "金埭工业区雨污分流工程的招标文件", "fax", came(1, unconfirmed=True)),
    scene(PERSON, "许秀兰", "凤山水库除险加固工程的专项资金使用明细", "letter", came(2, mail="ordinary", unconfirmed=True, posted=3)),
    scene(PERSON, "邱少华", "滨海公园停车场的收费许可文件", "online",
          came(9, unconfirmed=True), step("withdraw", 7, note="申请人来电，已从网站查到")),
)  # fmt: skip

REVIEW = (
    scene(PERSON, "林国栋", "濠江路改造工程的结算审核报告", "in_person", came(0)),
    scene(PERSON, "洪玉英", "塘园社区公交线路调整的论证材料", "letter", came(1, mail="signed", posted=2)),
    scene("social", "绿海环保志愿者协会", "2025 年以来祥芝渔港水质监测数据", "online", came(3)),
    scene(PERSON, "卢天成", "有关学校的全部文件", "in_person",
          came(6), step("ask_correction", 4, days=10, note="请写明学校名称、文件的大致年份和种类")),
    scene(PERSON, "施永福", "我家房子的材料", "letter",
          came(25, mail="signed", posted=2), step("ask_correction", 21, days=15, note="请写明房屋坐落和所需文件的名称")),
)  # fmt: skip

HANDLE = (
    scene(PERSON, "陈明珠", "下宅村集体土地征收的补偿安置方案", "in_person", *taken(5)),
    scene("research", "闽南区域发展研究院", "近五年民营企业技术改造补助的分行业汇总数据", "online", *taken(10, "colleague")),
    scene(PERSON, "黄志明", "湖滨小区加装电梯的规划许可附图", "letter", came(16, mail="signed", posted=1), step("accept", 15)),
    scene(PERSON, "王春梅", "第三实验小学扩建项目的环境影响评价批复", "in_person", *taken(18, "colleague")),
    scene("enterprise", "鸿川建设工程有限公司", "西环路改造工程的中标通知书和施工合同", "online", *taken(20)),
    scene(PERSON, "吴文杰", "东岭村旧房改造项目的听证会会议纪要", "letter", came(23, mail="signed", posted=3), step("accept", 22),
          step("watch", 3, days=2, note="已经逾期，请尽快依法答复申请人，并说明逾期的原因")),
    scene(PERSON, "郑建平", "某餐饮企业的食品安全检查记录", "online", *taken(12),
          step("consult", 8, party="海之韵水产有限公司", note="申请涉及贵单位的经营信息，请书面提出意见"), step("had_letter", 7)),
    scene(PERSON, "郭思远", "鸿川公司承建项目的投标报价", "fax", *taken(9, "colleague"),
          step("consult", 3, party="鸿川建设工程有限公司", note="申请涉及贵单位的报价，请书面提出意见")),
    scene("legal_service", "正衡律师事务所", "宝盖片区征收评估报告", "letter", came(30, mail="signed", posted=2),
          step("accept", 29), step("consult", 22, party="闽信评估咨询有限公司", note="请就评估报告的公开提出意见"), step("had_letter", 20)),
    scene(PERSON, "蔡志强", "市人民政府与市住房和城乡建设局联合印发的旧改实施细则的起草说明", "online", *taken(8),
          step("joint_organ", 4, party="市住房和城乡建设局", note="贵局共同制作，请就是否公开书面答复")),
    scene("enterprise", "恒达信息咨询有限公司", "2015 年以来全部土地出让成交结果的扫描件", "online", *taken(14, "colleague"),
          step("fee", 5, count=260, note="依据国办函〔2020〕109号按量计收，请到非税窗口缴纳")),
    scene(PERSON, "何永春", "各镇街会议纪要目录（本月第十三件）", "online", *taken(6),
          step("ask_reasons", 3, days=10, note="本月已提出十三件内容相近的申请，请说明理由")),
    scene("research", "海峡城市研究中心", "三十七个单位近五年的公务出行台账", "letter", came(18, mail="signed", posted=2),
          step("accept", 17), step("ask_reasons", 15, days=8, note="数量明显超过合理范围，请说明理由"),
          step("reasons", 9, note="课题研究需要，附立项书"), step("defer", 4, days=30, note="课题需要合理，涉及三十七个单位，逐一检索")),
    scene(PERSON, "杨丽华", "2018 年以来道路改造项目的全部竣工验收备案材料", "in_person", *taken(17),
          step("ask_extension", 2, days=10, note="涉及十一个项目，材料需要逐件检索"),
          step("watch", 2, days=4, note="申请人两次来电催问，请说明检索到哪一步"),
          step("answer_watch", 0, note="八个项目的材料已经找到，其余三个正在向档案馆调阅")),
    scene(PERSON, "庄海生", "祥芝渔港码头改造的立项和用海批复", "online", *taken(24),
          step("ask_extension", 6, days=15, note="需要向档案部门调阅原件"), step("extend", 5, days=10)),
    scene("other", "东岭村股份经济合作社", "东岭村集体建设用地入市试点的批复", "letter", came(22, mail="signed", posted=1),
          step("accept", 21), step("ask_correction", 18, days=10, note="请写明地块位置或者批复年份"), step("receive_correction", 12)),
    scene(PERSON, "曾振宇", "玉浦新城 2024 年度房屋征收补偿费发放明细", "in_person", *taken(14), step("assign", 6, to="colleague")),
    scene(PERSON, "刘淑珍", "养老服务中心项目的社会稳定风险评估报告", "online", *taken(15), *replied(4, "granted", "email"),
          step("void", 2, note="附件放错，已收回并告知申请人")),
)  # fmt: skip

REPLY = (
    scene(PERSON, "张俊峰", "港湾码头停车场建设项目的立项批复文件", "online", *taken(15), step("draft", 1, result="granted")),
    scene("enterprise", "百利织造有限公司", "同行业企业的排污许可核查笔录", "letter", came(19, mail="signed", posted=2),
          step("accept", 18, by="colleague"), step("draft", 1, result="refused_enforcement_file")),
    scene(PERSON, "颜美玲", "污水处理厂提标改造的结算审核报告", "in_person", *taken(17), step("draft", 3, result="partial"), step("approve", 1)),
    scene(PERSON, "林秀兰", "信访事项的办理经过", "letter", came(14, mail="signed", posted=2), step("accept", 13),
          step("draft", 5, result="not_processed_petition"), step("send_back", 3, note="申请里有一部分是政府信息，请区分处理")),
    scene(PERSON, "陈志明", "西塘河道清淤工程的监测数据", "online", *taken(24, "colleague"),
          step("draft", 2, result="unavailable_needs_creation"), step("approve", 1)),
)  # fmt: skip

SENT = (
    scene(PERSON, "蔡国栋", "宝盖片区规划许可附图", "online", *taken(12), *replied(0, "granted", "email")),
    scene("social", "晨光助学促进会", "义务教育阶段学校招生划片的依据文件", "letter", came(16, mail="signed", posted=1), step("accept", 15, by="colleague"),
          *replied(3, "partial"), step("deliver", 1)),
    scene(PERSON, "许建平", "湖滨小区消防设施改造的验收材料", "in_person", *taken(28), *replied(2, "unavailable_not_held"),
          step("hold_accountable", 1, cause="search", measure="explained", note="逐一向三个科室核实是否制作过，核实晚了六天；经办人已书面说明")),
    scene("enterprise", "海之韵水产有限公司", "渔业补助资金的分配方案", "online", *taken(13), step("withdraw", 4, note="申请人书面撤回")),
    scene(PERSON, "邱玉英", "土地方面的文件", "letter", came(44, mail="signed", posted=2), step("ask_correction", 40, days=12, note="请写明文件名称"),
          step("lapse", 24)),
)  # fmt: skip

# Closed since long; the first number is the day of receipt, done() the day of sending
ARCHIVED = (
    scene(PERSON, "李晓燕", "濠江路雨污分流工程的立项批复文件", "in_person", *taken(44), *done(30, "granted", "in_person"),
          proposed(1, "濠江路雨污分流工程的立项批复", "濠江路雨污分流工程的立项批复文件",
                   "立项批复由市发展和改革局印发，总投资 2,860 万元，建设期两年；文件可以到政务服务中心查阅窗口复制。")),
    scene(PERSON, "洪永福", "南洋路口改造工程的施工合同", "online", *taken(52, "colleague"), *done(36, "partial", "email"),
          step("correct_delivery", 33, to=35)),
    scene("enterprise", "鸿川建设工程有限公司", "道路改造工程评标专家的个人评分", "letter", came(66, mail="signed", posted=2), step("accept", 65),
          step("consult", 60, party="评标专家三人", note="请就评分的公开提出意见"), step("had_letter", 59),
          step("opinion", 50, opinion="object", note="涉及个人评审意见，不同意公开"), *done(38, "refused_third_party")),
    scene(PERSON, "卢雅婷", "办公室内部岗位调整的会议记录", "online", *taken(80), *done(62, "refused_internal_affairs", "email")),
    scene(PERSON, "施少华", "城市更新方案的讨论稿", "in_person", *taken(95, "colleague"), *done(80, "refused_process")),
    scene("legal_service", "明理法律服务所", "不动产登记资料", "letter", came(110, mail="signed", posted=2), step("accept", 109),
          *done(96, "refused_administrative_inquiry")),
    scene(PERSON, "林国栋", "濠江路改造工程的立项批复文件", "in_person", *taken(125), *done(116, "unavailable_not_held")),
    scene("research", "海岸带生态研究所", "近岸海域沉积物采样的逐日汇总表", "online", *taken(140, "colleague"), *done(124, "unavailable_needs_creation", "email")),
    scene(PERSON, "郭天成", "要求处理邻居违建", "letter", came(150, mail="ordinary", posted=4), step("accept", 149), *done(140, "not_processed_petition")),
    scene(PERSON, "林国栋", "濠江路改造工程的立项批复文件", "fax", *taken(104), *done(98, "not_processed_repeat")),
    scene("other", "康宁老年活动中心", "老旧小区加装电梯补助办法", "other", *taken(176), *done(158, "granted"),
          *published(140, "老旧小区加装电梯的补助办法", "老旧小区加装电梯能不能补助、补助多少、怎样申请",
                     "每台补助 10 万元，五层以上、权属清晰的住宅可以申请。\n\n由业主推举的代表到小区所在的镇街提出，联合审查通过、竣工验收以后一次拨付。")),
    scene(PERSON, "杨明珠", "下宅村征地预公告和听证告知书", "online", *taken(198),
          step("ask_extension", 182, days=10, note="需要与自然资源部门核对"), step("extend", 181, days=10), *done(172, "partial", "email")),
    scene(PERSON, "庄秀兰", "2024 年供水管网改造的监测数据", "in_person", *taken(226), *done(202, "granted", "in_person"),
          *published(180, "2024 年供水管网改造的水质监测数据", "2024 年供水管网改造以后各监测点的水质数据",
                     "改造以后 12 个监测点逐月检测，浑浊度、余氯、菌落总数都符合《生活饮用水卫生标准》（GB 5749）；年度平均值见供水公司网站的水质公告。")),
)  # fmt: skip

BROUGHT = (
    scene(PERSON, "曾文杰", "东岭村征收补偿费的分户发放明细", "letter", came(120, mail="signed", posted=3), step("accept", 119),
          step("consult", 112, party="东岭村村民四十二户", note="请就补偿明细的公开提出意见"), step("had_letter", 110),
          step("opinion", 100, opinion="partial", note="同意公开总额，不同意公开分户金额"), *done(95, "partial"),
          step("open_suit", 78, kind="reconsideration"), step("close_suit", 45, n=1, result="upheld"),
          step("open_suit", 32, kind="suit", after=True)),
    scene(PERSON, "刘建平", "行政执法监督检查的案卷", "in_person", *taken(70), *done(54, "refused_enforcement_file"),
          step("open_suit", 20, kind="reconsideration")),
)  # fmt: skip

SPLIT = (
    scene(PERSON, "张海生", "公交线路调整方案和征求意见情况", "in_person", came(34, more=("出租车运价听证会会议纪要",)),
          step("accept", 33), step("accept", 33, of=1, by="colleague"), *replied(20, "granted"),
          step("draft", 19, of=1, result="unavailable_not_held"), step("approve", 18, of=1), step("send", 17, of=1)),
    scene(PERSON, "颜永福", "社区卫生服务站的设置批复", "in_person",
          came(8, oral=True, remark="申请人书写确有困难，由经办人代填"), step("accept", 7, by="colleague")),
)  # fmt: skip

SCENES: tuple[Scene, ...] = (*REGISTER, *REVIEW, *HANDLE, *REPLY, *SENT, *ARCHIVED, *BROUGHT, *SPLIT)
