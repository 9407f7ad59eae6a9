"""What a shape does, by a parser of SQL: reads or writes, on which tables, and by which columns it finds its rows."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import expressions
from sqlglot.errors import SqlglotError

# What the parser does not know is dealt with here; its warnings are nobody's business.
logging.getLogger("sqlglot").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Meaning:
    """`kind` is `read`, `write` or `other`."""

    kind: str
    tables: tuple[str, ...]
    # Columns that are compared, such as `orders.id`; without the table where the text alone does not tell it.
    key_columns: tuple[str, ...] = ()


_FIRST_WORD = re.compile(r"[\s(]*([A-Za-z]+)")
_KINDS = {"select": "read", "with": "read", "insert": "write", "replace": "write", "update": "write", "delete": "write"}
_TABLE_AFTER = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(?:`?[\w$]+`?\.)?`?([\w$]+)`?", re.IGNORECASE)
_COMPARISONS = (expressions.Predicate, expressions.Between, expressions.In, expressions.Is, expressions.Like)
# A parser takes long for what no person wrote, and tells little of it.
_LONGEST_PARSED = 100_000


def meaning(shape: str) -> Meaning:
    """Parses a shape; where the parser gives up, its words tell."""
    first = _FIRST_WORD.match(shape)
    kind = _KINDS.get(first.group(1).lower() if first else "", "other")
    if kind == "other":
        return Meaning("other", ())
    tree = _parse(shape)
    if tree is None:
        return Meaning(kind, _distinct(_TABLE_AFTER.findall(shape)))
    if isinstance(tree, (expressions.Insert, expressions.Update, expressions.Delete)):
        kind = "write"
    named = {cte.alias_or_name for cte in tree.find_all(expressions.CTE)}
    tables = [table for table in tree.find_all(expressions.Table) if table.name not in named]
    # Breadth first is not the order of the text; where the name first stands is.
    names = sorted(_distinct(table.name for table in tables), key=lambda name: (shape.find(name), name))
    return Meaning(kind, tuple(names), _distinct(sorted(_key_columns(tree, tables, names))))


def parses(shape: str) -> bool:
    """Whether a shape is a whole statement that the parser knows."""
    return _parse(shape) is not None


def _parse(shape: str) -> expressions.Expr | None:
    if len(shape) > _LONGEST_PARSED:
        return None
    try:
        tree = sqlglot.parse_one(shape, dialect="mysql")
    # A text from outside may hit any fault of the parser; the shape still counts.
    except (SqlglotError, RecursionError, ValueError, TypeError, AttributeError, KeyError, IndexError, AssertionError):
        return None
    return None if isinstance(tree, expressions.Command) else tree


def _key_columns(tree: expressions.Expr, tables: list[expressions.Table], names: list[str]) -> Iterator[str]:
    aliases = {table.alias_or_name: table.name for table in tables}
    for part in tree.find_all(expressions.Where, expressions.Join, expressions.Having):
        condition = part.args.get("on") if isinstance(part, expressions.Join) else part.this
        for name in part.args.get("using") or () if isinstance(part, expressions.Join) else ():
            yield name.name
        if not isinstance(condition, expressions.Expr):
            continue
        for comparison in condition.find_all(*_COMPARISONS):
            for column in comparison.find_all(expressions.Column):
                if column.table:
                    yield f"{aliases.get(column.table, column.table)}.{column.name}"
                else:
                    yield f"{names[0]}.{column.name}" if len(names) == 1 else column.name


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
