import json
from pathlib import Path
from typing import Any

import pytest

from cutover_performance.__main__ import main
from cutover_performance.digest import BEYOND, read_digests
from cutover_performance.digest_text import cut_off, log_text
from cutover_performance.errors import UnrecognisedLog
from cutover_performance.source import Source
from cutover_performance.tally import Tally

BEGIN = "2026-11-23 10:00:00.500000"


def head(time: str, uptime: int, **more: object) -> dict[str, object]:
    return {"SAMPLED_AT": time, "UPTIME": uptime, **more}


def row(digest: str | None, text: str | None, count: int, **more: object) -> dict[str, object]:
    return {
        "SCHEMA_NAME": None if digest is None else "db",
        "DIGEST": digest,
        "DIGEST_TEXT": text,
        "COUNT_STAR": str(count),
        "SUM_TIMER_WAIT": str(count * 2_000_000_000),
        "SUM_ROWS_SENT": str(count * 3),
        "SUM_ROWS_EXAMINED": str(count * 5),
        "FIRST_SEEN": "2026-11-01 00:00:00.000001",
        **more,
    }


def digests(folder: Path, *samples: list[dict[str, object]]) -> Tally:
    files = []
    for number, sample in enumerate(samples):
        file = folder / f"{number}.jsonl"
        file.write_text("".join(json.dumps(line) + "\n" for line in sample))
        files.append(Source(str(file)))
    return read_digests(files)


def counts(tally: Tally) -> dict[str, int]:
    return {text: shape.count for text, shape in tally.shapes.items()}


def test_what_lies_between_two_samples_counts(tmp_path: Path) -> None:
    tally = digests(
        tmp_path,
        [head(BEGIN, 100), row("a", "SELECT `x` FROM `t` WHERE `id` = ?", 1000), row("b", "COMMIT", 7)],
        [head("2026-11-23 10:00:10.500000", 110), row("a", "SELECT `x` FROM `t` WHERE `id` = ?", 1025), row("b", "COMMIT", 7)],
    )
    assert counts(tally) == {"SELECT `x` FROM `t` WHERE `id` = ?": 25} and tally.statements == 25
    shape = tally.shapes["SELECT `x` FROM `t` WHERE `id` = ?"]
    assert shape.by_second.peak == 3 and shape.by_minute.peak == 25
    assert (shape.latency.mean, shape.rows_sent.mean, shape.rows_examined.mean) == (2, 3, 5)
    assert shape.latency.percentile(0.5) is None and shape.rows_sent.largest is None
    assert tally.last is not None and tally.first is not None and tally.last - tally.first + 1 == 10


def test_a_digest_of_the_second_sample_alone_counts_from_nothing(tmp_path: Path) -> None:
    tally = digests(tmp_path, [head(BEGIN, 100)], [head("2026-11-23 10:00:10", 110), row("a", "SELECT ?", 4)])
    assert counts(tally) == {"SELECT ?": 4}


def test_of_several_samples_the_busiest_step_is_the_peak(tmp_path: Path) -> None:
    samples = [
        [head(f"2026-11-23 10:00:0{second}", 100 + second), row("a", "SELECT ?", count)]
        for second, count in enumerate((10, 12, 52, 53))
    ]
    tally = digests(tmp_path, *samples)
    assert tally.shapes["SELECT ?"].count == 43 and tally.shapes["SELECT ?"].by_second.peak == 40


@pytest.mark.parametrize(
    ("after", "note"),
    [
        # Restarted: the server is up for less long than it should be.
        ([head("2026-11-23 10:00:10", 5), row("a", "SELECT ?", 2000)], "restarted"),
        # Emptied: less than before, or seen for the first time later than before, or gone.
        ([head("2026-11-23 10:00:10", 110), row("a", "SELECT ?", 20)], "emptied"),
        ([head("2026-11-23 10:00:10", 110), row("a", "SELECT ?", 2000, FIRST_SEEN="2026-11-23 10:00:02")], "emptied"),
        ([head("2026-11-23 10:00:10", 110)], "emptied"),
    ],
)
def test_counters_that_began_anew(tmp_path: Path, after: list[dict[str, Any]], note: str) -> None:
    tally = digests(tmp_path, [head(BEGIN, 100), row("a", "SELECT ?", 1000)], after)
    assert counts(tally) == {line["DIGEST_TEXT"]: int(line["COUNT_STAR"]) for line in after[1:]}
    assert any(note in text for text in tally.notes)
    assert all(shape.latency.mean >= 0 for shape in tally.shapes.values())


def test_statements_without_a_digest_of_their_own_are_counted(tmp_path: Path) -> None:
    tally = digests(
        tmp_path,
        [head(BEGIN, 100), row(None, None, 50)],
        [head("2026-11-23 10:00:10", 110), row(None, None, 80)],
    )
    assert counts(tally) == {BEYOND: 30}
    assert any("table of digests is full" in note for note in tally.notes)


def test_a_text_that_the_server_cut_off_says_so(tmp_path: Path) -> None:
    columns = " , ".join(f"`column_{number}`" for number in range(60))
    whole, cut = f"SELECT {columns} FROM `t`", f"SELECT {columns} FROM"
    assert not cut_off(whole, 1024) and cut_off(cut, 1024) and cut_off(f"SELECT {columns} AS", 1024) and not cut_off("SELECT `a` FROM", 1024)
    tally = digests(tmp_path, [head(BEGIN, 100)], [head("2026-11-23 10:00:10", 110), row("a", cut, 4), row("b", whole, 5)])
    assert sorted(text[-12:] for text in counts(tally)) == ["59` FROM ...", "59` FROM `t`"]
    assert any("max_digest_length" in note for note in tally.notes)


def test_executions_count_and_preparations_do_not(tmp_path: Path) -> None:
    tally = digests(
        tmp_path,
        [head(BEGIN, 100)],
        [head("2026-11-23 10:00:10", 110), row("a", "PREPARE SELECT ?", 4), row("b", "EXECUTE SELECT ?", 5), row("c", "SELECT ?", 6)],
    )
    assert counts(tally) == {"SELECT ?": 11}


@pytest.mark.parametrize(("text", "said"), [("SELECT ?", True), ("EXECUTE SELECT ?", False)])
def test_executions_that_the_server_does_not_count_by_digest_are_said(tmp_path: Path, text: str, said: bool) -> None:
    tally = digests(
        tmp_path,
        [head(BEGIN, 100, EXECUTIONS=70), row("a", text, 1)],
        [head("2026-11-23 10:00:10", 110, EXECUTIONS="120"), row("a", text, 2)],
    )
    assert any(note.startswith("50 executions of prepared statements") for note in tally.notes) == said


@pytest.mark.parametrize(
    ("digest", "expected"),
    [
        ("INSERT INTO `t` ( `a` , `b` ) VALUES (...) /* , ... */", "INSERT INTO `t` ( `a` , `b` ) VALUES (?, ?)"),
        ("INSERT INTO `t` ( `a` ) VALUES (?) /* , ... */", "INSERT INTO `t` ( `a` ) VALUES (?)"),
        ("SELECT `a` FROM `t` WHERE `b` IN (...) LIMIT ?, ...", "SELECT `a` FROM `t` WHERE `b` IN (?) LIMIT ?, ?"),
        ("EXECUTE `named`", "EXECUTE `named`"),
        ("INSERT INTO `t` VALUES (...)", "INSERT INTO `t` VALUES (...)"),
    ],
)
def test_digest_texts_become_texts_of_logs(digest: str, expected: str) -> None:
    assert log_text(digest) == expected


@pytest.mark.parametrize(
    "content",
    [
        "",
        '{"SAMPLED_AT": "2026-11-23 10:00:00", "UPTIME": 1}\n',
        '{"SAMPLED_AT": "yesterday", "UPTIME": 1}\n',
        '{"DIGEST": "a"}\n',
        "[1, 2]\n",
        "not JSON\n",
        '{"SAMPLED_AT": "2026-11-23 10:00:01", "UPTIME": 1}\n{"SAMPLED_AT": "2026-11-23 10:00:00", "UPTIME": 1}\n',
        '{"SAMPLED_AT": "2026-11-23 10:00:01", "UPTIME": 1}\n{"DIGEST": "a"}\n',
    ],
)
def test_what_is_no_sample_is_refused(tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "samples.jsonl"
    file.write_text(content)
    with pytest.raises(UnrecognisedLog):
        read_digests([Source(str(file))])
    assert main([str(file), "--format", "digest", "--json", str(tmp_path / "out.json")]) == 4
    assert "sample" in capsys.readouterr().err and not (tmp_path / "out.json").exists()
