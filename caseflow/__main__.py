"""`python -m caseflow`: the same as the `caseflow` command."""

from .cli import main

main()
