"""公开答复: proposed, approved by another, replaced, taken down; nothing personal goes out; what others need stays."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from docx import Document as Word
from sqlalchemy import select, text

from tests.stages.drive import ANSWER, TUESDAY, act_alone, at, do, refused, scan
from tests.support.office import seq

if TYPE_CHECKING:
    from caseflow.models import Publication
    from caseflow.publications.acts import Answer
    from caseflow.stages.papers import Upload
    from tests.support.office import DeskOffice

NOW = datetime(2026, 9, 22, 1, tzinfo=UTC)
PDF = b"%PDF-1.7 report"


def document(*paragraphs: str, name: str = "报告.docx") -> Upload:
    """A Word file as it is uploaded."""
    from caseflow.stages.papers import Upload

    made, kept = Word(), io.BytesIO()
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    made.save(kept)
    kept.seek(0)
    return Upload(name, kept)


def answer(**words: str) -> Answer:
    from dataclasses import replace

    return replace(ANSWER, **words)


def filed(office: DeskOffice, case_id: int, *uploads: Upload, released: bool = True) -> None:
    """Files that went to the applicant with the reply."""
    from caseflow.stages import papers

    papers.add_files(
        office.work("clerk", TUESDAY), case_id, seq(case_id), uploads, "released", released=released
    )


def versions(case_id: int) -> list[Publication]:
    from caseflow.db import db
    from caseflow.models import Publication

    db.session.rollback()
    return list(
        db.session.scalars(select(Publication).where(Publication.case_id == case_id).order_by(Publication.id))
    )


def states(case_id: int) -> list[tuple[int, str, date | None]]:
    return [(row.version, row.state, row.published_on) for row in versions(case_id)]


def differences() -> list[str]:
    from caseflow.upkeep import contents, verify

    return [*verify.differences(), *contents.differences()]


def change(statement: str) -> None:
    from caseflow.db import transaction

    with transaction() as session:
        session.execute(text(statement))


def test_a_version_is_proposed_approved_replaced_taken_down_and_gone_with_its_reply(
    office: DeskOffice,
) -> None:
    from caseflow.db import db
    from caseflow.models import Event, PublicationFile

    case = office.replied(TUESDAY, TUESDAY)
    filed(office, case, scan("结算报告.pdf", PDF))
    do(
        office,
        case,
        "propose_publication",
        chosen=[1],
        uploads=[document("结算报告")],
        looked=True,
        note="请审",
    )
    assert states(case) == [(1, "proposed", None)]
    do(office, case, "approve_publication", TUESDAY + timedelta(days=1), looked=True)
    do(office, case, "propose_publication", answer=answer(title="道路改造的结算（更新）"))
    assert states(case) == [(1, "published", date(2026, 9, 23)), (2, "proposed", None)]
    do(office, case, "refuse_publication")
    do(office, case, "propose_publication")
    assert [state for _, state, _ in states(case)] == ["published", "returned", "proposed"]
    do(office, case, "approve_publication")
    assert [state for _, state, _ in states(case)] == ["replaced", "returned", "published"]
    do(office, case, "withdraw_publication")
    do(office, case, "propose_publication")
    do(office, case, "approve_publication")
    do(office, case, "propose_publication")
    do(office, case, "void_reply")
    assert [state for _, state, _ in states(case)] == [
        "replaced", "returned", "withdrawn", "withdrawn", "returned",
    ]  # fmt: skip
    files = db.session.scalars(select(PublicationFile).order_by(PublicationFile.n)).all()
    assert [(file.n, file.name, file.by_hand) for file in files] == [
        (1, "结算报告.pdf", True),
        (2, "报告.docx", False),
    ]
    told = db.session.scalars(select(Event).where(Event.act.like("%_publication")).order_by(Event.seq)).all()
    assert not {"title", "question", "answer", "name"} & {key for event in told for key in event.details}
    assert all(ANSWER.title not in str(event.details) for event in told)
    assert differences() == []


def test_what_is_personal_is_stopped_at_its_field_and_again_when_the_case_has_learnt_of_somebody(
    office: DeskOffice,
) -> None:
    from caseflow.publications.acts import Faulty
    from caseflow.stages.register import Arrival

    case = office.replied(
        TUESDAY, TUESDAY, phone="13905959999", address="宝盖镇学府路 12 号", agent="上官律师"
    )
    filed(office, case, scan("林国栋的报告.pdf", PDF), scan("底稿.pdf"))
    typed = answer(
        question="林国栋户的补偿", answer="找上官律师\n或者学府路12号，13905959999", title="补偿协议"
    )
    before = seq(case)
    with pytest.raises(Faulty) as why:
        act_alone(
            office, case, "propose_publication", TUESDAY, answer=typed, chosen=[1], looked=True,
            uploads=[document("350581199001011024", name="a.docx")],
        )  # fmt: skip
    told = why.value.faults
    assert set(told) == {"question", "answer", "files"}
    assert told["question"].endswith("：申请人姓名或者名称 林**")
    for words in ("第 1 段的代理人 上***", "第 2 段的手机号码 139****9999", "第 2 段的通信地址"):
        assert words in told["answer"], told
    assert "文件名的申请人姓名或者名称 林**" in told["files"]
    assert (
        "“a.docx”里有个人信息，删去或者遮盖以后再提交：正文第 1 段的身份证号码 3505**********1024"
        in told["files"]
    )
    assert "199001" not in str(told)
    assert (
        refused(office, case, "propose_publication", "周二 2026-09-22", answer=answer(ground=""))[0]
        == "ground"
    )
    assert (
        refused(office, case, "propose_publication", "周二 2026-09-22", answer=answer(title=" "))[0]
        == "title"
    )
    assert refused(office, case, "propose_publication", "周二 2026-09-22", chosen=[9])[0] == "chosen"
    filed(office, case, scan("内部.pdf"), released=False)
    assert (
        refused(office, case, "propose_publication", "周二 2026-09-22", chosen=[3], looked=True)[0]
        == "chosen"
    )
    before = seq(case)
    field, reason = refused(office, case, "propose_publication", "周二 2026-09-22", chosen=[2])
    assert field == "looked"
    assert "底稿.pdf" in reason
    assert (seq(case), versions(case)) == (before, [])

    do(office, case, "propose_publication", answer=answer(answer="由赵明远测量"), chosen=[2], looked=True)
    assert refused(office, case, "approve_publication", "周二 2026-09-22")[0] == "looked"
    came = Arrival("in_person", submitted=TUESDAY)
    do(office, case, "correct", form={"name": "赵明远"}, arrival=came)
    assert (
        "申请人姓名或者名称 赵**"
        in refused(office, case, "approve_publication", "周二 2026-09-22", looked=True)[1]
    )
    assert refused(office, case, "refuse_publication", "周二 2026-09-22", note="")[0] == "note"
    do(office, case, "refuse_publication")
    before_it = refused(
        office, case, "propose_publication", "周二 2026-09-22", answer=answer(title="林国栋的事")
    )
    assert before_it[0] == "title", "what the form said before it was corrected"
    assert differences() == []


def test_verify_names_what_was_changed_behind_the_program(office: DeskOffice) -> None:
    one = office.replied(TUESDAY, TUESDAY)
    do(office, one, "propose_publication", uploads=[document("结算报告")])
    do(office, one, "approve_publication")
    assert differences() == []
    for statement, told in (
        ("UPDATE publication SET answer = '改过'", "内容与事件里的校验值不符"),
        (
            "UPDATE publication SET answer = '结算报告见附件', state = 'withdrawn'",
            "行内 withdrawn 2026-09-22，回放 published",
        ),
        (
            "UPDATE publication SET state = 'published', ground = 'several'",
            "ground：行内 several，事件里 useful",
        ),
        (
            "UPDATE publication SET ground = 'useful'; DELETE FROM publication_gram WHERE gram LIKE '9053%'",
            "检索的词",
        ),
        ("DELETE FROM publication_file", "文件与事件里的不符"),
        ("DELETE FROM publication_gram; DELETE FROM publication", "公开答复 1：已不存在"),
    ):
        for part in statement.split("; "):
            change(part)
        assert any("SSFB 2026-1 公开答复" in line and told in line for line in differences()), statement


def test_masking_takes_what_nobody_reads_and_leaves_what_everybody_does(office: DeskOffice) -> None:
    from caseflow.db import db
    from caseflow.files import store
    from caseflow.law.retention import MASK
    from caseflow.models import Office, PublicationGram
    from caseflow.stages.offices import set_retention
    from caseflow.upkeep import retention

    case = at(office, "archived")
    gone, stays = document("旧的报告", name="旧.docx"), document("结算报告")
    filed(office, case, scan("结算报告.pdf", PDF))
    do(office, case, "propose_publication", answer=answer(answer="写错了"), uploads=[gone])
    do(office, case, "refuse_publication")
    do(office, case, "propose_publication", uploads=[stays], chosen=[4], looked=True)
    do(office, case, "approve_publication", looked=True)
    do(office, case, "propose_publication", answer=answer(answer="没有批的"))
    set_retention(office.id, 1)
    today, now = date(2028, 1, 1), datetime(2028, 1, 1, 1, tzinfo=UTC)

    def masked() -> retention.Done:
        plan = retention.plan(db.session.get_one(Office, office.id), today)
        assert plan
        before = len(list(store.all_kept()))
        done = retention.apply(plan, today=today, now=now)
        assert before - len(list(store.all_kept())) == plan.contents, "the plan said so"
        return done

    assert masked().masked == 1
    first, public, third = versions(case)
    assert (first.answer, first.title, first.state, first.salt) == (MASK, MASK, "returned", "")
    assert (third.answer, third.state) == (MASK, "returned")
    assert (public.answer, public.state) == (ANSWER.answer, "published")
    assert set(db.session.scalars(select(PublicationGram.publication_id))) == {public.id}
    assert len(list(store.all_kept())) == 2, "the two files that are public"
    assert differences() == []

    do(office, case, "withdraw_publication", today)
    assert masked().masked == 1
    assert [row.answer for row in versions(case)] == [MASK] * 3
    assert list(store.all_kept()) == []
    assert differences() == []
