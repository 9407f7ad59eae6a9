"""
How fast the query-log program reads general logs, and in how much memory: prints a table for docs/query-logs.md.

The logs are generated into a temporary folder that is removed at the end. Each is read by a process of its own, charts
left out; its peak memory and processor time are the kernel's.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from general_log import write

PROJECT = Path(__file__).resolve().parent.parent / "python"
MEGABYTE = 1_000_000


@dataclass
class Run:
    seconds: float
    processor_seconds: float
    peak_kilobytes: int
    statements: int


def read(log: Path, output: Path) -> Run:
    command = [sys.executable, "-m", "cutover_performance", str(log), "--format", "general", "--json", str(output)]
    begin = time.monotonic()
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(PROJECT)})
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begin
    if status != 0:
        raise SystemExit(f"the program failed with status {os.waitstatus_to_exitcode(status)}")
    facts = json.loads(output.read_text())
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, facts["statements"])


def row(title: str, size: int, generated: int, run: Run) -> str:
    rate, processor_rate = size / MEGABYTE / run.seconds, size / MEGABYTE / run.processor_seconds
    return (
        f"| {title} | {size / MEGABYTE:,.0f} | {generated:,} | {run.statements:,} | {run.seconds:.1f} | {rate:.1f} "
        f"| {processor_rate:.1f} | {run.peak_kilobytes / 1024:.0f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--times", type=int, default=3, help="runs of each log; the fastest is shown")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="cutover-logs-"))
    print(f"Load before: {', '.join(f'{load:.2f}' for load in os.getloadavg())}; {os.cpu_count()} processors.\n")
    print("| log | MB | statements written | read | seconds | MB/s | MB/s of processor time | peak memory, MiB |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    try:
        for megabytes in options.megabytes:
            for flavour in ("mysql", "mariadb"):
                log = folder / "general.log"
                generated = write(log, megabytes * MEGABYTE, flavour)
                size = log.stat().st_size
                print(row(flavour, size, generated, fastest(log, folder, options.times)), flush=True)
                if megabytes == options.megabytes[0]:
                    packed = folder / "general.log.gz"
                    with log.open("rb") as plain, gzip.open(packed, "wb", compresslevel=6) as target:
                        shutil.copyfileobj(plain, target)
                    log.unlink()
                    print(row(f"{flavour}, gzip", size, generated, fastest(packed, folder, options.times)), flush=True)
                    packed.unlink()
    finally:
        shutil.rmtree(folder)
    print(f"\nLoad after: {', '.join(f'{load:.2f}' for load in os.getloadavg())}.")


def fastest(log: Path, folder: Path, times: int) -> Run:
    return min((read(log, folder / "facts.json") for _ in range(times)), key=lambda run: run.seconds)


if __name__ == "__main__":
    main()
