"""Warnings before a due day: what is due, computed from state; who is shown it; when it is computed."""
