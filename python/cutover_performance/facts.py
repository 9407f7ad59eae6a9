"""The tally as `LogFacts` of core/analysis.ts."""

from __future__ import annotations

import hashlib
from typing import Any

from .clock import iso
from .measure import Rows
from .meaning import meaning
from .tally import ShapeTally, Tally


def log_facts(tally: Tally, source: str) -> dict[str, Any]:
    """Plain JSON, in an order that depends on the log alone."""
    first = tally.first or 0
    last = tally.last or 0
    span = max(1, last - first + 1)
    shapes = sorted(tally.shapes.items(), key=lambda item: (-item[1].count, item[0]))
    facts: dict[str, Any] = {
        "source": source,
        "statements": tally.statements,
        "unparsed": tally.unparsed,
        "firstSeen": "" if tally.first is None else iso(first),
        "lastSeen": "" if tally.last is None else iso(last),
        "shapes": [_shape(text, shape, span) for text, shape in shapes],
    }
    if tally.notes:
        facts["notes"] = tally.notes
    return facts


def _shape(text: str, shape: ShapeTally, span: int) -> dict[str, Any]:
    found = meaning(text)
    facts: dict[str, Any] = {
        "fingerprint": hashlib.sha256(text.encode()).hexdigest()[:16],
        "normalisedSql": text,
        "kind": found.kind,
        "tables": list(found.tables),
        "keyColumns": list(found.key_columns),
        "count": shape.count,
        "meanPerSecond": round(shape.count / span, 6),
        "peakPerSecond": shape.by_second.peak,
        "peakPerMinute": shape.by_minute.peak,
        "firstSeen": "" if shape.first is None else iso(shape.first),
        "lastSeen": "" if shape.last is None else iso(shape.last),
    }
    latency = shape.latency
    if latency.known:
        facts["latencyMs"] = _known(
            mean=latency.mean,
            p50=latency.percentile(0.5),
            p95=latency.percentile(0.95),
            p99=latency.percentile(0.99),
            max=None if latency.largest is None else round(latency.largest, 3),
        )
    if shape.rows_sent.known:
        facts["rowsSent"] = _rows(shape.rows_sent)
    if shape.rows_examined.known:
        facts["rowsExamined"] = _rows(shape.rows_examined)
    return facts


def _rows(rows: Rows) -> dict[str, float]:
    return _known(mean=rows.mean, max=rows.largest)


def _known(**values: float | None) -> dict[str, float]:
    return {name: value for name, value in values.items() if value is not None}
