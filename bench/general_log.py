"""
Writes a general query log of a given size, as a server under load would: `python3 bench/general_log.py FILE BYTES`.

The same arguments give the same bytes. Prints how many statements (`Query` and `Execute`) are in it.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

START = datetime(2026, 3, 1, 8, 0, 0, tzinfo=UTC)
WORDS = "amber birch cedar delta ember fjord grove harbor inlet jetty kelp lagoon meadow nickel orchid pebble".split()


class Values:
    """Values of the kinds that applications put into statements."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def below(self, limit: int) -> int:
        return int(self.random.random() * limit)

    def number(self) -> int:
        """Ids of one to eight digits, small ones as often as large ones."""
        return self.below(10 ** (1 + self.below(8)))

    def word(self) -> str:
        return WORDS[self.below(len(WORDS))]

    def text(self) -> str:
        words = " ".join(self.word() for _ in range(1 + self.below(9)))
        # One in twenty has what must be escaped.
        return words if self.below(20) else f"{words} isn\\'t \\\\ \"{self.word()}\""

    def uuid(self) -> str:
        digits = f"{self.random.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def time(self) -> str:
        return (START - timedelta(seconds=self.below(10_000_000))).strftime("%Y-%m-%d %H:%M:%S")


def statements(v: Values) -> list[Callable[[], str]]:
    """Weighted by how often they stand in the list."""
    point = lambda: f"SELECT id, title, author_id, price, updated_at FROM books WHERE id = {v.number()}"  # noqa: E731
    return [
        *[point] * 6,
        *[lambda: f"SELECT `m`.`id`, `m`.`name`, `m`.`email` FROM `members` AS `m` WHERE `m`.`uuid` = '{v.uuid()}' LIMIT 1"] * 4,
        *[lambda: f"UPDATE members SET last_seen = '{v.time()}', visits = visits + 1 WHERE id = {v.number()}"] * 3,
        *[lambda: f"INSERT INTO loans (book_id, member_id, note, lent_at) VALUES ({v.number()}, {v.number()}, '{v.text()}', '{v.time()}')"] * 3,
        *[lambda: "BEGIN", lambda: "COMMIT"] * 3,
        lambda: "SELECT l.id, l.lent_at, b.title\n  FROM loans l\n  JOIN books b ON b.id = l.book_id\n"
        f" WHERE l.member_id = {v.number()}\n   AND l.returned_at IS NULL\n ORDER BY l.lent_at DESC\n LIMIT {10 * (1 + v.below(5))}",
        lambda: f"SELECT id, title FROM books WHERE id IN ({', '.join(str(v.number()) for _ in range(1 + v.below(20)))})",
        lambda: f"SELECT branch_2.name, SUM(stock_07.amount) FROM stock_07 JOIN branch_2 ON branch_2.id = stock_07.branch_id"
        f" WHERE stock_07.book_id = {v.number()} AND stock_07.amount > {v.below(100)}.5 GROUP BY branch_2.name",
        lambda: f"SELECT COUNT(*) FROM reviews WHERE book_id = {v.number()} AND stars >= {v.below(5)} AND text LIKE '%{v.word()}%'",
        lambda: f"UPDATE carts SET content = '{{\\\"book\\\": {v.number()}, \\\"gift\\\": \\\"{v.word()}\\\"}}' WHERE member_id = {v.number()}",
        lambda: "INSERT INTO audit (kind, at, detail) VALUES "
        + ", ".join(f"('{v.word()}', '{v.time()}', '{v.text()}')" for _ in range(1 + v.below(4))),
        lambda: f"DELETE FROM sessions WHERE token = '{v.uuid()}'",
        lambda: f"SELECT /* route:books,trace:{v.below(1000)} */ id FROM books WHERE author_id = {v.number()} ORDER BY title",
        lambda: f'SELECT id FROM authors WHERE name = "{v.word()}"',
    ]  # fmt: skip


def entries(v: Values, flavour: str) -> Iterator[tuple[bytes, int]]:
    """Pieces of the log, each with the number of statements in it."""
    if flavour == "mysql":
        yield b"/usr/sbin/mysqld, Version: 9.7.4 (Source). started with:\nTcp port: 3306  Unix socket: /run/m.sock\n", 0
        yield b"Time                 Id Command    Argument\n", 0
    else:
        yield b"mariadbd, Version: 10.11.18 (Source). started with:\nTcp port: 3306  Unix socket: /run/m.sock\n", 0
        yield b"Time\t\t    Id Command\tArgument\n", 0
    kinds = statements(v)
    microseconds = 0
    second = -1
    while True:
        # A hundred statements a second: a log of a gigabyte is one of half a day.
        microseconds += v.below(20_000)
        now = START + timedelta(microseconds=microseconds)
        thread = 8 + v.below(40)
        if flavour == "mysql":
            stamp = now.strftime("%Y-%m-%dT%H:%M:%S.%fZ\t")
        else:
            stamp = "\t\t" if second == now.second else f"{now:%y%m%d} {now.hour:>2}:{now:%M:%S}\t"
            second = now.second
        head = f"{stamp}{thread:>5} "
        text = kinds[v.below(len(kinds))]()
        chance = v.below(100)
        if chance < 2:
            yield f"{head}Connect\tapp@10.0.0.{v.below(250)} on library using TCP/IP\n".encode(), 0
        elif chance < 40:
            again = head if flavour == "mysql" else f"\t\t{thread:>5} "
            yield f"{head}Prepare\t{text}\n{again}Execute\t{text}\n{again}Close stmt\t\n".encode(), 1
        else:
            yield f"{head}Query\t{text}\n".encode(), 1


def write(file: Path, size: int, flavour: str = "mysql", seed: int = 4) -> int:
    """Writes at least so many bytes; gives the number of statements."""
    written = counted = 0
    with file.open("wb") as stream:
        for piece, number in entries(Values(seed), flavour):
            written += stream.write(piece)
            counted += number
            if written >= size:
                return counted
    raise AssertionError("entries end by themselves")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("bytes", type=int)
    parser.add_argument("--flavour", choices=["mysql", "mariadb"], default="mysql")
    parser.add_argument("--seed", type=int, default=4)
    options = parser.parse_args()
    print(write(options.file, options.bytes, options.flavour, options.seed))
