"""Damaged logs: nothing is raised, and no more statements are lost than were touched. `CUTOVER_SEED` repeats a run."""

import gzip
import io
import json
import os
import random
import sys
import time
import zlib
from collections import Counter
from pathlib import Path

import pytest

from cutover_performance.__main__ import main
from cutover_performance.clock import Clock
from cutover_performance.erase import Eraser, without_reserved
from cutover_performance.facts import log_facts
from cutover_performance.general import GeneralLog
from cutover_performance.slow import SlowLog
from cutover_performance.tally import Tally

SEED = int(os.environ.get("CUTOVER_SEED", time.time_ns() % 1_000_000_007))
STATEMENTS = [
    "SELECT a, b FROM t WHERE id = {n}",
    "SELECT `name` FROM people2 WHERE name = 'o\\'{n}' AND note = 'it''s' LIMIT {n}",
    "UPDATE t SET a = '{{\\\"k\\\": {n}}}',\n  b = {n}.5\n WHERE id IN ({n}, {n})",
    'INSERT INTO t (a, b) VALUES ({n}, "x {n}"), ({n}, NULL)',
    "SELECT /* trace {n} */ 1 -- don't\n FROM dual",
]  # fmt: skip
# Bytes that mean something to the readers, as often as all others.
HOSTILE = b"\x00\x01\x02\n\r\t'\"`\\#-/*;0\xff"


def general_log(rng: random.Random, mariadb: bool) -> bytes:
    lines = []
    for number in range(120):
        second = number // 10
        if mariadb:
            head = f"261123 10:38:{second:02d}\t" if number % 10 == 0 else "\t\t"
        else:
            head = f"2026-11-23T10:38:{second:02d}.{number:06d}Z\t"
        lines.append(f"{head}{number % 7:5d} Query\t{rng.choice(STATEMENTS).format(n=rng.randrange(10**6))}\n")
    return "".join(lines).encode()


def slow_log(rng: random.Random) -> bytes:
    entries = []
    for number in range(120):
        entries.append(
            f"# Time: 2026-11-23T10:38:{number // 10:02d}.0Z\n# User@Host: a[a] @ [127.0.0.1]  Id: {number}\n"
            f"# Query_time: 0.{number:03d}  Lock_time: 0.0 Rows_sent: {number}  Rows_examined: {number}\n"
            f"SET timestamp={1795430000 + number};\n{rng.choice(STATEMENTS).format(n=rng.randrange(10**6))};\n"
        )
    return "".join(entries).encode()


def read(log: bytes, kind: str, size: int = 1000) -> Tally:
    reader = SlowLog(Clock()) if kind == "slow" else GeneralLog(Clock())
    return reader.read(log[at : at + size] for at in range(0, len(log), size))


@pytest.mark.parametrize("kind", ["mysql", "mariadb", "slow"])
def test_damage_loses_no_more_than_what_it_touches(kind: str) -> None:
    print(f"CUTOVER_SEED={SEED}")
    rng = random.Random(f"{SEED} {kind}")
    for _ in range(120):
        log = bytearray(slow_log(rng) if kind == "slow" else general_log(rng, kind == "mariadb"))
        whole = read(bytes(log), kind)
        assert whole.statements == 120
        touched = rng.randrange(1, 9)
        for _ in range(touched):
            place = rng.randrange(len(log))
            log[place] = rng.choice(HOSTILE) if rng.random() < 0.5 else rng.randrange(256)
        damaged = read(bytes(log), kind, rng.choice([100, 1000, 10**6]))
        json.dumps(log_facts(damaged, "log"))
        # A byte can hide one statement, and change that one and the one before.
        assert 120 - touched <= damaged.statements <= 120 + touched
        kept = sum((Counter(shapes(whole)) & Counter(shapes(damaged))).values())
        assert kept >= 120 - 2 * touched
        assert damaged.first is not None and damaged.last is not None
        assert sum(shape.count for shape in damaged.shapes.values()) == damaged.statements


def shapes(tally: Tally) -> dict[str, int]:
    return {text: shape.count for text, shape in tally.shapes.items()}


@pytest.mark.parametrize("kind", ["general", "slow"])
def test_random_bytes_are_refused_or_read_but_never_a_crash(kind: str, tmp_path: Path) -> None:
    print(f"CUTOVER_SEED={SEED}")
    rng = random.Random(f"{SEED} bytes {kind}")
    for _ in range(100):
        file = tmp_path / "log"
        file.write_bytes(rng.randbytes(rng.randrange(5000)))
        assert main([str(file), "--format", kind, "--json", str(tmp_path / "out.json")]) in (0, 4)


def test_each_statement_is_erased_as_if_it_stood_alone() -> None:
    print(f"CUTOVER_SEED={SEED}")
    rng = random.Random(f"{SEED} erase")
    pieces = ["'", '"', "`", "\\", "''", "--", "-- ", "#", "/*", "*/", "a", "t1", "5", "12.5e3", "0xF", " ", "\n", ",", "(", ")", "?", "ü", "\x01", "\x02"]
    eraser = Eraser()
    for _ in range(120):
        batch = [without_reserved("".join(rng.choices(pieces, k=rng.randrange(1, 25))).encode()) for _ in range(30)]
        assert eraser.erase(batch) == [Eraser().erase([one])[0] for one in batch]


def test_damaged_times_change_neither_span_nor_hours() -> None:
    log = b"".join(b"2026-11-23T10:38:%02d.0Z\t  1 Query\tSELECT 1\n" % second for second in range(60))
    for damaged in (b"2826-11-23T10:38:30", b"2026-13-23T10:38:30", b"1970-01-01T00:00:00", b"9999-99-99T99:99:99"):
        tally = read(log.replace(b"2026-11-23T10:38:30", damaged), "mysql")
        assert tally.statements == 60 and len(tally.hours) == 1
        assert tally.first is not None and tally.last is not None and tally.last - tally.first == 59


def test_a_log_that_goes_on_after_days_is_no_damage() -> None:
    log = b"2026-11-03T10:00:00.0Z\t  1 Query\tSELECT 1\n" * 3 + b"2026-11-23T10:00:00.0Z\t  1 Query\tSELECT 1\n" * 3
    for size in (20, 10**6):
        tally = read(log, "mysql", size)
        assert len(tally.hours) == 2


@pytest.mark.parametrize("how", ["cut off", "damaged"])
def test_a_gzip_file_that_is_not_whole_gives_its_beginning_and_says_so(how: str, tmp_path: Path) -> None:
    rng = random.Random(SEED)
    # Random texts, so that the packed file is long.
    lines = [b"2026-11-23T10:38:00.0Z\t  1 Query\tSELECT '%x'\n" % rng.getrandbits(400) for _ in range(2000)]
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    packed = bytearray(packer.compress(b"".join(lines[:1000])) + packer.flush(zlib.Z_SYNC_FLUSH))
    middle = len(packed)
    packed += packer.compress(b"".join(lines[1000:])) + packer.flush()
    if how == "cut off":
        del packed[middle:]
    else:
        # The flush ended on a whole byte, so these bits begin a block, of a kind that there is not (RFC 1951, 3.2.3).
        packed[middle : middle + 64] = b"\xff" * 64
    file = tmp_path / "general.log.gz"
    file.write_bytes(packed)
    assert main([str(file), "--format", "general", "--json", str(tmp_path / "out.json")]) == 0
    facts = json.loads((tmp_path / "out.json").read_text())
    assert 500 < facts["statements"] < 1500
    assert len(facts["notes"]) == 1 and f"gzip file is {how}" in facts["notes"][0]


def test_gzip_members_one_after_the_other(tmp_path: Path) -> None:
    entry = b"2026-11-23T10:38:00.0Z\t  1 Query\tSELECT 1\n"
    file = tmp_path / "general.log.gz"
    file.write_bytes(gzip.compress(entry) + gzip.compress(entry) + bytes(512))
    assert main([str(file), "--format", "general", "--json", str(tmp_path / "out.json")]) == 0
    facts = json.loads((tmp_path / "out.json").read_text())
    assert facts["statements"] == 2 and "notes" not in facts


@pytest.mark.parametrize("packed", [False, True])
def test_a_stream_is_read_as_it_comes(packed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = general_log(random.Random(SEED), mariadb=False)
    stream = io.TextIOWrapper(io.BytesIO(gzip.compress(log) if packed else log))
    monkeypatch.setattr(sys, "stdin", stream)
    assert main(["-", "--format", "general", "--json", str(tmp_path / "out.json")]) == 0
    facts = json.loads((tmp_path / "out.json").read_text())
    assert facts["statements"] == 120 and facts["source"] == "standard input"


@pytest.mark.parametrize("kind", ["general", "slow"])
def test_one_entry_of_any_length_takes_bounded_memory(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cutover_performance.general.LONGEST_ENTRY", 10_000)
    monkeypatch.setattr("cutover_performance.slow._LONGEST_STATEMENT", 10_000)
    head = b"2026-11-23T10:38:00.0Z\t  1 Query\tSELECT '" if kind == "general" else b"# Query_time: 1\nSELECT '"
    tail = b"2026-11-23T10:38:00.0Z\t  1 Query\tSELECT 2\n" if kind == "general" else b"# Query_time: 1\nSELECT 2;\n"
    tally = read(head + b"x\n" * 50_000 + b"'\n" + tail, kind)
    assert tally.statements == 2 and shapes(tally)["SELECT ?"] >= 1


@pytest.mark.parametrize("kind", ["general", "slow"])
def test_another_file_of_any_length_is_refused_early(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cutover_performance.general.LONGEST_ENTRY", 10_000)
    monkeypatch.setattr("cutover_performance.slow._LONGEST_WITHOUT_ENTRY", 10_000)
    given = 0

    def endless() -> object:
        nonlocal given
        while True:
            given += 1000
            yield b"127.0.0.1 GET /\n" * 62

    reader = SlowLog(Clock()) if kind == "slow" else GeneralLog(Clock())
    with pytest.raises(Exception, match="no entry"):
        reader.read(endless())  # type: ignore[arg-type]
    assert given < 30_000


def test_an_unknown_zone_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "log"
    file.write_bytes(general_log(random.Random(1), mariadb=True))
    for zone in ("Middle/Earth", "+99:99", "+2", ""):
        assert main([str(file), "--format", "general", f"--time-zone={zone}", "--json", str(tmp_path / "o.json")]) == 5
        assert "time zone" in capsys.readouterr().err
