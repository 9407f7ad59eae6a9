"""General query logs: MySQL 5.6 to 9, MariaDB.

`Execute` lines hold the statement with its values put in, `Prepare` lines hold it with `?`; the driver sends one
`Prepare` for many `Execute`s, so that `Query` and `Execute` count and `Prepare` does not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import compress

from .clock import Clock
from .errors import UnrecognisedLog
from .shape import Eraser
from .tally import Tally

# Time (ISO from MySQL 5.7 on; before that and in MariaDB only where the second changed), thread, command.
_HEADER = re.compile(
    rb"\n(?:(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?\s|(\d{6} [ \d]\d:\d\d:\d\d)\s|\t\t)[ \t]*\d+ "
    rb"(Query|Execute|Prepare|Connect|Quit|Init DB|Close stmt|Reset stmt|Long Data|Fetch|Ping|Statistics|Field List|"
    rb"Change user|Set option|Refresh|Shutdown|Processlist|Kill|Debug|Sleep|Binlog Dump(?: GTID)?|Connect Out|"
    rb"Table Dump|Register Slave|Register Replica|Delayed insert|Daemon|Reset connection|Bulk execute|Create DB|Drop DB|"
    rb"Group Replication Data Stream subscription|Clone|Error)\b\t?"
)
_BANNER = re.compile(rb"^[^\n]*, Version: [^\n]* started with:\n[^\n]*\nTime[^\n]*\n?", re.MULTILINE)
_PARTS = 5  # statement before the next header, and the four groups of a header
_COUNTED = frozenset((b"Query", b"Execute"))


class GeneralLog:
    """Takes a general log block by block."""

    def __init__(self, clock: Clock) -> None:
        self.tally = Tally()
        self._clock = clock
        self._rest = b""
        self._second: int | None = None
        self._entries = 0
        self._eraser = Eraser()

    def read(self, blocks: Iterable[bytes]) -> Tally:
        for block in blocks:
            text = self._rest + block
            cut = _last_header(text)
            if cut == 0:
                self._rest = text
                continue
            self._take(text[:cut])
            self._rest = text[cut:]
        self._take(self._rest)
        if self._entries == 0:
            raise UnrecognisedLog("no entry of a general query log was found in it")
        return self.tally

    def _take(self, text: bytes) -> None:
        if b"\r\n" in text:
            text = text.replace(b"\r\n", b"\n")
        if b"\x01" in text:
            text = text.replace(b"\x01", b" ")
        if b" started with:" in text:
            text = _BANNER.sub(b"", text)
        pieces = _HEADER.split(b"\n" + text)
        if pieces[0].strip():
            self.tally.unparsed += sum(1 for line in pieces[0].split(b"\n") if line.strip())
        counted = [command in _COUNTED for command in pieces[4::_PARTS]]
        self._entries += len(counted)
        statements = list(compress(pieces[5::_PARTS], counted))
        seconds = compress(self._seconds(pieces[1::_PARTS], pieces[2::_PARTS], pieces[3::_PARTS]), counted)
        if statements:
            for (second, erased), count in Counter(zip(seconds, self._eraser.erase(statements), strict=True)).items():
                self.tally.add(erased, second, count)

    def _seconds(self, whole: list[bytes], offsets: list[bytes], short: list[bytes]) -> list[int | None]:
        resolve = self._clock.second
        # The groups that did not take part in a match are None, whatever the types say.
        if whole and None not in whole and None not in offsets:
            seconds = list(map(resolve, whole, offsets))
            self._second = seconds[-1]
            return seconds
        seconds = []
        for one, offset, old in zip(whole, offsets, short, strict=True):
            if one is not None:
                self._second = resolve(one, offset or b"")
            elif old is not None:
                self._second = resolve(old)
            seconds.append(self._second)
        return seconds


def _last_header(text: bytes) -> int:
    """Where the last entry of a block begins: it may go on in the next block."""
    end = len(text)
    while (end := text.rfind(b"\n", 0, end)) >= 0:
        if _HEADER.match(text, end):
            return end + 1
    return 0
