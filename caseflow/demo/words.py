"""Invented people, organs and matters. Nobody is meant; certificate and telephone numbers can't exist."""

from __future__ import annotations

from zlib import crc32

from ..law.letters import Letter

# -- one office ----------------------------------------------------------------------------------

OFFICE = ("SSFB", "石狮市人民政府办公室")
LETTERHEAD = {
    "letter_word": "狮政公开",
    "address": "石狮市濠江路1号",
    "postcode": "362700",
    "contact": "信息公开办公室",
    "phone": "0595-00000000",
    "reconsideration_organ": "石狮市人民政府",
    "court": "石狮市人民法院",
    "review_channel": "行政复议网上申请平台（fy.example.cn）",
}

# key, user name, name, role
PEOPLE = (
    ("clerk", "wangmin", "王敏", "clerk"),
    ("colleague", "chenxiao", "陈晓", "clerk"),
    ("lead", "lijianhua", "李建华", "lead"),
    ("supervisor", "zhoulan", "周岚", "supervisor"),
    ("admin", "wutong", "吴桐", "admin"),
    ("security", "xujing", "徐静", "security"),
    ("auditor", "hefang", "何芳", "auditor"),
)

DEPARTMENTS = {"clerk": "信息公开科", "colleague": "法规科"}  # 科室, by the key of a person

# -- many offices: those beneath the first one ---------------------------------------------------

ORGANS = (
    "自然资源局", "住房和城乡建设局", "教育局", "卫生健康局", "生态环境局", "交通运输局", "农业农村局", "民政局",
    "财政局", "公安局", "司法局", "人力资源和社会保障局", "市场监督管理局", "文化体育和旅游局", "水利局",
    "应急管理局", "审计局", "统计局", "医疗保障局", "城市管理局", "发展和改革局", "工业信息化局", "商务局",
    "退役军人事务局",
)  # fmt: skip
TOWNS = ("东岭", "西塘", "南浦", "北埔", "港湾", "龙泉", "凤山", "海昌", "玉浦", "金埭", "云岭", "石渡")
BODIES = ("镇人民政府", "街道办事处", "乡人民政府", "开发区管理委员会")

# -- applicants ----------------------------------------------------------------------------------

SURNAMES = "林陈蔡王黄吴许李邱洪卢施杨郭郑庄曾张刘颜"
FIRST = "国志雅文美建晓永淑俊丽海玉振春少思明天秀"
SECOND = "栋明婷杰玲平燕福珍峰华生英宇梅远珠成兰辉"
PERSONS = len(SURNAMES) * len(FIRST) * len(SECOND)
BODIES_BY_CLASS = {
    "enterprise": ("泉之源服饰有限公司", "海之韵水产有限公司", "鸿川建设工程有限公司", "百利织造有限公司"),
    "research": ("闽南区域发展研究院", "海岸带生态研究所"),
    "social": ("绿海环保志愿者协会", "晨光助学促进会"),
    "legal_service": ("正衡律师事务所", "明理法律服务所"),
    "other": ("东岭村股份经济合作社", "康宁老年活动中心"),
}

# -- matters: a place, what about it, which paper ------------------------------------------------

PLACES = (
    "濠江路", "西环路", "下宅村", "东岭村", "宝盖片区", "南洋路口", "湖滨小区", "金埭工业区", "祥芝渔港", "灵秀山",
    "第三实验小学", "滨海公园", "塘园社区", "凤山水库", "玉浦新城", "港湾码头",
)  # fmt: skip
SUBJECTS = (
    "道路改造工程", "集体土地征收", "旧房改造项目", "雨污分流工程", "公交线路调整", "学校扩建项目",
    "污水处理厂提标改造", "消防设施改造", "老旧小区加装电梯", "河道清淤工程", "停车场建设项目", "养老服务中心项目",
)  # fmt: skip
PAPERS = (
    "立项批复文件", "环境影响评价批复", "结算审核报告", "补偿安置方案", "中标通知书和施工合同", "规划许可附图",
    "社会稳定风险评估报告", "专项资金使用明细", "竣工验收备案材料", "听证会会议纪要", "招标文件", "监测数据",
)  # fmt: skip
OBTAIN = ("邮寄", "电子邮件", "当面领取", "自行下载")
FORMS = ("纸质", "电子文本", "光盘")


def certificate(known: int, applicant_class: str) -> tuple[str, str]:
    """Type and number: there is no region 000000, so nobody has this number."""
    if applicant_class == "natural_person":
        year, month, day = 1950 + known % 50, 1 + known % 12, 1 + known % 28
        return "居民身份证", f"000000{year}{month:02d}{day:02d}{known % 1000:03d}X"
    return "统一社会信用代码", f"91000000MA{known % 10**8:08d}"


def form(applicant_class: str, name: str, content: str, nth: int = 0) -> dict[str, str]:
    """What the form of art. 29 says; the ``nth`` of a name always has the same certificate and telephone."""
    known = crc32(f"{name}{nth or ''}".encode())
    kind, number = certificate(known, applicant_class)
    return {
        "name": name,
        "content": content,
        "contact_person": "" if applicant_class == "natural_person" else person(known),
        "certificate_type": kind,
        "certificate_number": number,
        "phone": f"100{known % 10**8:08d}",  # no mobile number begins with 100
        "email": f"shenqing{known % 10**6}@example.cn" if known % 3 else "",
        "address": f"{PLACES[known % 8]} {1 + known % 180} 号",
        "obtain_by": OBTAIN[known % 3],
        "form": FORMS[0 if known % 3 == 0 else 1],
    }


# What a clerk would type into a letter
SAID = {
    "公开内容": "申请表所列的文件一份",
    "提供方式": "以纸质复印件提供，随本告知书送达",
    "获取途径": "本机关网站“政府信息公开”专栏",
    "不予公开部分": "文件中自然人的姓名、证件号码和银行账号",
    "办理情况": "经查阅本机关有关年度的档案和业务系统，并逐件审核",
    "理由": "所列内容符合上述条款规定的情形",
    "查询途径": "依照有关法律、行政法规的规定到登记机构查询",
    "前次答复": "本机关此前就同一内容作出的答复",
}


def typed(letter: Letter) -> dict[str, str]:
    """What only the clerk can say in a letter."""
    return {ask.name: SAID[ask.name] for ask in letter.asks if ask.needed}


def person(index: int) -> str:
    """An invented person's name; there are PERSONS of them."""
    rest, first = divmod(index, len(FIRST))
    rest, second = divmod(rest, len(SECOND))
    return SURNAMES[rest % len(SURNAMES)] + FIRST[first] + SECOND[second]
