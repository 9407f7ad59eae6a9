"""General query logs: MySQL 5.6 to 9, MariaDB.

`Execute` lines hold the statement with its values put in, `Prepare` lines hold it with `?`; the driver sends one
`Prepare` for many `Execute`s, so that `Query` and `Execute` count and `Prepare` does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import compress

from .clock import Clock, steady
from .erase import Eraser, without_reserved
from .errors import UnrecognisedLog
from .tally import Tally

# Time (ISO from MySQL 5.7 on; before that and in MariaDB only where the second changed), zone, thread, command.
# Possessive repetitions: most lines that are no header are found to be none without trying twice.
_HEADER = re.compile(
    rb"\n([0-9]{4}-[0-9-]{5}T[0-9:]{8}|\t|[0-9]{6} [ 0-9][0-9]:[0-9:]{5})(?:\.[0-9]++)?(Z|[+-][0-9:]{5})?[ \t]++[0-9]++ "
    rb"(Query|Execute|Prepare|Connect|Quit|Init DB|Close stmt|Reset stmt|Long Data|Fetch|Ping|Statistics|Field List|"
    rb"Change user|Set option|Refresh|Shutdown|Processlist|Kill|Debug|Sleep|Binlog Dump(?: GTID)?|Connect Out|"
    rb"Table Dump|Register Slave|Register Replica|Delayed insert|Daemon|Reset connection|Bulk execute|Create DB|Drop DB|"
    rb"Group Replication Data Stream subscription|Clone|Error)\b\t?"
)
_PARTS = 4  # statement before the next header, and the three groups of a header
_LONGEST_HEADER = 256
_NO_TIME = b"\t"
_COUNTED = frozenset((b"Query", b"Execute"))
_BANNER = re.compile(rb", Version: [^\n]* started with:\n[^\n]*\nTime[^\n]*\n?")
# The longest statement that a server takes by default; of a longer one, the end is left out.
LONGEST_ENTRY = 64 * 1024 * 1024


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
            searched = max(0, len(self._rest) - _LONGEST_HEADER)
            text = self._rest + block
            cut = _last_header(text, searched)
            if cut > 0:
                self._take(text[:cut])
            self._rest = self._bounded(text[cut:])
        self._take(self._rest)
        if self._entries == 0:
            raise UnrecognisedLog("no entry of a general query log was found in it")
        return self.tally

    def _bounded(self, rest: bytes) -> bytes:
        if len(rest) <= LONGEST_ENTRY:
            return rest
        if self._entries == 0 and _HEADER.search(b"\n" + rest[:LONGEST_ENTRY]) is None:
            raise UnrecognisedLog("no entry of a general query log was found at its beginning")
        return rest[: LONGEST_ENTRY - _LONGEST_HEADER] + rest[-_LONGEST_HEADER:]

    def _take(self, text: bytes) -> None:
        # One byte is looked for much faster than two.
        if b"\r" in text:
            text = text.replace(b"\r\n", b"\n")
        text = without_reserved(text)
        if b" started with:" in text:
            text = _without_banners(text)
        pieces = _HEADER.split(b"\n" + text)
        if pieces[0].strip():
            self.tally.unparsed += sum(1 for line in pieces[0].split(b"\n") if line.strip())
        counted = [command in _COUNTED for command in pieces[3::_PARTS]]
        self._entries += len(counted)
        statements = list(compress(pieces[4::_PARTS], counted))
        seconds = compress(self._seconds(pieces[1::_PARTS], pieces[2::_PARTS]), counted)
        if not statements:
            return
        self.tally.add_all(zip(seconds, self._eraser.erase(statements), strict=True))

    def _seconds(self, times: list[bytes], zones: list[bytes]) -> list[int | None]:
        """One for each entry; where the log leaves the time out, or it is damaged, the one before."""
        if not times:
            return []
        # Groups that did not take part in a match are None, whatever the types say.
        resolve = self._clock.second
        stamps: Sequence[object]
        known: dict[object, int | None]
        if len(set(zones)) == 1:
            stamps, zone = times, zones[0] or b""
            known = {time: resolve(time, zone) for time in set(times) if time != _NO_TIME}
        else:
            pairs = list(zip(times, zones, strict=True))
            stamps, known = pairs, {pair: resolve(pair[0], pair[1] or b"") for pair in set(pairs) if pair[0] != _NO_TIME}
        seconds = steady(stamps, known, self._second)
        self._second = seconds[-1]
        return seconds


def _without_banners(text: bytes) -> bytes:
    """A server that starts writes three lines, also into the middle of a log."""
    kept = []
    at = 0
    for banner in _BANNER.finditer(text):
        kept.append(text[at : max(at, text.rfind(b"\n", at, banner.start()) + 1)])
        at = banner.end()
    return b"".join([*kept, text[at:]])


def _last_header(text: bytes, start: int) -> int:
    """Where the last entry of a block begins: it may go on in the next block."""
    end = len(text)
    while (end := text.rfind(b"\n", start, end)) >= 0:
        if _HEADER.match(text, end):
            return end + 1
    return 0
