"""Files of cases: what may come in, and where it is kept."""
