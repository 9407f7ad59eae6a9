"""Counts by shape and time, in memory that grows with the number of shapes and hours, not of statements."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field

from .shape import canonical

# More distinct texts than this are no application's: their values are not recognised as such.
MAX_SHAPES = 20_000
OVERFLOW = "(statements beyond the 20000th shape)"
# Latencies are kept as a histogram: buckets grow by 1 %, so a percentile is at most 0.5 % off.
_BUCKET = math.log(1.01)


@dataclass
class Window:
    """The busiest span of a length; times must come nearly in order."""

    length: int
    peak: int = 0
    _open: dict[int, int] = field(default_factory=dict)

    def add(self, second: int, count: int) -> None:
        slot = second // self.length
        total = self._open.get(slot, 0) + count
        self._open[slot] = total
        self.peak = max(self.peak, total)
        if len(self._open) > 64:
            for old in sorted(self._open)[:32]:
                del self._open[old]


@dataclass
class ShapeTally:
    """What is known of one shape."""

    count: int = 0
    first: int | None = None
    last: int | None = None
    by_second: Window = field(default_factory=lambda: Window(1))
    by_minute: Window = field(default_factory=lambda: Window(60))
    latencies: Counter[int] = field(default_factory=Counter)
    rows_sent: int = 0
    rows_sent_max: int = 0
    rows_known: int = 0

    def add(self, second: int | None, count: int) -> None:
        self.count += count
        if second is None:
            return
        self.first = second if self.first is None else min(self.first, second)
        self.last = second if self.last is None else max(self.last, second)
        self.by_second.add(second, count)
        self.by_minute.add(second, count)

    def add_latency(self, milliseconds: float) -> None:
        self.latencies[round(math.log(max(milliseconds, 1e-3)) / _BUCKET)] += 1

    def add_rows(self, rows: int) -> None:
        self.rows_sent += rows
        self.rows_sent_max = max(self.rows_sent_max, rows)
        self.rows_known += 1

    def latency(self, share: float) -> float:
        wanted = math.ceil(sum(self.latencies.values()) * share)
        seen = 0
        for bucket in sorted(self.latencies):
            seen += self.latencies[bucket]
            if seen >= wanted:
                return round(math.exp(bucket * _BUCKET), 3)
        return 0.0


class Tally:
    """All shapes of a log."""

    def __init__(self) -> None:
        self.statements = 0
        self.unparsed = 0
        self.first: int | None = None
        self.last: int | None = None
        self.hours: Counter[int] = Counter()
        self.shapes: dict[str, ShapeTally] = {}
        self._canonical: dict[bytes, str] = {}

    def shape(self, erased: bytes) -> ShapeTally:
        """The tally of an erased statement; the way from its bytes to its shape is remembered."""
        text = self._canonical.get(erased)
        if text is None:
            text = canonical(erased)
            if len(self._canonical) >= 4 * MAX_SHAPES:
                self._canonical.clear()
            self._canonical[erased] = text
        found = self.shapes.get(text)
        if found is None:
            found = self.shapes.setdefault(text if len(self.shapes) < MAX_SHAPES else OVERFLOW, ShapeTally())
        return found

    def add(self, erased: bytes, second: int | None, count: int = 1) -> ShapeTally:
        shape = self.shape(erased)
        shape.add(second, count)
        self.statements += count
        if second is not None:
            self.first = second if self.first is None else min(self.first, second)
            self.last = second if self.last is None else max(self.last, second)
            self.hours[second // 3600] += count
        return shape
