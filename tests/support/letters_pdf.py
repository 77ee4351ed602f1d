"""Every official letter for a sample case as a PDF, to be looked at: run by ``make letters-pdf``, needs LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from caseflow.law.letters import LETTERS
from caseflow.letters.render import render
from caseflow.letters.sample import sample
from caseflow.letters.shipped import shipped

OFFICE = ("soffice", "libreoffice")


def main(folder: Path) -> None:
    """Write them to ``folder``, one .docx and one .pdf a letter."""
    program = next(filter(None, map(shutil.which, OFFICE)), None)
    if program is None:
        sys.exit("LibreOffice isn't installed: nothing to make PDF files with")
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{letter.code}.docx" for letter in LETTERS]
    for letter, file in zip(LETTERS, files, strict=True):
        file.write_bytes(render(shipped(letter.code), sample(letter)))
    convert = [program, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*convert, *map(str, files)], check=True)
    if missing := [file.stem for file in files if not file.with_suffix(".pdf").exists()]:
        sys.exit(f"no PDF of {', '.join(missing)}")
    print(f"{len(files)} letters in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
