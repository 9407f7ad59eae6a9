"""Slow query logs of all versions and forks: comment lines with facts, then the statement."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .clock import Clock, plausible
from .erase import Eraser, without_reserved
from .errors import UnrecognisedLog
from .tally import Tally

_FACT = re.compile(rb"^#\s*(?:Time:|User@Host:|User:|[A-Z][A-Za-z_]*:|No InnoDB|administrator command|explain:)", re.IGNORECASE)
# Within a statement a comment may look like a fact; only these begin an entry.
_BEGIN = re.compile(rb"^#\s*(?:Time:|User@Host:|User:|Thread_id:|Query_time:|Schema:|administrator command)", re.IGNORECASE)
_TIME = re.compile(rb"# Time: (?:(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?|(\d{6}\s+\d?\d:\d\d:\d\d))")
_STAMP = re.compile(rb"SET timestamp=(\d{1,12})(?:\.\d+)?;?\s*$", re.IGNORECASE)
_LATENCY = re.compile(rb"Query_time: *(\d{1,12}(?:\.\d{1,12})?)")
_SENT = re.compile(rb"Rows_sent: *(\d{1,18})")
_EXAMINED = re.compile(rb"Rows_examined: *(\d{1,18})")
_USE = re.compile(rb"use [^;]*;\s*$", re.IGNORECASE)
_BANNER = re.compile(rb"^(?:.*, Version: .* started with:|Tcp port: .*|Time\s+Id\s+Command\s+Argument)\s*$")
# As in general logs: of a longer statement or line the end is left out.
_LONGEST_STATEMENT = 64 * 1024 * 1024
# A file that has no entry so far is another program's.
_LONGEST_WITHOUT_ENTRY = 64 * 1024 * 1024


class SlowLog:
    """Takes a slow log line by line."""

    def __init__(self, clock: Clock) -> None:
        self.tally = Tally()
        self._clock = clock
        self._second: int | None = None
        self._facts: list[bytes] = []
        self._statement: list[bytes] = []
        self._size = 0
        self._entries = 0
        self._eraser = Eraser()

    def read(self, blocks: Iterable[bytes]) -> Tally:
        read = 0
        for line in _lines(blocks):
            read += len(line)
            if self._entries == 0 and read > _LONGEST_WITHOUT_ENTRY and not self._facts:
                raise UnrecognisedLog("no entry of a slow query log was found at its beginning")
            if _BANNER.match(line):
                continue
            if (_BEGIN if self._statement else _FACT).match(line):
                if self._statement:
                    self._end()
                self._facts.append(line[:4096])
            elif line.strip() or self._statement:
                self._size += len(line)
                if self._size <= _LONGEST_STATEMENT:
                    self._statement.append(line)
        self._end()
        if self._entries == 0:
            raise UnrecognisedLog("no entry of a slow query log was found in it")
        return self.tally

    def _end(self) -> None:
        facts = b"\n".join(self._facts)
        lines = self._statement
        self._facts, self._statement, self._size = [], [], 0
        time = _TIME.search(facts)
        if time is not None:
            found = self._clock.second(time.group(1) or time.group(3), time.group(2) or b"")
            self._second = self._second if found is None else found
        statement: list[bytes] = []
        for line in lines:
            stamp = _STAMP.match(line) if not statement else None
            if stamp is not None:
                self._second = plausible(int(stamp.group(1))) or self._second
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
        shape = self.tally.add(self._eraser.erase([without_reserved(text)])[0], self._second)
        shape.latency.add(float(latency.group(1)) * 1000)
        if (sent := _SENT.search(facts)) is not None:
            shape.rows_sent.add(int(sent.group(1)))
        if (examined := _EXAMINED.search(facts)) is not None:
            shape.rows_examined.add(int(examined.group(1)))


def _lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        lines = (rest + block).split(b"\n")
        rest = lines.pop()[:_LONGEST_STATEMENT]
        yield from (line.rstrip(b"\r") for line in lines)
    if rest:
        yield rest
