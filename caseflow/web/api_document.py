"""The OpenAPI document (3.1) of the HTTP interface: what may be asked, and every answer there can be."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

from ..counter import tickets
from ..law.applicants import COLUMNS
from ..law.receipt import CHANNELS
from ..law.year_table import BLOCKS, CARRIED_IN, CARRIED_OUT, NEW, RESULTS_TOTAL
from .access import LARGEST_ID
from .api_schema import LONGEST_CODE, Schema, wanted
from .problems import MEDIA, WORDS

TITLE = "政府信息公开申请接口"
ABOUT = (
    "供有自己申请表单的政府网站使用：提交申请，按查询号和查询码查看办到哪一步，读取签发的年报表、已公开的答复。"
    "令牌由机关的系统管理员在“机关—网站接口”里签发。每个出错的答复都是 application/problem+json，说明用中文。"
)
EXAMPLE: Schema = {
    "applicant_class": "natural_person", "name": "张三", "phone": "13800000000", "title": "某路改造工程结算报告",
    "obtain_by": "当面领取", "form": "纸质",
}  # fmt: skip
KEY = {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"}
NUMBER_PATTERN = f"^[1-9][0-9]{{{tickets.DIGITS - 1}}}$"
CODE = {"type": "string", "minLength": 1, "maxLength": 40, "pattern": "^[0-9A-Za-z -]+$"}
YEARS: Schema = {"type": "integer", "minimum": 1949, "maximum": 9999}
QUESTION: Schema = {"type": "string", "maxLength": 100}
AFTER: Schema = {"type": "string", "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2}\\.[0-9]{1,16})?$"}
ORGAN: Schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_CODE}
REPLY_ID: Schema = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}


def text(about: str = "", **more: Any) -> Schema:
    """A string."""
    return {"type": "string", **({"description": about} if about else {}), **more}


def entire(properties: Schema, **more: Any) -> Schema:
    """An object with all of these properties and no others."""
    return {
        "type": "object", "properties": properties, "required": [*properties], "additionalProperties": False, **more,
    }  # fmt: skip


def listed(items: Schema, **more: Any) -> Schema:
    """A list."""
    return {"type": "array", "items": items, **more}


COUNT = {"type": "integer", "minimum": 0}
ROW = listed(COUNT, minItems=len(COLUMNS), maxItems=len(COLUMNS))
OFFICE = entire({"code": text("机关代码"), "name": text("机关名称")})
PROBLEM: Schema = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "additionalProperties": False,
    "properties": {
        "type": text(), "title": text(), "status": {"type": "integer"}, "detail": text("怎么回事，怎么改"),
        "errors": {
            "type": "object", "description": "按字段的提示",
            "additionalProperties": listed(text(), minItems=1),
        },
    },
}  # fmt: skip
RECEIPT = entire({
    "number": text("查询号", pattern=NUMBER_PATTERN),
    "code": text("查询码：只在这里给出，交给申请人；不要存进日志"),
    "office": OFFICE,
    "registration_number": text("登记编号"),
    "submitted": text("提交日期", format="date"),
    "next": listed(text(), description="接下来怎样，逐句，可以原样显示"),
    "status_page": text("申请人自己查看、补正、撤回、打开文书的网页"),
})  # fmt: skip
STATUS = entire({
    "number": text("查询号", pattern=NUMBER_PATTERN),
    "office": OFFICE,
    "registration_number": text("登记编号"),
    "stage": text("办到哪一步"),
    "told": text("这是什么意思，接下来怎样"),
    "due": {"type": ["string", "null"], "format": "date", "description": "应当答复的日期；还没有的是 null"},
    "due_told": text("这个日期的说法和依据；没有的是空的"),
    "steps": listed(entire({"day": text(), "what": text()}), description="办理经过，最新的在前"),
    "letters": listed(
        entire({"title": text(), "number": text(), "day": text()}),
        description="已经出具、同意电子送达的文书；在 status_page 打开",
    ),
    "remedy": text("不服的，怎样复议、诉讼；没有的是空的"),
    "status_page": text("申请人自己查看、补正、撤回、打开文书的网页"),
})  # fmt: skip
LINE: Schema = {
    "id": {"type": "integer"},
    "title": text(),
    "question": text("申请公开的内容，已经隐去个人信息"),
    "office": OFFICE,
    "published_on": text("公开日期", format="date"),
    "page": text("给人看的网页"),
}
PUBLISHED = entire({
    "total": COUNT,
    "replies": listed(entire(LINE)),
    "next": {"type": ["string", "null"], "description": "下一页的地址；没有的是 null"},
})  # fmt: skip
REPLY = entire(LINE | {
    "answer": text("答复，已经隐去个人信息"),
    "ground": text("为什么公开"),
    "article": text("条例的条款；没有的是空的"),
    "files": listed(entire({"name": text(), "size": COUNT, "address": text("下载的地址")})),
})  # fmt: skip
TABLE: Schema = {
    "type": "object",
    "description": "签发的表三、表四；每一行七个数，依 columns 的顺序，最后是总计",
    "required": [
        "year", "office", "edition", "columns", NEW, CARRIED_IN, "results", RESULTS_TOTAL, CARRIED_OUT,
        "proceedings", "on_time", "channels", "balanced", "differences",
    ],
    "properties": {
        "year": YEARS, "office": text(), "edition": text(enum=["2019", "2021"]),
        "columns": {"type": "array", "const": [*COLUMNS]},
        **dict.fromkeys((NEW, CARRIED_IN, RESULTS_TOTAL, CARRIED_OUT), ROW),
        "results": {"type": "object", "additionalProperties": ROW},
        "proceedings": entire({block: {"type": "object", "additionalProperties": COUNT} for block in BLOCKS}),
        "on_time": entire({"replied": COUNT, "on_time": COUNT, "rate": text()}),
        "channels": entire(dict.fromkeys(CHANNELS, COUNT)),
        "balanced": {"type": "boolean"},
        "differences": {"type": "array"},
    },
}  # fmt: skip


def answer(about: str, schema: Schema, headers: Schema | None = None) -> Schema:
    """What comes where it went well."""
    of = {"description": about, "content": {"application/json": {"schema": schema}}}
    return of | ({"headers": headers} if headers else {})


def problems(*codes: int) -> Schema:
    """What else may come."""
    of = {"schema": {"$ref": "#/components/schemas/Problem"}}
    found = {str(code): {"description": WORDS[code][0], "content": {MEDIA: of}} for code in (*codes, 503)}
    if "429" in found:
        found["429"]["headers"] = {"Retry-After": {"schema": {"type": "integer", "minimum": 1}}}
    if "401" in found:
        found["401"]["headers"] = {"WWW-Authenticate": {"schema": text()}}
    return found


def parameter(name: str, place: str, schema: Schema, about: str, required: bool = False) -> Schema:
    """One of a path, a query or the headers."""
    return {"name": name, "in": place, "schema": schema, "description": about, "required": required}


def _register() -> Schema:
    links = {
        "follow": {
            "operationId": "followRequest",
            "parameters": {"number": "$response.body#/number", "X-Query-Code": "$response.body#/code"},
        }
    }
    location = {"Location": {"required": True, "schema": text()}}
    taken = {"$ref": "#/components/schemas/Receipt"}
    return {
        "operationId": "registerRequest",
        "summary": "提交一份申请",
        "description": "一份一件。字段、检查、提示和网上申请页相同；字段之间的要求（例如选邮寄要有地址）以 422 指出。",
        "security": [{"site": []}],
        "parameters": [parameter(
            "Idempotency-Key", "header", KEY,
            "每份申请一个，自己取；没有收到答复的，用同一个键把同样的内容再发一次，只登记一件，答复相同。"
            "不写的，同一天同样的内容算同一件",
        )],
        "requestBody": {
            "required": True,
            "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Request"}, "examples": {"simple": {"value": EXAMPLE}},
            }},
        },
        "responses": {
            "201": {**answer("已经登记", taken, location), "links": links},
            "200": answer("已经发过同样的内容，这是当时的答复", taken, location),
            **problems(400, 401, 403, 409, 413, 415, 422, 429),
        },
    }  # fmt: skip


def _follow() -> Schema:
    return {
        "operationId": "followRequest",
        "summary": "办到哪一步",
        "description": "要有查询号和查询码；两个中哪一个不对，答复都一样。",
        "security": [{"site": []}],
        "parameters": [
            parameter("number", "path", text(pattern=NUMBER_PATTERN), "查询号", required=True),
            parameter("X-Query-Code", "header", CODE, "查询码，带不带横线都可以", required=True),
        ],
        "responses": {
            "200": answer("和“查询进度”页上的一样", {"$ref": "#/components/schemas/Status"}),
            **problems(401, 403, 404, 422, 429),
        },
    }


def _year() -> Schema:
    return {
        "operationId": "readYear",
        "summary": "一年的年报表（表三、表四），签发的那一版",
        "description": "公开的数据，不要令牌；没有签发的年度是 404。",
        "parameters": [
            parameter("year", "path", YEARS, "年度", required=True),
            parameter("office", "query", ORGAN, "机关代码；只有一个机关在最上面的可以不写"),
        ],
        "responses": {
            "200": answer("和 caseflow year-table --format json 相同", {"$ref": "#/components/schemas/Table"}),
            **problems(404, 429),
        },
    }  # fmt: skip


def _published() -> Schema:
    return {
        "operationId": "listReplies",
        "summary": "已公开的答复，最新的在前，一页二十份",
        "description": "公开的数据，不要令牌。",
        "parameters": [
            parameter("q", "query", QUESTION, "要找的字词，几个的都要有"),
            parameter("office", "query", ORGAN, "机关代码"),
            parameter("after", "query", AFTER, "上一页的 next 里给出的，从哪里接着读"),
        ],
        "responses": {
            "200": answer("一页", {"$ref": "#/components/schemas/Published"}), **problems(404, 422, 429),
        },
    }  # fmt: skip


def _reply() -> Schema:
    return {
        "operationId": "readReply",
        "summary": "一份已公开的答复",
        "description": "公开的数据，不要令牌；后来换了新版的，给出新版。",
        "parameters": [parameter("id", "path", REPLY_ID, "列表里的 id", required=True)],
        "responses": {
            "200": answer("答复和它的文件", {"$ref": "#/components/schemas/Reply"}), **problems(404, 429),
        },
    }  # fmt: skip


@cache
def document(root: str) -> Schema:
    """All of it, for an interface below ``root``."""
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": version("caseflow"), "description": ABOUT},
        "servers": [{"url": root}],
        "paths": {
            "/requests": {"post": _register()},
            "/requests/{number}": {"get": _follow()},
            "/years/{year}": {"get": _year()},
            "/published": {"get": _published()},
            "/published/{id}": {"get": _reply()},
        },
        "components": {
            "securitySchemes": {"site": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "Request": wanted(), "Receipt": RECEIPT, "Status": STATUS, "Table": TABLE,
                "Published": PUBLISHED, "Reply": REPLY, "Problem": PROBLEM,
            },
        },
    }  # fmt: skip
