"""The paragraph styles of our templates, after the habits of 公文 (GB/T 9704), and the shape of their page.

Sizes are twentieths of a point: lines of exactly 28 pt are 560, an indent of two characters of 16 pt is 640.
The names of the styles are kept by Word and WPS; ``preview`` tells title from text by them.
"""

from __future__ import annotations

from docx.oxml.ns import nsdecls

BODY_FONT, TITLE_FONT, LATIN_FONT = "仿宋_GB2312", "方正小标宋简体", "Times New Roman"
MARGINS_CM = {"top": 3.7, "bottom": 3.5, "left": 2.8, "right": 2.6}
PAGE_CM = (21.0, 29.7)
TEXT_WIDTH = 8844  # 15.6 cm between the margins

TITLE, NUMBER, ADDRESSEE, TEXT, SIGN, CELL, FOLIO = (
    "文书标题", "文书文号", "文书主送", "文书正文", "文书落款", "文书表格", "文书页码",
)  # fmt: skip


def fonts(east: str) -> str:
    """The fonts of a run: Chinese in ``east``, Latin and digits in Times New Roman, quotes as Chinese ones."""
    latin = f'w:ascii="{LATIN_FONT}" w:hAnsi="{LATIN_FONT}" w:cs="{LATIN_FONT}"'
    return f'<w:rFonts w:hint="eastAsia" {latin} w:eastAsia="{east}"/>'


def _style(name: str, shape: str, look: str = "") -> str:
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{name}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="a"/><w:qFormat/><w:pPr>{shape}</w:pPr><w:rPr>{look}</w:rPr></w:style>'
    )


STYLES = (
    f"<w:styles {nsdecls('w')}><w:docDefaults><w:rPrDefault><w:rPr>{fonts(BODY_FONT)}"
    '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/><w:qFormat/>'
    '<w:pPr><w:spacing w:before="0" w:after="0" w:line="560" w:lineRule="exact"/><w:jc w:val="both"/></w:pPr>'
    f'<w:rPr>{fonts(BODY_FONT)}<w:sz w:val="32"/><w:szCs w:val="32"/></w:rPr></w:style>'
    + _style(
        TITLE,
        '<w:keepNext/><w:spacing w:line="640" w:lineRule="exact"/><w:jc w:val="center"/>',
        fonts(TITLE_FONT) + '<w:sz w:val="44"/><w:szCs w:val="44"/>',
    )
    + _style(NUMBER, '<w:spacing w:before="280" w:after="280"/><w:jc w:val="center"/>')
    + _style(ADDRESSEE, '<w:ind w:firstLine="0"/><w:jc w:val="left"/>')
    + _style(TEXT, '<w:ind w:firstLineChars="200" w:firstLine="640"/>')
    # name and date centred over each other on the right, room for the seal above
    + _style(SIGN, '<w:keepLines/><w:ind w:left="3686" w:firstLine="0"/><w:jc w:val="center"/>')
    + _style(
        CELL,
        '<w:spacing w:line="400" w:lineRule="exact"/><w:jc w:val="left"/>',
        '<w:sz w:val="28"/><w:szCs w:val="28"/>',
    )
    + _style(FOLIO, '<w:jc w:val="center"/>', '<w:sz w:val="28"/><w:szCs w:val="28"/>')
    + "</w:styles>"
)

SETTINGS = (
    f'<w:settings {nsdecls("w")}><w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/>'
    '<w:bordersDoNotSurroundFooter/><w:defaultTabStop w:val="420"/>'
    '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat>'
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
)
