"""公开答复: replies chosen to be published, kept free of personal data, found by everybody; and the signed annual reports."""
