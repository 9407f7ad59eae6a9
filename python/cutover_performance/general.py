"""General query logs: MySQL 5.6 to 9, MariaDB.

`Execute` lines hold the statement with its values put in, `Prepare` lines hold it with `?`; the driver sends one
`Prepare` for many `Execute`s, so that `Query` and `Execute` count and `Prepare` does not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from .clock import Clock
from .errors import UnrecognisedLog
from .shape import erase_values
from .tally import Tally

# Time (ISO from MySQL 5.7 on; before that and in MariaDB only where the second changed), thread, command.
_HEADER = re.compile(
    rb"^(?:(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?\s|(\d{6} [ \d]\d:\d\d:\d\d)\s|\t\t)[ \t]*\d+ "
    rb"(Query|Execute|Prepare|Connect|Quit|Init DB|Close stmt|Reset stmt|Long Data|Fetch|Ping|Statistics|Field List|"
    rb"Change user|Set option|Refresh|Shutdown|Processlist|Kill|Debug|Sleep|Binlog Dump(?: GTID)?|Connect Out|"
    rb"Table Dump|Register Slave|Register Replica|Delayed insert|Daemon|Reset connection|Bulk execute|Create DB|Drop DB|"
    rb"Group Replication Data Stream subscription|Clone|Error)\b\t?",
    re.MULTILINE,
)
_BANNER = re.compile(rb"^[^\n]*, Version: [^\n]* started with:\n[^\n]*\nTime[^\n]*\n?", re.MULTILINE)
_PARTS = 5  # statement before the next header, and the four groups of a header


class GeneralLog:
    """Takes a general log block by block."""

    def __init__(self, clock: Clock) -> None:
        self.tally = Tally()
        self._clock = clock
        self._rest = b""
        self._second: int | None = None
        self._entries = 0

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
        pieces = _HEADER.split(text)
        if pieces[0].strip():
            self.tally.unparsed += sum(1 for line in pieces[0].split(b"\n") if line.strip())
        commands = pieces[4::_PARTS]
        self._entries += len(commands)
        seconds: list[int | None] = []
        statements: list[bytes] = []
        current = self._second
        resolve = self._clock.second
        for whole, offset, short, command, argument in zip(
            pieces[1::_PARTS], pieces[2::_PARTS], pieces[3::_PARTS], commands, pieces[5::_PARTS], strict=True
        ):
            if whole is not None:
                current = resolve(whole, offset or b"")
            elif short is not None:
                current = resolve(short)
            if command == b"Query" or command == b"Execute":
                seconds.append(current)
                statements.append(argument)
        self._second = current
        if statements:
            for (second, erased), count in Counter(zip(seconds, erase_values(statements), strict=True)).items():
                self.tally.add(erased, second, count)


def _last_header(text: bytes) -> int:
    """Where the last entry of a block begins: it may go on in the next block."""
    end = len(text)
    while (end := text.rfind(b"\n", 0, end)) >= 0:
        if _HEADER.match(text, end + 1):
            return end + 1
    return 0
