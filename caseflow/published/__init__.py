"""Tables 3 and 4 that other organs published, read from the file they sent: xlsx, docx, html or csv."""
