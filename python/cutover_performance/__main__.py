"""`python -m cutover_performance LOG --format general --json OUT --charts FOLDER`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from .clock import Clock
from .errors import LogError
from .facts import log_facts
from .general import GeneralLog
from .slow import SlowLog
from .source import blocks


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="cutover_performance", description=__doc__)
    parser.add_argument("log", type=Path, help="the query log, plain or gzip")
    parser.add_argument("--format", choices=["general", "slow"], required=True)
    parser.add_argument("--time-zone", default="Z", help="zone of times that name none: Z, +02:00, Europe/Vienna")
    parser.add_argument("--json", type=Path, required=True, help="where to write the facts")
    parser.add_argument("--charts", type=Path, help="folder for charts; none without it")
    options = parser.parse_args(arguments)
    try:
        clock = Clock(options.time_zone)
        reader = GeneralLog(clock) if options.format == "general" else SlowLog(clock)
        tally = reader.read(blocks(options.log))
        facts = log_facts(tally, options.log.name)
    except LogError as error:
        print(error, file=sys.stderr)
        return error.status
    options.json.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if options.charts is not None:
        # Drawing takes a second to load: not for those who want the facts alone.
        from .charts import write_charts

        write_charts(tally, facts, options.charts)
    return 0


if __name__ == "__main__":
    sys.exit(main())
