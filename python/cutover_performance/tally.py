"""Counts by shape and time, in memory that grows with the number of shapes and hours, not of statements."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from .measure import Latency, Rows, Window
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
    by_second: Window = field(default_factory=lambda: Window(1))
    by_minute: Window = field(default_factory=lambda: Window(60))
    latency: Latency = field(default_factory=Latency)
    rows_sent: Rows = field(default_factory=Rows)
    rows_examined: Rows = field(default_factory=Rows)

    def add(self, second: int | None, count: int) -> None:
        self.count += count
        if second is None:
            return
        self.first = second if self.first is None else min(self.first, second)
        self.last = second if self.last is None else max(self.last, second)
        self.by_second.add(second, count)
        self.by_minute.add(second, count)


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

    def add(self, erased: bytes, second: int | None, count: int = 1) -> ShapeTally:
        shape = self.shape(erased)
        self.add_to(shape, second, count)
        return shape

    def add_to(self, shape: ShapeTally, second: int | None, count: int) -> None:
        shape.add(second, count)
        self.statements += count
        if second is not None:
            self.first = second if self.first is None else min(self.first, second)
            self.last = second if self.last is None else max(self.last, second)
            hour = second // 3600
            if hour in self.hours or len(self.hours) < _MAX_HOURS:
                self.hours[hour] += count
