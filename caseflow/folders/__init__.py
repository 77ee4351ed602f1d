"""案卷: the folder of a case as one zip that is read without this program: listed, packed, checked."""
