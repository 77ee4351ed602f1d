"""公开答复 at the desk: proposed in redacted words, approved or sent back by the lead, taken down; what waits in the office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload
from wtforms import BooleanField, MultipleFileField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from .. import moment
from ..db import db
from ..files.types import ENDINGS, LARGEST
from ..law import guards
from ..law.publishing import GROUNDS, PROPOSED, PUBLISHED, RETURNED, STATES, SUGGESTED, WITHDRAWN
from ..law.words import with_weekday
from ..law.workflow import BY_CODE
from ..models import Case, Document, Person, Publication, PublicationFile
from ..publications import acts
from ..reports import casefolder
from ..reports.casefolder import Folder
from ..stages import papers
from ..stages.errors import Changed, Refused
from ..stages.publication import WORDS
from . import access, forms
from .access import allow
from .act_forms import ActForm
from .handing import handed
from .papers import MEGABYTE, FilesForm, size_words
from .rows import row

bp = Blueprint("publishing", __name__)

PROPOSE, APPROVE = "propose_publication", "approve_publication"
TABS = (PROPOSED, PUBLISHED, RETURNED, WITHDRAWN)
PAGE = 50
DECIDE = "decide-"  # before the names of its fields: two forms stand on the page
LOOKED = "已逐页核对：程序读不了的内容（PDF、图片、旧版 Word 等）里没有个人信息"
LOST = "这个文件在服务器上找不到了，请告诉系统管理员从备份恢复"
AGAIN = "这件刚刚有人办过，看过下面的内容以后，仍要这样办的再点一次"


class ProposeForm(ActForm):
    """What is to be published, in words that point at nobody."""

    # what is missing the act itself tells, together with what is personal in the rest
    title = forms.text("标题", "published_title", description="别人查得到的几个字，例如：学府路改造工程结算")
    question = forms.area(
        "要的是什么信息", "question", description="改写申请的内容，不写申请人是谁、为什么要"
    )
    answer = forms.area(
        "答复", "answer", description="公开的内容本身，或者它在哪里；不写姓名、住址、证件和电话号码"
    )
    ground = forms.select(
        "公开的理由", {code: ground.label for code, ground in GROUNDS.items()}, blank="选择公开的理由"
    )
    chosen = SelectMultipleField(
        "用这件已经提供给申请人的材料",
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    files = MultipleFileField(
        "另外上传遮盖过的文件",
        description=f"可以一次选几个，每个不超过 {LARGEST // MEGABYTE} MB；只收 {ENDINGS}",
    )
    looked = BooleanField(LOOKED)
    note = forms.area("给负责人的说明", "note")

    uploads = FilesForm.uploads

    def answered(self) -> acts.Answer:
        """What was typed."""
        return acts.Answer(**{name: self[name].data or "" for name in (*WORDS, "ground")})

    def refuse(self, refused: Refused) -> None:
        """Each sentence at its field."""
        for field, reason in getattr(refused, "faults", {refused.field: refused.reason}).items():
            super().refuse(Refused(reason, field))


class ApproveForm(ActForm):
    """What the lead says of what is proposed."""

    looked = BooleanField(LOOKED)
    note = forms.area("说明", "note")


@dataclass(frozen=True)
class Shown:
    """One version as the page tells it."""

    row: Publication
    state: str
    ground: str
    who: str
    proposed: str
    published: str  # "" while it never was


@bp.get("/cases/<int:case_id>/publication")
@allow(*access.READERS)
def page(case_id: int) -> Any:
    """The versions of a case, and what may be done with them."""
    return _show(_folder(case_id))


@bp.post("/cases/<int:case_id>/publication")
@allow(*access.DESK)
def propose(case_id: int) -> Any:
    """Propose what was typed, or say at its field what is personal in it."""
    folder, form, status = _folder(case_id), ProposeForm(), 422
    form.chosen.choices = _choices(folder)
    if form.validate():
        try:
            acts.propose(
                access.my_work(), case_id, form.last_seen(), form.answered(), form.uploads(), form.chosen.data or (),
                looked=bool(form.looked.data), note=form.note.data or "",
            )  # fmt: skip
            flash(f"{BY_CODE[PROPOSE].label}：已报负责人批准", "success")
            return redirect(url_for("publishing.page", case_id=case_id))
        except Refused as refused:
            form.refuse(refused)
        except Changed as changed:
            form.seen.data, status = str(changed.seq), 409
            form.form_errors.append(AGAIN)
    return _show(_folder(case_id), form), status


@bp.post("/cases/<int:case_id>/publication/approve")
@allow("lead")
def approve(case_id: int) -> Any:
    """Let everybody read what was proposed."""
    access.my_case(case_id)
    form, status = ApproveForm(prefix=DECIDE), 422
    if form.validate():
        try:
            acts.approve(
                access.my_work(),
                case_id,
                form.last_seen(),
                looked=bool(form.looked.data),
                note=form.note.data or "",
            )
            flash(f"{BY_CODE[APPROVE].label}：任何人都可以查阅了", "success")
            return redirect(url_for("publishing.page", case_id=case_id))
        except Refused as refused:
            form.refuse(refused)
        except Changed as changed:
            form.seen.data, status = str(changed.seq), 409
            form.form_errors.append(AGAIN)
    return _show(_folder(case_id), decide=form), status


@bp.get("/cases/<int:case_id>/publication/<int:edition>/<int:n>")
@allow(*access.READERS)
def download(case_id: int, edition: int, n: int) -> Response:
    """One file of a version."""
    access.my_case(case_id)
    query = select(PublicationFile).join(Publication, Publication.id == PublicationFile.publication_id)
    of_case = Publication.case_id == case_id, Publication.version == edition, PublicationFile.n == n
    return handed(db.session.scalar(query.where(*of_case)), LOST)


@bp.get("/publishing")
@allow(*access.DESK)
def waiting() -> Any:
    """What this office proposed, published, sent back and took down."""
    state = request.args.get("state", PROPOSED)
    after = access.number(request.args, "after")
    mine = Publication.office_id == access.me().office_id
    counts = {
        s: n
        for s, n in db.session.execute(
            select(Publication.state, func.count()).where(mine).group_by(Publication.state)
        )
    }
    query = (
        select(Publication, Case.number, Person.name)
        .join(Case, Case.id == Publication.case_id)
        .join(Person, Person.id == Publication.proposed_by)
        .where(mine, Publication.state == state)
        .order_by(Publication.id.desc())
        .limit(PAGE + 1)
    )
    rows = db.session.execute(query.where(Publication.id < after) if after else query).all()
    return render_template(
        "publications/list.html", state=state, lines=[(_told(r, name), number) for r, number, name in rows[:PAGE]],
        tabs=[(s, STATES[s], counts.get(s, 0)) for s in TABS], after=rows[PAGE - 1][0].id if len(rows) > PAGE else None,
    )  # fmt: skip


# -- what the views share ------------------------------------------------------------------------


def _folder(case_id: int) -> Folder:
    return casefolder.open_folder(access.my_case(case_id), access.calendar())


def _begun(versions: Sequence[Publication]) -> ProposeForm:
    """A form that begins with what the version before says; its files are chosen anew."""
    last = next((row for row in versions if row.salt), None)  # not one that was masked
    words = {name: getattr(last, name) for name in (*WORDS, "ground")} if last else {}
    return ProposeForm(formdata=None, **words)


def _choices(folder: Folder) -> list[tuple[int, str]]:
    """The files of a case that went to its applicant."""
    void = folder.void_files
    rows: Sequence[Document] = papers.of_case(db.session(), folder.case)
    return [(d.n, d.name) for d in rows if d.released and d.sha256 and d.n not in void]


def _show(folder: Folder, form: ProposeForm | None = None, decide: ApproveForm | None = None) -> str:
    case, desk, today = folder.case, access.before(folder), access.today()
    query = select(Publication, Person.name).join(Person, Person.id == Publication.proposed_by)
    files = selectinload(Publication.files).joinedload(PublicationFile.stored)
    of_case = query.where(Publication.case_id == case.id).options(files).order_by(Publication.version.desc())
    found = [(version, name) for version, name in db.session.execute(of_case)]
    form = form or _begun([version for version, _ in found])
    decide = decide or ApproveForm(formdata=None, prefix=DECIDE)
    form.chosen.choices = _choices(folder)
    for one in (form, decide):
        one.seen.data = one.seen.data or str(case.seq)
    return render_template(
        "publications/case.html", case=case, form=form, decide=decide, versions=[_told(*version) for version in found],
        line=row(case, today, folder.calendar), shut=guards.refusal(desk, PROPOSE), not_approving=guards.refusal(desk, APPROVE),
        may={act: not guards.refusal(desk, act) for act in ("refuse_publication", "withdraw_publication")},
        doubtful=case.replied_on and case.result not in SUGGESTED, largest=LARGEST, size_words=size_words,
    )  # fmt: skip


def _told(row: Publication, who: str) -> Shown:
    today: date = access.today()
    proposed = with_weekday(moment.local(row.proposed_at).date(), today)
    published = with_weekday(row.published_on, today) if row.published_on else ""
    return Shown(row, STATES[row.state], GROUNDS[row.ground].label, who, proposed, published)
