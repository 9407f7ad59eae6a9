"""Slow query logs of all versions and forks: comment lines with facts, then the statement."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .clock import Clock
from .errors import UnrecognisedLog
from .shape import Eraser
from .tally import Tally

_FACT = re.compile(rb"^#\s*(?:Time:|User@Host:|User:|[A-Z][A-Za-z_]*:|No InnoDB|administrator command|explain:)", re.IGNORECASE)
_TIME = re.compile(rb"# Time: (?:(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?|(\d{6}\s+\d?\d:\d\d:\d\d))")
_STAMP = re.compile(rb"SET timestamp=(\d+)(?:\.\d+)?;?\s*$", re.IGNORECASE)
_LATENCY = re.compile(rb"Query_time: *([\d.]+)")
_SENT = re.compile(rb"Rows_sent: *(\d+)")
_USE = re.compile(rb"use [^;]*;\s*$", re.IGNORECASE)
_BANNER = re.compile(rb"^(?:.*, Version: .* started with:|Tcp port: .*|Time\s+Id\s+Command\s+Argument)\s*$")


class SlowLog:
    """Takes a slow log line by line."""

    def __init__(self, clock: Clock) -> None:
        self.tally = Tally()
        self._clock = clock
        self._second: int | None = None
        self._facts: list[bytes] = []
        self._statement: list[bytes] = []
        self._entries = 0
        self._eraser = Eraser()

    def read(self, blocks: Iterable[bytes]) -> Tally:
        for line in _lines(blocks):
            if _BANNER.match(line):
                continue
            if _FACT.match(line):
                if self._statement:
                    self._end()
                self._facts.append(line)
            elif line.strip() or self._statement:
                self._statement.append(line)
        self._end()
        if self._entries == 0:
            raise UnrecognisedLog("no entry of a slow query log was found in it")
        return self.tally

    def _end(self) -> None:
        facts = b"\n".join(self._facts)
        lines = self._statement
        self._facts, self._statement = [], []
        time = _TIME.search(facts)
        if time is not None:
            self._second = self._clock.second(time.group(1) or time.group(3), time.group(2) or b"")
        second = self._second
        statement: list[bytes] = []
        for line in lines:
            stamp = _STAMP.match(line) if not statement else None
            if stamp is not None:
                second = self._second = int(stamp.group(1))
            elif statement or not _USE.match(line):
                statement.append(line)
        latency = _LATENCY.search(facts)
        text = b"\n".join(statement).strip()
        if latency is None:
            # Lines without the one fact that every entry has: a cut-off entry, or another program's.
            self.tally.unparsed += sum(1 for line in lines if line.strip())
            return
        self._entries += 1
        if not text or text.startswith(b"# administrator command"):
            return
        shape = self.tally.add(self._eraser.erase([text.replace(b"\x01", b" ")])[0], second)
        shape.add_latency(float(latency.group(1)) * 1000)
        sent = _SENT.search(facts)
        if sent is not None:
            shape.add_rows(int(sent.group(1)))


def _lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        lines = (rest + block).split(b"\n")
        rest = lines.pop()
        yield from (line.rstrip(b"\r") for line in lines)
    if rest:
        yield rest
