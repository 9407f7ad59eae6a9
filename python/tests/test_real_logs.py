"""Logs of real servers that this project did not write; `CUTOVER_INPUTS` names their folder."""

import gzip
import os
import re
from pathlib import Path

import pytest

from cutover_performance.clock import Clock
from cutover_performance.general import GeneralLog
from cutover_performance.slow import SlowLog
from cutover_performance.source import Source

INPUTS = Path(os.environ.get("CUTOVER_INPUTS", "/nonexistent")) / "logs"
GENERAL = sorted(INPUTS.glob("general-*.gz"))
SLOW = sorted((INPUTS / "slow").glob("*")) if INPUTS.exists() else []

pytestmark = pytest.mark.skipif(not INPUTS.exists(), reason="CUTOVER_INPUTS names no folder with logs")


@pytest.mark.parametrize("log", GENERAL, ids=lambda path: path.name)
def test_general_logs_lose_no_statement(log: Path) -> None:
    # The second way to count: lines, one by one, that bear the command.
    command = re.compile(rb"^(?:\S+|\d{6} [ \d]\d:\d\d:\d\d|\t)\t *\d+ (?:Query|Execute)\t")
    with gzip.open(log) as lines:
        expected = sum(1 for line in lines if command.match(line))
    tally = GeneralLog(Clock()).read(Source(str(log)).blocks())
    assert tally.statements == expected > 70_000
    assert tally.unparsed == 0
    assert sum(shape.count for shape in tally.shapes.values()) == expected


@pytest.mark.parametrize("log", SLOW, ids=lambda path: path.name)
def test_slow_logs_lose_no_entry(log: Path) -> None:
    expected = log.read_bytes().count(b"Query_time:")
    tally = SlowLog(Clock()).read(Source(str(log)).blocks())
    assert tally.statements == expected
    assert tally.unparsed == 0
