"""Measures that take any number of values in little memory: sums with their largest, percentiles, busiest spans."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field

# Latencies are kept as a histogram: buckets grow by 1 %, so a percentile is at most 0.5 % off.
_BUCKET = math.log(1.01)


# Entries of busy servers come a little out of order; spans further back than these are taken as over.
_OPEN_SPANS = 64


class Busiest:
    """The most that was counted in one span; spans must come nearly in order."""

    def __init__(self) -> None:
        self.peak = 0
        self._open: dict[int, int] = {}

    def add(self, counts: dict[int, int]) -> None:
        """Counts by number of span; a span may come again."""
        spans = self._open
        for again in spans.keys() & counts.keys():
            counts[again] += spans[again]
        self.peak = max(self.peak, max(counts.values()))
        spans.update(counts)
        if len(spans) > 4 * _OPEN_SPANS:
            for old in sorted(spans)[:-_OPEN_SPANS]:
                del spans[old]


@dataclass
class Rows:
    """How many rows, over all statements for which that is known."""

    total: int = 0
    known: int = 0
    # Nothing where only the sum is known.
    largest: int | None = None

    def add(self, rows: int) -> None:
        self.total += rows
        self.known += 1
        self.largest = rows if self.largest is None else max(self.largest, rows)

    def add_sum(self, rows: int, statements: int) -> None:
        self.total += rows
        self.known += statements

    @property
    def mean(self) -> float:
        return round(self.total / self.known, 3)


@dataclass
class Latency:
    """Times in milliseconds."""

    total: float = 0.0
    known: int = 0
    largest: float | None = None
    _buckets: Counter[int] = field(default_factory=Counter)

    def add(self, milliseconds: float) -> None:
        self.total += milliseconds
        self.known += 1
        self.largest = milliseconds if self.largest is None else max(self.largest, milliseconds)
        self._buckets[round(math.log(max(milliseconds, 1e-3)) / _BUCKET)] += 1

    def add_sum(self, milliseconds: float, statements: int) -> None:
        self.total += milliseconds
        self.known += statements

    @property
    def mean(self) -> float:
        return round(self.total / self.known, 3)

    def percentile(self, share: float) -> float | None:
        """Nothing where only sums are known."""
        wanted = math.ceil(sum(self._buckets.values()) * share)
        seen = 0
        for bucket in sorted(self._buckets):
            seen += self._buckets[bucket]
            if seen >= wanted:
                return round(math.exp(bucket * _BUCKET), 3)
        return None
