"""The words and ways of writing of the holiday notices, and which sentences state days at all."""

from __future__ import annotations

import re

from .workdays import WEEKDAYS

FESTIVAL = r"(?:元旦|春节|清明节?|劳动节|端午节?|中秋节?|国庆节?)"
FESTIVALS_NAMED = rf"{FESTIVAL}(?:[、和]{FESTIVAL})*"

# A sentence states days by a date, or by words of rest and work together with a count or a weekday
NUMERAL = "一二三四五六七八九十"
DATED = re.compile(rf"[{NUMERAL}\d][日月]")
RESTS = re.compile(
    r"放假|调休|补休|休息|休假|不休|连休|假期|停工|上班|补班|加班|到岗|在岗|返岗|出勤|复工|开工|办公(?!厅|室)"
)
COUNTED = re.compile(rf"\d|[{NUMERAL}两]天|周[{WEEKDAYS}天末]|星期|除夕|初[{NUMERAL}]")
ON_A_DAY = re.compile(rf"周[{WEEKDAYS}天末]|星期|除夕|初[{NUMERAL}]|\d[./-]\d")
FESTIVE = re.compile(rf"^(?:\d{{4}}年)?{FESTIVAL}(?!.*期间).*(?:放假|调休|补休|休息|连休|上班)")

# Titles, prefaces and words around the arrangements; one that has a date all the same is no such words
PREFACE = re.compile(r"如下$|的通知[)》]?$")
AROUND = re.compile(
    r"^各省|^国务院办公厅|^国办|^根据|^经国务院|^节假日期间|^此件|号[)]?$"
    r"|^(?:新华社|新华网|人民日报|中国政府网|来源|原?标题|发布|成文|印发|索引号|发文|责任编辑)"
)
# The only dates that are none of the arrangements': when the notice was signed, issued, published
PUBLISHED = re.compile(
    rf"^[(]?\d{{4}}年\d{{1,2}}月\d{{1,2}}日(?:印发)?[)]?$|^[〇零{NUMERAL}]{{4}}年[{NUMERAL}]+月[{NUMERAL}]+日$"
    r"|(?<=^国务院办公厅)(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:印发)?$"
    r"|^(?:新华社|新华网|人民日报|中国政府网)[^,:\d]{0,10}(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:电|讯|消息)"
    r"|(?:来源:[^,\d]{0,20}|(?:发布|成文|印发|生成)(?:日期|时间)?:?)\d{4}年\d{1,2}月\d{1,2}日"
    r"(?=[\d:]*(?:$|[^\d,:]{2,8}:))"
)
# Advice names days that its readers may take off (安排职工在除夕（2月9日）休息); it has none worked, and no clause
# of it begins with a day
ADVICE = re.compile(r"^鼓励")
ADVICE_ENDS = re.compile(r"上班|补班|到岗|在岗|返岗|出勤|,(?:\d{4}年)?\d{1,2}月\d{1,2}日")
NUMBERING = re.compile(rf"^(?:[{NUMERAL}]+、|[(][{NUMERAL}\d]+[)]|\d{{1,2}}[、.](?!\d))")
HEADING = re.compile(rf"^(?:\d{{4}}年)?({FESTIVALS_NAMED})(?:假期)?:?$")
NAMED = re.compile(
    r"^(?P<name>(?:(?!月\d)[^:])*?):"
    rf"|^(?:\d{{4}}年)?(?P<bare>{FESTIVALS_NAMED})(?:假期)?(?=(?:\d{{4}}年)?\d{{1,2}}月)"
)

DAY = r"(?:(?:\d{4})年)?(?:\d{1,2}月)?\d{1,2}日(?:[(][^()]*[)])?"
ONE = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:[(]([^()]*)[)])?")
SPAN = rf"{DAY}(?:(?:至|到|-){DAY})?"
SPANS = rf"{SPAN}(?:(?:、|和|及){SPAN})*"
OFF = re.compile(rf"^({SPANS})(?:放假调休|调休放假|放假公休|放假|调休|补休|休息)(?:(\d{{1,3}})天)?$")
WORKED = re.compile(rf"^({SPANS})(?:照常|正常|均)?上班$")
BACK = re.compile(rf"^({DAY})起(?:照常|正常)上班$")  # says only that the holiday is over
PROLONGED = re.compile(
    rf"^(?:延长(?:\d{{4}}年)?(?P<first>\D+?)假期|将?(?:\d{{4}}年)?(?P<then>\D+?)假期延长)至(?P<until>{DAY})$"
)
TOTAL = re.compile(r"^共(?:计)?(\d{1,3})天$")
JOINED = "与周末连休"
ALONE = "不调休"
NUMBER = r"国办发\S{0,6}?[〔\[［(（]\d{4}[〕\]］)）]\d{1,4}号"

_WIDE = str.maketrans("０１２３４５６７８９：；，．（）－—–～~〔〕﹣", "0123456789:;,.()-----()-")


def plain(text: str) -> str:
    """One width of digits and signs, no blanks."""
    return re.sub(r"\s+", "", text.translate(_WIDE))


def states_days(plain: str) -> bool:
    """Whether a sentence sets days, or tries to: only others may be passed over."""
    told = re.sub(r"\d{4}年", "", PUBLISHED.sub("", plain))
    rests, dated = RESTS.search(told), DATED.search(told)
    if ADVICE.match(plain) and not ADVICE_ENDS.search(plain):
        return False
    if PREFACE.search(plain) or AROUND.search(plain):
        return bool(dated or (rests and ON_A_DAY.search(told)))
    return bool(dated or FESTIVE.match(told) or (rests and COUNTED.search(told)))
