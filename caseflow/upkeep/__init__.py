"""Keeping the record whole: replay it against its summary, copy it, put it back."""
