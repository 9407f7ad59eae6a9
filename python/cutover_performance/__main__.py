"""`python -m cutover_performance LOG --format general --json OUT --charts FOLDER`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from .clock import Clock
from .digest import read_digests
from .errors import LogError
from .facts import log_facts
from .general import GeneralLog
from .slow import SlowLog
from .source import Source
from .tally import Tally


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="cutover_performance", description=__doc__)
    parser.add_argument(
        "log",
        nargs="+",
        help="the query log, plain or gzip, - for standard input; for digests, files of samples, the earliest first",
    )
    parser.add_argument("--format", choices=["general", "slow", "digest"], required=True)
    parser.add_argument("--time-zone", default="Z", help="zone of times that name none: Z, +02:00, Europe/Vienna")
    parser.add_argument("--json", type=Path, required=True, help="where to write the facts")
    parser.add_argument("--charts", type=Path, help="folder for charts; none without it")
    options = parser.parse_args(arguments)
    if options.format != "digest" and len(options.log) > 1:
        parser.error("one log at a time")
    sources = [Source(name) for name in options.log]
    try:
        tally = _read(sources, options.format, options.time_zone)
        facts = log_facts(tally, sources[0].name)
    except LogError as error:
        print(error, file=sys.stderr)
        return error.status
    options.json.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if options.charts is not None:
        # Drawing takes a second to load: not for those who want the facts alone.
        from .charts import write_charts

        write_charts(tally, facts, options.charts)
    return 0


def _read(sources: list[Source], log_format: str, zone: str) -> Tally:
    clock = Clock(zone)
    if log_format == "digest":
        tally = read_digests(sources)
    else:
        reader = GeneralLog(clock) if log_format == "general" else SlowLog(clock)
        tally = reader.read(sources[0].blocks())
    tally.notes.extend(f"{source.name}: {source.damage}" for source in sources if source.damage is not None)
    return tally


if __name__ == "__main__":
    sys.exit(main())
