"""文书模板: the newest uploaded version holds, a bad one is refused and the old one stays."""

from __future__ import annotations

import errno
import io
import os
import time
from datetime import UTC, datetime

import docx
import pytest
from sqlalchemy import select

from caseflow.config import Settings
from caseflow.db import db
from caseflow.files import store
from caseflow.law.letters import LETTERS
from caseflow.letters.package import MAX_BYTES
from caseflow.letters.shipped import shipped
from caseflow.models import LetterTemplate, StoredFile
from caseflow.stages import templates
from caseflow.stages.errors import NotFound, Refused
from tests.letters.word import replaced, saved
from tests.support.children import Child
from tests.support.office import DeskOffice

NOW = datetime(2026, 9, 22, 1, tzinfo=UTC)
KIND = "extension"


def edited(words: str = "另行通知。", kind: str = KIND) -> bytes:
    """The shipped template with a sentence more."""
    document = docx.Document(io.BytesIO(shipped(kind)))
    document.paragraphs[-1].insert_paragraph_before(words)
    return saved(document)


def upload(office: DeskOffice, content: bytes, kind: str = KIND, name: str = "延期.docx") -> int:
    return templates.upload(office.people["admin"], NOW, kind, name, io.BytesIO(content))


def holding(kind: str = KIND) -> bytes:
    db.session.rollback()
    return templates.template_of(db.session(), kind)


def rows() -> list[LetterTemplate]:
    db.session.rollback()
    return list(db.session.scalars(select(LetterTemplate).order_by(LetterTemplate.version)))


@pytest.mark.parametrize("kind", [letter.code for letter in LETTERS])
def test_without_an_upload_the_shipped_template_holds(office: DeskOffice, kind: str) -> None:
    assert holding(kind) == shipped(kind)


def test_the_newest_uploaded_version_holds_and_every_one_stays(office: DeskOffice) -> None:
    first, second = edited("第一版。"), edited("第二版。")
    assert (upload(office, first), upload(office, second)) == (1, 2)
    assert holding() == second
    assert holding("receipt") == shipped("receipt")
    kept = [templates.version_of(db.session(), KIND, n) for n in (templates.SHIPPED, 1, 2)]
    assert kept == [shipped(KIND), first, second]
    newest, *older = templates.history(db.session(), KIND)
    assert (newest.version, newest.name, newest.uploaded_by, newest.uploaded_at) == (
        2, "延期.docx", office.people["admin"], NOW
    )  # fmt: skip
    assert [row.version for row in older] == [1]
    assert {kind: row.version for kind, row in templates.in_force(db.session()).items()} == {KIND: 2}


def test_the_shipped_one_again_is_a_version_too_and_not_twice(office: DeskOffice) -> None:
    def back() -> int:
        return templates.back_to_shipped(office.people["admin"], NOW, KIND)

    with pytest.raises(Refused, match="现在用的就是"):
        back()
    mine = edited()
    upload(office, mine)
    assert back() == 2
    assert holding() == shipped(KIND)
    assert templates.version_of(db.session(), KIND, 2) == shipped(KIND)
    with pytest.raises(Refused, match="现在用的就是"):
        back()
    assert upload(office, mine) == 3
    assert holding() == mine


def test_a_bad_one_is_refused_with_every_fault_at_the_file_and_the_old_one_stays(office: DeskOffice) -> None:
    good = edited()
    upload(office, good)
    before = sorted(store.all_kept())
    bad = replaced(
        replaced(shipped(KIND), "{{ 延期理由 }}", "{{ 延期原因 }}"), "{{ 到期日 }}", "{{ 到期日期 }}"
    )
    with pytest.raises(Refused) as refusal:
        upload(office, bad)
    lines = refusal.value.reason.splitlines()
    assert refusal.value.field == "file"
    for words in ("没有“延期原因”", "没有“到期日期”", "缺少“延期理由”", "缺少“到期日”"):
        assert sum(line.startswith(words) for line in lines) == 1, words
    assert holding() == good
    assert [row.version for row in rows()] == [1]
    assert sorted(store.all_kept()) == before


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "选择要上传的模板"),
        (b"MZ not a word file", "不是 Word 文档"),
        (shipped("receipt"), "缺少“延期理由”"),
        (b"PK" + b"\0" * MAX_BYTES, "超过 1024 KB"),
    ],
)
def test_what_is_no_template_of_this_letter_is_refused(office: DeskOffice, content: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why) as refusal:
        upload(office, content)
    assert refusal.value.field == "file"
    assert rows() == []
    assert list(store.all_kept()) == []


def test_of_a_huge_file_no_more_is_read_than_the_limit(office: DeskOffice) -> None:
    file = io.BytesIO(b"PK" + b"\0" * (3 * MAX_BYTES))
    with pytest.raises(Refused):
        templates.upload(office.people["admin"], NOW, KIND, "大.docx", file)
    assert file.tell() == MAX_BYTES + 1


def test_a_full_disk_is_said_and_writes_nothing(office: DeskOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match="可能已满"):
        upload(office, edited())
    assert rows() == []


def test_the_same_template_twice_is_two_versions_and_one_content(office: DeskOffice) -> None:
    for _ in range(2):
        upload(office, shipped(KIND))
    assert [row.version for row in rows()] == [1, 2]
    assert len(db.session.scalars(select(StoredFile)).all()) == len(list(store.all_kept())) == 1


def test_the_name_of_the_file_leads_nowhere(office: DeskOffice) -> None:
    upload(office, edited(), name="../../etc/延期\u202e.docx")
    upload(office, edited(), name="")
    assert [row.name for row in rows()] == ["延期.docx", "没有名称的文件"]


def test_a_letter_that_is_none_has_no_template(office: DeskOffice) -> None:
    for ask in (
        lambda: holding("nothing"),
        lambda: templates.version_of(db.session(), KIND, 1),
        lambda: upload(office, edited(), kind="nothing"),
        lambda: templates.back_to_shipped(office.people["admin"], NOW, "nothing"),
    ):
        with pytest.raises(NotFound):
            ask()


def test_two_administrators_at_once_make_one_version_each(office: DeskOffice, settings: Settings) -> None:
    who = (office.people["admin"], NOW.isoformat(), KIND)
    slow = Child(settings, "upload_template", *who, edited("甲。").hex(), True)
    quick = Child(settings, "upload_template", *who, edited("乙。").hex(), False)
    quick.ready()
    slow.go().hear("writes")
    quick.go()
    time.sleep(1)  # it is at the door of the table by now
    slow.go()
    assert (slow.result(), quick.result()) == (1, 2)
    assert [row.version for row in rows()] == [1, 2]
