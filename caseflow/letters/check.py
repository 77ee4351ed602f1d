"""What is wrong with a template that an administrator uploads, said so that it can be put right in Word."""

from __future__ import annotations

import struct

from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError

from ..law.letters import Letter
from . import preview
from .faults import LetterFault
from .language import read
from .package import open_parts
from .render import render
from .sample import sample

# What python-docx and docxtpl raise on parts that Word would never write
BROKEN = (
    KeyError, IndexError, ValueError, TypeError, AttributeError, SyntaxError, OSError, struct.error,
    RecursionError, PythonDocxError, OpcError,
)  # fmt: skip
MAX_TOLD = 20


def faults(letter: Letter, template: bytes) -> list[str]:
    """Every reason not to take ``template`` for ``letter``, in Chinese; none if it can be used.

    The package is looked at first, then the language of its variables, then which they are; what passes is
    filled in twice with an invented case, with and without what may be lacking, and read back.
    """
    parts, found = open_parts(template)
    if found or not parts:
        return found[:MAX_TOLD]
    reading = read(parts)
    if reading.faults:
        return reading.faults[:MAX_TOLD]
    if unknown := sorted(reading.named - letter.may_use):
        known = "、".join(sorted(letter.may_use))
        found += [f"没有“{name}”这个变量。这种文书可以用的是：{known}" for name in unknown]
    for name in letter.bears:
        if name not in reading.always:
            found.append(
                f"“{name}”只写在了判断（if）或者页眉页脚里，必须写在正文里"
                if name in reading.named
                else f"缺少“{name}”：请在正文里写上 {{{{ {name} }}}}"
            )
    if not found:
        found = [*_tried(letter, template, bare=True), *_tried(letter, template, bare=False)]
    return list(dict.fromkeys(found))[:MAX_TOLD]


def _tried(letter: Letter, template: bytes, bare: bool) -> list[str]:
    values = sample(letter, bare=bare)
    try:
        said = preview.text(render(template, values))
    except LetterFault as error:
        return [f"用样例试填没有成功：{error}"]
    except BROKEN as error:
        return [
            f"用样例试填没有成功，文档的结构有问题，请在 Word 或 WPS 里另存为 .docx 再上传（{type(error).__name__}）"
        ]
    lines = {name: (value,) if isinstance(value, str) else value for name, value in values.items()}
    return [
        f"试填以后看不到“{name}”的内容：它可能在已删除的修订或者隐藏的部分里，或者是白色、小于 4 磅的字"
        for name in letter.bears
        if not all(line in said for line in lines[name])
    ]
