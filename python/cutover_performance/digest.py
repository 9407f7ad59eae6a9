"""
Samples of `performance_schema.events_statements_summary_by_digest`, subtracted one from the next.

The files are JSON lines. A sample begins with a line that has `SAMPLED_AT` (ISO, UTC), `UPTIME` (seconds, as the
server's status says) and may have `MAX_DIGEST_LENGTH` (1024 if not said) and `EXECUTIONS`, how often prepared statements
were executed by what the server counts besides; a line for each row follows, with the columns named as the server names
them. Numbers may be strings. Samples stand in the order in which they were taken, in one file or several.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .digest_text import counts, cut_off, is_execution, log_text
from .errors import UnrecognisedLog
from .shape import canonical
from .source import Source
from .tally import ShapeTally, Tally

BEYOND = "(statements beyond the server's table of digests)"
_PICOSECONDS = 1_000_000_000
# The server says how long it is up in whole seconds, and is asked a moment after the clock.
_SAME_START = 3


@dataclass
class _Counters:
    text: str | None
    first_seen: str
    count: int
    picoseconds: int
    sent: int
    examined: int


@dataclass
class _Sample:
    time: datetime
    uptime: int
    max_digest_length: int
    executions: int
    counters: dict[tuple[str | None, str | None], _Counters] = field(default_factory=dict)

    @property
    def server_start(self) -> float:
        return self.time.timestamp() - self.uptime


def read_digests(files: Iterable[Source]) -> Tally:
    """What the server executed between the first sample and the last one."""
    tally = Tally()
    before: _Sample | None = None
    steps = unseen = 0
    for sample in _samples(files):
        if before is not None:
            steps += 1
            _add_step(tally, before, sample)
            unseen += _unseen_executions(before, sample)
        before = sample
    if steps == 0:
        raise UnrecognisedLog("two samples of statement digests are needed, one taken after the other")
    tally.notes.insert(0, f"counters of the server, read {steps + 1} times; a peak is the mean of the busiest of {steps} steps")
    if unseen > 0:
        tally.notes.append(
            f"{unseen} executions of prepared statements, over all databases, are in none of the counters: servers older than "
            "MySQL 9 leave them out; a log has them"
        )
    return tally


def _unseen_executions(before: _Sample, after: _Sample) -> int:
    """How many executions there were, where the server does not count them by digest."""
    if any(counters.text is not None and is_execution(counters.text) for counters in after.counters.values()):
        return 0
    return max(0, after.executions - before.executions)


def _add_step(tally: Tally, before: _Sample, after: _Sample) -> None:
    begin, end = int(before.time.timestamp()), int(after.time.timestamp())
    if after.time <= before.time:
        raise UnrecognisedLog("the samples are not in the order in which they were taken")
    restarted = abs(after.server_start - before.server_start) > _SAME_START
    if restarted:
        _note(tally, "the server was restarted between two samples: what it did before that is not in its counters")
    emptied = False
    for key, now in after.counters.items():
        old = None if restarted else before.counters.get(key)
        if old is not None and (now.count < old.count or now.first_seen != old.first_seen):
            emptied = True
            old = None
        if now.count > (0 if old is None else old.count) and (now.text is None or counts(now.text)):
            shape = tally.shape_of(_shape_text(tally, now.text, after.max_digest_length))
            _add_counters(tally, shape, now, old, range(begin, max(begin + 1, end)))
    if not restarted and (emptied or before.counters.keys() - after.counters.keys()):
        _note(tally, "the table of digests was emptied between two samples: what was counted before that is missing")


def _shape_text(tally: Tally, text: str | None, max_digest_length: int) -> str:
    if text is None:
        _note(tally, "the server's table of digests is full: some statements are known by their number alone")
        return BEYOND
    if cut_off(text, max_digest_length):
        _note(tally, "some statements are longer than the server keeps (max_digest_length): they end with ...")
        return canonical(log_text(text).encode()) + " ..."
    return canonical(log_text(text).encode())


def _add_counters(tally: Tally, shape: ShapeTally, now: _Counters, old: _Counters | None, seconds: range) -> None:
    count = now.count - (0 if old is None else old.count)
    # Spread over the seconds of the step, as evenly as whole statements can be.
    each, more = divmod(count, len(seconds))
    parts = {second: each + (1 if place < more else 0) for place, second in enumerate(seconds)}
    tally.add_counts(shape, {second: part for second, part in parts.items() if part > 0})
    shape.latency.add_sum(max(0, now.picoseconds - (0 if old is None else old.picoseconds)) / _PICOSECONDS, count)
    shape.rows_sent.add_sum(max(0, now.sent - (0 if old is None else old.sent)), count)
    shape.rows_examined.add_sum(max(0, now.examined - (0 if old is None else old.examined)), count)


def _note(tally: Tally, text: str) -> None:
    if text not in tally.notes:
        tally.notes.append(text)


def _samples(files: Iterable[Source]) -> Iterator[_Sample]:
    sample: _Sample | None = None
    for source in files:
        for number, line in _lines(source):
            try:
                row = json.loads(line)
                if "SAMPLED_AT" in row:
                    if sample is not None:
                        yield sample
                    sample = _Sample(_utc(str(row["SAMPLED_AT"])), int(row["UPTIME"]), int(row.get("MAX_DIGEST_LENGTH", 1024)), int(row.get("EXECUTIONS", 0)))
                elif sample is None:
                    raise ValueError("a row before the first line with SAMPLED_AT")
                else:
                    _add_row(sample, row)
            except (ValueError, TypeError, KeyError, RecursionError) as error:
                reason = f"{error} is missing" if isinstance(error, KeyError) else error
                raise UnrecognisedLog(f"{source.name}, line {number}: no sample of statement digests: {reason}") from error
    if sample is not None:
        yield sample


def _lines(source: Source) -> Iterator[tuple[int, bytes]]:
    rest = b""
    number = 0
    for block in source.blocks():
        *lines, rest = (rest + block).split(b"\n")
        for line in lines:
            number += 1
            if line.strip():
                yield number, line
    if rest.strip():
        yield number + 1, rest


def _utc(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time


def _add_row(sample: _Sample, row: dict[str, Any]) -> None:
    text = row["DIGEST_TEXT"]
    found = _Counters(
        text=None if text is None or row["DIGEST"] is None else str(text),
        first_seen=str(row["FIRST_SEEN"]),
        count=int(row["COUNT_STAR"]),
        picoseconds=int(row["SUM_TIMER_WAIT"]),
        sent=int(row["SUM_ROWS_SENT"]),
        examined=int(row["SUM_ROWS_EXAMINED"]),
    )
    sample.counters[(row["SCHEMA_NAME"], row["DIGEST"])] = found
