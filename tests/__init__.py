"""The tests of caseflow; they mirror the package."""
