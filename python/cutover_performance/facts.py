"""The tally as `LogFacts` of core/analysis.ts."""

from __future__ import annotations

import hashlib
from typing import Any

from .clock import iso
from .shape import meaning
from .tally import ShapeTally, Tally


def log_facts(tally: Tally, source: str) -> dict[str, Any]:
    """Plain JSON, in an order that depends on the log alone."""
    first = tally.first or 0
    last = tally.last or 0
    span = max(1, last - first + 1)
    shapes = sorted(tally.shapes.items(), key=lambda item: (-item[1].count, item[0]))
    return {
        "source": source,
        "statements": tally.statements,
        "unparsed": tally.unparsed,
        "firstSeen": "" if tally.first is None else iso(first),
        "lastSeen": "" if tally.last is None else iso(last),
        "shapes": [_shape(text, shape, span) for text, shape in shapes],
    }


def _shape(text: str, shape: ShapeTally, span: int) -> dict[str, Any]:
    found = meaning(text)
    facts: dict[str, Any] = {
        "fingerprint": hashlib.sha256(text.encode()).hexdigest()[:16],
        "normalisedSql": text,
        "kind": found.kind,
        "tables": list(found.tables),
        "count": shape.count,
        "meanPerSecond": round(shape.count / span, 6),
        "peakPerSecond": shape.by_second.peak,
        "peakPerMinute": shape.by_minute.peak,
        "firstSeen": "" if shape.first is None else iso(shape.first),
        "lastSeen": "" if shape.last is None else iso(shape.last),
    }
    if shape.latencies:
        facts["latencyMs"] = {"p50": shape.latency(0.5), "p99": shape.latency(0.99)}
    if shape.rows_known:
        facts["rowsSent"] = {"mean": round(shape.rows_sent / shape.rows_known, 3), "max": shape.rows_sent_max}
    return facts
