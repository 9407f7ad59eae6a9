"""Erases values from statements: first bytes, for speed, then once for each distinct result a real parser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import expressions
from sqlglot.errors import SqlglotError

# \x01 parts the statements of a block; a string that is not closed must not swallow the next statement.
SEPARATOR = b"\x01"

_LITERAL = re.compile(
    rb"'[^'\\\x01]*(?:(?:\\[^\x01]|'')[^'\\\x01]*)*'"
    rb'|"[^"\\\x01]*(?:(?:\\[^\x01]|"")[^"\\\x01]*)*"'
    rb"|\b\d[0-9a-fA-FxX]*(?:\.\d+)?(?:[eE][+-]?\d+)?\b"
)
_WITH_COMMENTS = re.compile(
    rb"(/\*.*?\*/|--[ \t\r][^\n]*|--$|#[^\n]*)|(`[^`]*`)|" + _LITERAL.pattern,
    re.DOTALL | re.MULTILINE,
)
_COMMENT_MARKS = (b"/*", b"-- ", b"#")

_INTRODUCER = re.compile(r"(?<![\w$`])(?:_[a-z]\w*|[xbn])\s?(?=\?)", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_IN_LIST = re.compile(r"\bIN \( ?([^()]+|\([?, ]+\))(?: ?, ?\1)* ?\)", re.IGNORECASE)
_ROWS = re.compile(r"(\bVALUES? ?)(\((?:[^()]|\([^()]*\))*\))(?: ?, ?\2)+", re.IGNORECASE)


def erase_values(statements: list[bytes]) -> list[bytes]:
    """The statements with `?` for each literal; one pass of the regular expression engine over all of them."""
    joined = SEPARATOR.join(statements)
    if any(mark in joined for mark in _COMMENT_MARKS):
        statements = [_without_comments(one) if _may_comment(one) else one for one in statements]
        joined = SEPARATOR.join(statements)
    return _LITERAL.sub(b"?", joined).split(SEPARATOR)


def _may_comment(statement: bytes) -> bool:
    return any(mark in statement for mark in _COMMENT_MARKS)


def _without_comments(statement: bytes) -> bytes:
    return _WITH_COMMENTS.sub(_replace, statement)


def _replace(match: re.Match[bytes]) -> bytes:
    if match.group(1) is not None:
        return b" "
    return match.group(2) if match.group(2) is not None else b"?"


def canonical(erased: bytes) -> str:
    """One text for shapes that differ in white space, list lengths and rows only."""
    text = erased.decode("utf-8", errors="replace").strip().rstrip(";").rstrip()
    text = _SPACE.sub(" ", _INTRODUCER.sub("", text))
    text = _IN_LIST.sub(lambda match: f"IN ({match.group(1).strip()})", text)
    return _ROWS.sub(r"\1\2", text)


@dataclass(frozen=True)
class Meaning:
    """What a shape does: `read`, `write` or `other`, and on which tables."""

    kind: str
    tables: tuple[str, ...]


_FIRST_WORD = re.compile(r"[\s(]*([A-Za-z]+)")
_KINDS = {"select": "read", "with": "read", "insert": "write", "replace": "write", "update": "write", "delete": "write"}
_TABLE_AFTER = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(?:`?[\w$]+`?\.)?`?([\w$]+)`?", re.IGNORECASE)


@lru_cache(maxsize=None)
def meaning(shape: str) -> Meaning:
    """Parses a shape; where the parser gives up, its words tell."""
    first = _FIRST_WORD.match(shape)
    kind = _KINDS.get(first.group(1).lower() if first else "", "other")
    if kind == "other":
        return Meaning("other", ())
    try:
        tree = sqlglot.parse_one(shape, dialect="mysql")
    except (SqlglotError, RecursionError):
        return Meaning(kind, _distinct(_TABLE_AFTER.findall(shape)))
    if isinstance(tree, (expressions.Insert, expressions.Update, expressions.Delete)):
        kind = "write"
    named = {cte.alias_or_name for cte in tree.find_all(expressions.CTE)}
    # Breadth first is not the order of the text; where the name first stands is.
    names = _distinct(table.name for table in tree.find_all(expressions.Table) if table.name not in named)
    return Meaning(kind, tuple(sorted(names, key=lambda name: (shape.find(name), name))))


def _distinct(names: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))  # type: ignore[attr-defined]
