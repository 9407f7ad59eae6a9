import pytest

from cutover_performance.erase import Eraser
from cutover_performance.meaning import meaning
from cutover_performance.shape import canonical


def shape(sql: str) -> str:
    return canonical(Eraser().erase([sql.encode()])[0])


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT * FROM t WHERE id = 5", "SELECT * FROM t WHERE id = ?"),
        ("SELECT  *\nFROM t1 WHERE a = 'it''s \\' 5' AND b=-1.5e3;", "SELECT * FROM t1 WHERE a = ? AND b=-?"),
        ('SELECT a FROM t WHERE b = "say \'x\'" AND c = \'say "y"\'', "SELECT a FROM t WHERE b = ? AND c = ?"),
        ("SELECT a FROM t WHERE b IN (1, 22, 333)", "SELECT a FROM t WHERE b IN (?)"),
        ("SELECT a FROM t WHERE (a, b) IN ((1, 2), (3, 4))", "SELECT a FROM t WHERE (a, b) IN ((?, ?))"),
        ("INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y'),(3,'z')", "INSERT INTO t (a, b) VALUES (?, ?)"),
        ("UPDATE t SET a = 0xFF, b = _binary'x', c = x'00'", "UPDATE t SET a = ?, b = ?, c = ?"),
        ("SELECT /* it's */ a FROM t -- don't\nWHERE b = 1", "SELECT a FROM t WHERE b = ?"),
        ("SELECT order_line1.s_dist_02 FROM order_line1 WHERE x2 = 2", "SELECT order_line1.s_dist_02 FROM order_line1 WHERE x2 = ?"),
        ("SELECT 'not closed", "SELECT 'not closed"),
        ("SELECT 'ünï' FROM tä WHERE ä = '🔥'", "SELECT ? FROM tä WHERE ä = ?"),
    ],
)
def test_values_are_erased(sql: str, expected: str) -> None:
    assert shape(sql) == expected


def test_a_string_that_is_not_closed_does_not_swallow_the_next_statement() -> None:
    erased = Eraser().erase([b"SELECT 'open", b"SELECT 5"])
    assert erased == [b"SELECT 'open", b"SELECT ?"]


def test_names_with_digits_stay_apart_from_numbers() -> None:
    eraser = Eraser()
    assert eraser.erase([b"c1 = 5", b"c2 = 5", b"c = 15", b"c = 25"]) == [b"c1 = ?", b"c2 = ?", b"c = ?", b"c = ?"]


def test_forgetting_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cutover_performance.erase._REMEMBERED_BYTES", 2_000)
    eraser = Eraser()
    for batch in range(50):
        statements = [b"SELECT a FROM t%d WHERE b%d = %d" % (n % 7, batch % 3, 10 ** (n % 9)) for n in range(40)]
        assert eraser.erase(statements) == [b"SELECT a FROM t%d WHERE b%d = ?" % (n % 7, batch % 3) for n in range(40)]


@pytest.mark.parametrize(
    ("sql", "kind", "tables"),
    [
        ("SELECT a FROM t JOIN u ON u.id = t.id WHERE x = ?", "read", ("t", "u")),
        ("WITH RECURSIVE c AS (SELECT id FROM t) SELECT * FROM c", "read", ("t",)),
        ("REPLACE INTO `t` VALUES (?)", "write", ("t",)),
        ("DELETE FROM db.t WHERE a = ?", "write", ("t",)),
        ("INSERT INTO t SELECT a FROM u", "write", ("t", "u")),
        ("BEGIN", "other", ()),
        ("SELECT a FROM t WHERE ((((", "read", ("t",)),
    ],
)
def test_meaning(sql: str, kind: str, tables: tuple[str, ...]) -> None:
    assert (meaning(sql).kind, meaning(sql).tables) == (kind, tables)
