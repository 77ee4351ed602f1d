"""The OpenAPI document of the HTTP interface. What it says of a request comes from the public's own form, so that
both say the same; a site's JSON is held against it before the form is asked."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Mapping
from functools import cache
from typing import Any

from wtforms import Field
from wtforms.validators import DataRequired

from ..counter.applications import MOST_FILES
from ..stages.papers import Upload
from .apply_form import UNSURE, ApplyForm
from .forms import Clean

Schema = dict[str, Any]

FILES = {
    "identity": "身份证明：证件的照片、扫描件或者 PDF；写了证件号码的必须有",
    "attachments": "其他材料：委托书、有关的文件等",
}
LONGEST_NAME = 200  # of a file
LONGEST_CODE = 40  # of an organ
FILE: Schema = {
    "type": "object",
    "required": ["name", "content"],
    "additionalProperties": False,
    "properties": {
        "name": {
            "type": "string", "minLength": 1, "maxLength": LONGEST_NAME,
            "description": "文件名，带扩展名",
        },
        "content": {"type": "string", "contentEncoding": "base64", "description": "内容，base64"},
    },
}  # fmt: skip
TYPES: dict[str, tuple[Any, str]] = {
    "string": (str, "写成文字"), "boolean": (bool, "写成 true 或者 false"), "array": (list, "写成列表"),
}  # fmt: skip


class ApiForm(ApplyForm):
    """The same form, filled in by another website, which has no page of ours and so no token of one."""

    class Meta(ApplyForm.Meta):
        csrf = False


@cache
def wanted() -> Schema:
    """The JSON of a request: a property for each field of the form, and the files."""
    fields = [field for field in ApiForm(formdata=None) if field.type != "HiddenField"]
    office: Schema = {
        "type": "string", "maxLength": LONGEST_CODE, "title": "机关",
        "description": f"向哪个机关申请：机关代码；不写，就是令牌所属的机关；不知道归谁的写 {UNSURE}",
    }  # fmt: skip
    files = {
        name: {"type": "array", "maxItems": MOST_FILES, "items": FILE, "description": said}
        for name, said in FILES.items()
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [f.name for f in fields if _needed(f) and f.name != "office"],
        "properties": {f.name: _property(f) for f in fields} | {"office": office} | files,
    }


def _needed(field: Field) -> bool:
    return any(isinstance(one, DataRequired) for one in field.validators)


def _property(field: Field) -> Schema:
    """One field of the form."""
    told: Schema = {"type": "boolean"} if field.type == "BooleanField" else {"type": "string"}
    told["title"] = field.label.text
    if choices := getattr(field, "choices", None):
        told["enum"] = [choice.value for choice in choices if choice.value or not _needed(field)]
        told["description"] = "；".join(
            f"{c.value} {c.label}" for c in choices if c.value and c.value != c.label
        )
        return {key: value for key, value in told.items() if value}
    for one in field.validators:
        if isinstance(one, Clean):
            told["maxLength"] = one.limit
    return told | ({"minLength": 1} if _needed(field) else {})


# -- what came ---------------------------------------------------------------------------------------


def faults(told: Mapping[str, Any]) -> dict[str, str]:
    """What is no such JSON at all, by field: names, kinds, lengths. The rest is the form's to say."""
    known: dict[str, Schema] = wanted()["properties"]
    found = {str(name)[:LONGEST_NAME]: "没有这个字段" for name in told if name not in known}
    for name, value in told.items():
        if name in known and (why := _fault(value, known[name])):
            found[name] = why
    return found


def _fault(value: Any, of: Schema) -> str:
    kind, said = TYPES[of["type"]]
    if not isinstance(value, kind):
        return said
    if "maxLength" in of and len(value) > of["maxLength"]:
        return f"最多 {of['maxLength']} 个字，现在有 {len(value)} 个"
    if "maxItems" in of and len(value) > of["maxItems"]:
        return f"最多 {of['maxItems']} 个文件，现在有 {len(value)} 个"
    if kind is list:
        return next((f"第 {n} 个文件：{why}" for n, one in enumerate(value, 1) if (why := _no_file(one))), "")
    return ""


def _no_file(one: Any) -> str:
    if not isinstance(one, dict) or set(one) != {"name", "content"}:
        return "写成有 name 和 content 两项的对象"
    if not all(isinstance(part, str) for part in one.values()):
        return "name 和 content 写成文字"
    if not 0 < len(one["name"]) <= LONGEST_NAME:
        return f"文件名 1 到 {LONGEST_NAME} 个字"
    try:
        base64.b64decode(one["content"], validate=True)
    except (binascii.Error, ValueError):
        return "content 不是 base64"
    return ""


def uploads(told: Mapping[str, Any], name: str) -> list[Upload]:
    """The files of a field of JSON that ``faults`` finds nothing wrong with."""
    return [Upload(one["name"], io.BytesIO(base64.b64decode(one["content"]))) for one in told.get(name, ())]


def typed(told: Mapping[str, Any]) -> dict[str, Any]:
    """The other fields, as the form reads them."""
    return {name: value for name, value in told.items() if name not in FILES}
