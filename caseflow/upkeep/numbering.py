"""Whether the numbers given here run without a gap, office by office and year by year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

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
