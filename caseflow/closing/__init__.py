"""Closing the year: what to look at before the report is signed, its freezing, and what has changed since."""
