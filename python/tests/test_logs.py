import gzip
import json
from pathlib import Path

import pytest

from cutover_performance.__main__ import main
from cutover_performance.clock import Clock
from cutover_performance.general import GeneralLog
from cutover_performance.slow import SlowLog
from cutover_performance.tally import Tally

MYSQL_8 = (
    b"/usr/sbin/mysqld, Version: 9.7.4 ((Debian)). started with:\nTcp port: 3306  Unix socket: /s\n"
    b"Time                 Id Command    Argument\n"
    b"2026-11-23T09:36:32.688849Z\t   14 Connect\troot@localhost on shop using TCP/IP\n"
    b"2026-11-23T09:36:32.700000Z\t   14 Prepare\tSELECT a FROM t WHERE id = ?\n"
    b"2026-11-23T09:36:32.700001Z\t   14 Execute\tSELECT a FROM t WHERE id = 5\n"
    b"2026-11-23T09:36:33.700001Z\t   14 Execute\tSELECT a FROM t\n  WHERE id = 77\n"
    b"2026-11-23T09:37:33.000000Z\t   15 Query\tUPDATE t SET a = '\xff\xfe broken' WHERE id = 1\n"
    b"2026-11-23T09:37:33.000000Z\t   15 Close stmt\t\n"
    b"2026-11-23T09:37:33.000000Z\t   15 Quit\t\n"
)
OLD = (
    b"Time                 Id Command    Argument\n"
    b"261123  9:36:32\t    1 Connect\troot@localhost on shop\n\t\t    1 Query\tSELECT 1\n"
    b"261123 10:38:25\t  595 Query\tSELECT 2\n\t\t  596 Query\tSELECT a\n\t\t\tFROM t\n\t\t  596 Quit\t\n"
)


def general(text: bytes, size: int | None = None, zone: str = "Z") -> Tally:
    size = size or len(text)
    return GeneralLog(Clock(zone)).read(text[at : at + size] for at in range(0, len(text), size))


def counts(tally: Tally) -> dict[str, int]:
    return {text: shape.count for text, shape in tally.shapes.items()}


def test_execute_and_query_count_and_prepare_does_not() -> None:
    tally = general(MYSQL_8)
    assert counts(tally) == {"SELECT a FROM t WHERE id = ?": 2, "UPDATE t SET a = ? WHERE id = ?": 1}
    assert tally.shapes["SELECT a FROM t WHERE id = ?"].by_second.peak == 1
    assert tally.shapes["SELECT a FROM t WHERE id = ?"].by_minute.peak == 2


@pytest.mark.parametrize("size", [1, 7, 64, 100, 333])
def test_blocks_may_end_anywhere(size: int) -> None:
    assert counts(general(MYSQL_8, size)) == counts(general(MYSQL_8))
    assert counts(general(OLD, size)) == counts(general(OLD))


def test_times_are_carried_forward_where_the_log_leaves_them_out() -> None:
    tally = general(OLD)
    assert counts(tally) == {"SELECT ?": 2, "SELECT a FROM t": 1}
    assert tally.shapes["SELECT a FROM t"].first == tally.last


def test_times_without_a_zone_are_in_the_zone_given() -> None:
    there = general(OLD, zone="Europe/Vienna")
    here = general(OLD)
    assert here.first is not None and there.first is not None and here.first - there.first == 3600


def test_an_offset_of_the_log_wins() -> None:
    shifted = general(MYSQL_8.replace(b"Z\t", b"+02:00\t"), zone="Asia/Tokyo")
    plain = general(MYSQL_8)
    assert plain.first is not None and shifted.first == plain.first - 7200


def test_slow_log() -> None:
    text = (
        b"# Time: 2017-12-13T02:41:18.673330Z\n# User@Host: a[a] @ [127.0.0.1]  Id: 17\n"
        b"# Query_time: 1.5  Lock_time: 0.0 Rows_sent: 3  Rows_examined: 0\nuse db;\nSET timestamp=1513132878;\n"
        b"select a from t\nwhere b = 'x';\n"
        b"# Query_time: 0.5  Lock_time: 0.0 Rows_sent: 1  Rows_examined: 0\n# administrator command: Quit;\n"
    )
    tally = SlowLog(Clock()).read([text[:100], text[100:]])
    assert counts(tally) == {"select a from t where b = ?": 1}
    shape = tally.shapes["select a from t where b = ?"]
    assert shape.first == 1513132878 and shape.rows_sent.largest == 3
    assert shape.latency.percentile(0.5) == pytest.approx(1500, rel=0.006)


def test_output_is_the_same_each_time(tmp_path: Path) -> None:
    log = tmp_path / "general.log.gz"
    log.write_bytes(gzip.compress(MYSQL_8)[:-4])  # cut off within its checksum
    for run in ("a", "b"):
        arguments = [str(log), "--format", "general", "--json", str(tmp_path / f"{run}.json")]
        assert main([*arguments, "--charts", str(tmp_path / run)]) == 0
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    names = sorted(file.name for file in (tmp_path / "a").iterdir())
    assert names == ["hours.png", "hours.svg", "top_shapes.png", "top_shapes.svg"]
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert json.loads((tmp_path / "a.json").read_text())["statements"] == 3


@pytest.mark.parametrize("format", ["general", "slow"])
def test_what_is_no_log_is_refused(tmp_path: Path, format: str) -> None:
    file = tmp_path / "access.log"
    file.write_text('127.0.0.1 - - "GET / HTTP/1.1" 200\n')
    out = tmp_path / "out.json"
    assert main([str(file), "--format", format, "--json", str(out)]) == 4
    assert main([str(tmp_path / "none"), "--format", format, "--json", str(out)]) == 3
    assert not out.exists()
