"""保存期限: how long the personal data of an archived case are kept, and which cases are past it.

Personal data are kept no longer than their purpose needs, then deleted or made anonymous (个人信息保护法
第十九、四十七条). How long that is, the office decides; the record and all that is counted stay.
"""

from __future__ import annotations

from datetime import date

from .casefile import CaseFile
from .workflow import ARCHIVED

MASK = "〔已隐去〕"  # stands where something personal stood

# Whole calendar years after that of the archiving. At least one: an applicant who wasn't told of the remedies
# may sue for up to a year (行政诉讼法解释第六十四条). At most thirty: the longest fixed term of the archives
# (机关文件材料归档范围和文书档案保管期限规定第七条); what is kept for ever has no term.
FEWEST, MOST = 1, 30


def kept_from(today: date, years: int) -> date:
    """Cases that ended before this day are past a retention of ``years``; it is always a 1 January."""
    return date(today.year - years, 1, 1)


def ended(file: CaseFile) -> date | None:
    """The day from whose year the retention counts: archived, and every 复议 or 诉讼 closed; None before."""
    closings = [p.closed for p in file.proceedings]
    if file.stage != ARCHIVED or file.archived is None or None in closings:
        return None
    return max([file.archived, *(day for day in closings if day)])


def is_due(file: CaseFile, today: date, years: int) -> bool:
    """Whether the personal data of a case are to be masked; what came after a masking is masked in its turn."""
    last = ended(file)
    return last is not None and last < kept_from(today, years) and file.masked_at < file.seq
