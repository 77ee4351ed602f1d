"""The public's counter (公众窗口): what an applicant may see and do without an account."""
