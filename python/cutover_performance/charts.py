"""Heat map by hour and the busiest shapes, as SVG and PNG whose bytes depend on the log alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

from .clock import iso  # noqa: E402
from .tally import Tally  # noqa: E402

# More days than fit on a page; the last ones are the ones that count.
MAX_DAYS = 31
TOP_SHAPES = 15

matplotlib.rcParams["svg.hashsalt"] = "cutover"
matplotlib.rcParams["svg.fonttype"] = "none"
matplotlib.rcParams["text.parse_math"] = False


def write_charts(tally: Tally, facts: dict[str, Any], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _heat_map(tally, folder / "hours")
    _top_shapes(facts, folder / "top_shapes")


def _heat_map(tally: Tally, target: Path) -> None:
    days = sorted({hour // 24 for hour in tally.hours})[-MAX_DAYS:] or [0]
    rows = [[tally.hours.get(day * 24 + hour, 0) for hour in range(24)] for day in days]
    figure, axes = pyplot.subplots(figsize=(9, 1.6 + 0.3 * len(days)))
    image = axes.imshow(rows, aspect="auto", cmap="viridis", interpolation="nearest")
    axes.set_xticks(range(24), [f"{hour:02d}" for hour in range(24)])
    axes.set_yticks(range(len(days)), [iso(day * 86_400)[:10] for day in days])
    axes.set_xlabel("hour (UTC)")
    axes.set_title("Statements by hour")
    figure.colorbar(image, label="statements")
    _save(figure, target)


def _top_shapes(facts: dict[str, Any], target: Path) -> None:
    top = [shape for shape in facts["shapes"] if shape["kind"] != "other"][:TOP_SHAPES][::-1]
    figure, axes = pyplot.subplots(figsize=(11, 1.6 + 0.35 * max(1, len(top))))
    colours = ["#31688e" if shape["kind"] == "read" else "#d95f02" for shape in top]
    axes.barh(range(len(top)), [shape["count"] for shape in top], color=colours)
    axes.set_yticks(range(len(top)), [_label(shape["normalisedSql"]) for shape in top], fontsize=7, family="monospace")
    axes.set_xlabel("statements (blue: reads, orange: writes)")
    axes.set_title("Busiest shapes")
    _save(figure, target)


def _label(sql: str) -> str:
    # Fonts lack most characters outside ASCII, and the chart is an overview: the table has the whole text.
    shown = "".join(character if " " <= character <= "~" else "?" for character in sql)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."


def _save(figure: Any, target: Path) -> None:
    figure.tight_layout()
    figure.savefig(target.with_suffix(".svg"), metadata={"Date": None, "Creator": None})
    figure.savefig(target.with_suffix(".png"), dpi=100, metadata={"Software": None})
    pyplot.close(figure)
