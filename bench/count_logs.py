"""
Statements of real logs, counted by the query-log program and by a second way that shares nothing with it: `zcat`, `grep`.

`python3 bench/count_logs.py FOLDER` prints a table for docs/query-logs.md; the folder has `general-*` and `slow/*`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent / "python"
# A line that begins an entry of a general log: time, or white space where the second did not change; thread; command.
GENERAL = r"^([0-9-]+T[0-9:.]+(Z|[+-][0-9:]+)|[0-9]{6} [ 0-9][0-9]:[0-9:]+|\t)\t *[0-9]+ (Query|Execute)\t"
SLOW = r"^# *Query_time:"


def logs(folder: Path) -> list[tuple[Path, str]]:
    """Files with their formats."""
    general = [(path, "general") for path in sorted(folder.glob("general-*"))]
    return general + [(path, "slow") for path in sorted((folder / "slow").glob("*"))]


def second_way(log: Path, log_format: str) -> int:
    """Lines that begin an entry, as grep counts them."""
    unpack = "zcat" if log.suffix == ".gz" else "cat"
    pattern = (GENERAL if log_format == "general" else SLOW).replace(r"\t", "\t")
    pipe = f'{unpack} -- "$1" | LC_ALL=C grep -a -E -c -- "$2"'
    found = subprocess.run(["bash", "-c", pipe, "bash", str(log), pattern], capture_output=True, text=True)
    return int(found.stdout)


def by_program(log: Path, log_format: str) -> dict[str, int]:
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "facts.json"
        command = [sys.executable, "-m", "cutover_performance", str(log), "--format", log_format, "--json", str(output)]
        subprocess.run(command, env={**os.environ, "PYTHONPATH": str(PROJECT)}, check=True)
        facts = json.loads(output.read_text())
    return {
        "statements": facts["statements"],
        "in shapes": sum(shape["count"] for shape in facts["shapes"]),
        "shapes": len(facts["shapes"]),
        "unparsed": facts["unparsed"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    if not logs(options.folder):
        raise SystemExit(f"{options.folder} has no general-* and no slow/*")
    print("| file | statements, by the program | by grep | sum over shapes | shapes | lines not understood |")
    print("|---|---|---|---|---|---|")
    for log, log_format in logs(options.folder):
        found = by_program(log, log_format)
        other = second_way(log, log_format)
        print(
            f"| {log.name} | {found['statements']:,} | {other:,} | {found['in shapes']:,} | {found['shapes']:,} "
            f"| {found['unparsed']:,} |"
        )


if __name__ == "__main__":
    main()
