"""年度报告: the whole annual report of an office, gathered from figures and draft, as docx, xlsx and html."""
