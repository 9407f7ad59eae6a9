"""Logs of real servers that this project did not write; `CUTOVER_INPUTS` names their folder."""

import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

from count_logs import logs, second_way  # noqa: E402

from cutover_performance.clock import Clock  # noqa: E402
from cutover_performance.general import GeneralLog  # noqa: E402
from cutover_performance.slow import SlowLog  # noqa: E402
from cutover_performance.source import Source  # noqa: E402

INPUTS = Path(os.environ.get("CUTOVER_INPUTS", "/nonexistent")) / "logs"

pytestmark = [
    pytest.mark.skipif(not INPUTS.exists(), reason="CUTOVER_INPUTS names no folder with logs"),
    pytest.mark.skipif(shutil.which("zcat") is None or shutil.which("grep") is None, reason="zcat and grep are not here"),
]


@pytest.mark.parametrize(("log", "log_format"), logs(INPUTS), ids=lambda value: getattr(value, "name", value))
def test_no_statement_is_lost(log: Path, log_format: str) -> None:
    expected = second_way(log, log_format)
    reader = GeneralLog(Clock()) if log_format == "general" else SlowLog(Clock())
    tally = reader.read(Source(str(log)).blocks())
    assert tally.statements == expected > 0
    assert tally.unparsed == 0
    assert sum(shape.count for shape in tally.shapes.values()) == expected
