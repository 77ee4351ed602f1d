"""Official letters (文书) as Word files: their wording, the shipped templates, filling in, check and preview."""
