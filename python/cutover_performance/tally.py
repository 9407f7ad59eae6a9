"""Counts by shape and time, in memory that grows with the number of shapes and hours, not of statements."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

from .measure import Busiest, Latency, Rows
from .shape import canonical

# More distinct texts than this are no application's: their values are not recognised as such.
MAX_SHAPES = 20_000
MAX_SHAPE_CHARACTERS = 32_000_000
OVERFLOW = "(statements beyond the 20000th shape)"
# Ten years of hours: damaged times must not fill the memory.
_MAX_HOURS = 24 * 3660
_REMEMBERED_BYTES = 32 * 1024 * 1024


@dataclass
class ShapeTally:
    """What is known of one shape."""

    count: int = 0
    first: int | None = None
    last: int | None = None
    by_second: Busiest = field(default_factory=Busiest)
    by_minute: Busiest = field(default_factory=Busiest)
    latency: Latency = field(default_factory=Latency)
    rows_sent: Rows = field(default_factory=Rows)
    rows_examined: Rows = field(default_factory=Rows)


class Tally:
    """All shapes of a log."""

    def __init__(self) -> None:
        self.statements = 0
        self.unparsed = 0
        # What whoever uses the numbers must know of how they came about.
        self.notes: list[str] = []
        self.first: int | None = None
        self.last: int | None = None
        self.hours: Counter[int] = Counter()
        self.shapes: dict[str, ShapeTally] = {}
        self._characters = 0
        self._canonical: dict[bytes, str] = {}
        self._remembered = 0

    def shape(self, erased: bytes) -> ShapeTally:
        """The tally of an erased statement; the way from its bytes to its shape is remembered."""
        text = self._canonical.get(erased)
        if text is None:
            text = canonical(erased)
            self._remembered += len(erased) + len(text) + 256
            if self._remembered > _REMEMBERED_BYTES:
                self._canonical.clear()
                self._remembered = len(erased) + len(text) + 256
            self._canonical[erased] = text
        return self.shape_of(text)

    def shape_of(self, text: str) -> ShapeTally:
        """The tally of a canonical text."""
        found = self.shapes.get(text)
        if found is None:
            self._characters += len(text)
            fits = len(self.shapes) < MAX_SHAPES and self._characters <= MAX_SHAPE_CHARACTERS
            found = self.shapes.setdefault(text if fits else OVERFLOW, ShapeTally())
        return found

    def add(self, erased: bytes, second: int | None) -> ShapeTally:
        """One statement."""
        shape = self.shape(erased)
        self.add_counts(shape, {second: 1})
        return shape

    def add_all(self, statements: Iterable[tuple[int | None, bytes]]) -> None:
        """Erased statements with their seconds. Shape by shape, since a server at rest sends a few in many seconds."""
        shapes: defaultdict[bytes, dict[int | None, int]] = defaultdict(dict)
        for (second, erased), count in Counter(statements).items():
            shapes[erased][second] = count
        for erased, counts in shapes.items():
            self.add_counts(self.shape(erased), counts)

    def add_counts(self, shape: ShapeTally, counts: dict[int | None, int]) -> None:
        """Statements of a shape by second; the dictionary is used up."""
        total = sum(counts.values())
        shape.count += total
        self.statements += total
        counts.pop(None, None)
        if not counts:
            return
        known = cast("dict[int, int]", counts)
        first, last = min(known), max(known)
        shape.first, shape.last = _earlier(shape.first, first), _later(shape.last, last)
        self.first, self.last = _earlier(self.first, first), _later(self.last, last)
        minutes: dict[int, int] = {}
        for second, count in known.items():
            minute = second // 60
            minutes[minute] = minutes.get(minute, 0) + count
        for minute, count in minutes.items():
            hour = minute // 60
            if hour in self.hours or len(self.hours) < _MAX_HOURS:
                self.hours[hour] += count
        shape.by_second.add(known)
        shape.by_minute.add(minutes)


def _earlier(before: int | None, second: int) -> int:
    return second if before is None or second < before else before


def _later(before: int | None, second: int) -> int:
    return second if before is None or second > before else before
