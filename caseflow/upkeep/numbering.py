"""Whether the numbers given here run without a gap, office by office and year by year: of cases, of letters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Row

from ..stages.numbers import OURS


class Numbering:
    """Collects the numbers of all cases, then names the gaps.

    A ledger brings its own numbers, with the gaps it has, and the counter goes on after the highest.
    So each number given here follows directly on another that exists, given here or brought along.
    """

    def __init__(self, offices: Mapping[int, str]) -> None:
        self.offices = offices
        self.given: dict[tuple[int, int], set[int]] = defaultdict(set)
        self.brought: dict[tuple[int, int], set[int]] = defaultdict(set)

    def see(self, office_id: int, number: str, imported: bool) -> None:
        """Note one number; one not of our form counts for nothing."""
        if match := OURS.fullmatch(number):
            (self.brought if imported else self.given)[office_id, int(match[1])].add(int(match[2]))

    def differences(self, counters: Mapping[tuple[int, int], int]) -> Iterator[str]:
        """Each gap before a number given here, and each counter that is not at the last number."""
        for key in sorted({*self.given, *counters}):
            office, year = self.offices[key[0]], key[1]
            numbers = self.given[key] | self.brought[key]
            for n in sorted(self.given[key]):
                if n > 1 and n - 1 not in numbers:
                    yield f"{office} {year}-{n}：前一号不存在"
            last = max(numbers, default=0)
            if counters.get(key, 0) != last:
                yield f"{office} {year} 年编号：计数器 {counters.get(key, 0)}，最后一号 {last}"


class LetterNumbering:
    """Collects the numbers of all letters, then names the gaps in each series (回, 复 …) of an office and year.

    A number belongs to one letter of one case; its versions keep it.
    """

    def __init__(self, offices: Mapping[int, str]) -> None:
        self.offices = offices
        self.numbers: dict[tuple[int, str, int], set[int]] = defaultdict(set)
        self.doubled: dict[tuple[int, str, int], set[int]] = defaultdict(set)

    def see(self, letters: Iterable[Row[Any]]) -> None:
        """Note the numbers of all letters of one case."""
        distinct = {(le.office_id, le.series, le.year, le.n, le.kind, le.about) for le in letters}
        for office_id, series, year, n, *_ in distinct:
            key = office_id, series, year
            (self.doubled if n in self.numbers[key] else self.numbers)[key].add(n)

    def differences(self, counters: Mapping[tuple[int, str, int], int]) -> Iterator[str]:
        """Each gap, each number that two letters have, and each counter that is not at the last number."""
        for key in sorted({*self.numbers, *counters}):
            name = f"{self.offices[key[0]]} 文书 {key[1]}〔{key[2]}〕"
            numbers = self.numbers[key]
            yield from (
                f"{name}第{n}号：前一号不存在" for n in sorted(numbers) if n > 1 and n - 1 not in numbers
            )
            yield from (f"{name}第{n}号：不止一份文书用这一号" for n in sorted(self.doubled[key]))
            last = max(numbers, default=0)
            if counters.get(key, 0) != last:
                yield f"{name}编号：计数器 {counters.get(key, 0)}，最后一号 {last}"
