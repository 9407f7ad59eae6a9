"""Erases values from statements: first bytes, for speed, then once for each distinct result a real parser."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import expressions
from sqlglot.errors import SqlglotError

# What the parser does not know is dealt with here; its warnings are nobody's business.
logging.getLogger("sqlglot").setLevel(logging.CRITICAL)

# \x01 parts the statements of a block; a string that is not closed must not swallow the next statement.
SEPARATOR = b"\x01"

_STRING = re.compile(rb"'[^'\\\x01]*(?:(?:\\[^\x01]|'')[^'\\\x01]*)*'")
_DOUBLE = rb'"[^"\\\x01]*(?:(?:\\[^\x01]|"")[^"\\\x01]*)*"'
_EITHER = re.compile(_STRING.pattern + rb"|" + _DOUBLE)
# Begins with a set of characters and looks behind only then: that is what makes the engine's search fast.
_NUMBER = re.compile(rb"[0-9](?<![\w$][0-9])[0-9a-fA-FxX]*(?:\.\d*)?(?:[eE][+-]?\d+)?(?![\w$])")
_WITH_COMMENTS = re.compile(
    rb"(/\*.*?\*/|--[ \t\r][^\n]*|--$|#[^\n]*)|(`[^`]*`)|" + _EITHER.pattern,
    re.DOTALL | re.MULTILINE,
)
_COMMENT_MARKS = (b"/*", b"-- ", b"#")

# All digits alike: statements that differ in digits of their numbers only become one.
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_DIGIT_IN_NAME = re.compile(rb"[A-Za-z_$`\x80-\xff]0|0[xX]?0*[a-fA-F]")
_MANY_KEYS = 100_000

_INTRODUCER = re.compile(r"(?<![\w$`])(?:_[a-z]\w*|[xbn])\s?(?=\?)", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_COMMA = re.compile(r" ?, ?")
_IN_VALUES = re.compile(r"\bIN ?\( ?\?(?:, \?)* ?\)", re.IGNORECASE)
_IN_ROWS = re.compile(r"\bIN ?\( ?(\([?, ]+\))(?:, \1)* ?\)", re.IGNORECASE)
_ROWS = re.compile(r"(\bVALUES? ?)(\((?:[^()]|\([^()]*\))*\))(?:, \2)+", re.IGNORECASE)


class Eraser:
    """Puts `?` for each literal. Expects batches: the engine goes once over all statements of a batch."""

    def __init__(self) -> None:
        # Text with all digits alike to its erased form; None where a name has digits, so that digits matter.
        self._known: dict[bytes, bytes | None] = {}

    def erase(self, statements: list[bytes]) -> list[bytes]:
        joined = SEPARATOR.join(statements)
        if any(mark in joined for mark in _COMMENT_MARKS):
            joined = SEPARATOR.join(_without_comments(one) if _may_comment(one) else one for one in statements)
        # Single quotes alone are found much faster; with double quotes about, the first quote decides.
        joined = (_EITHER if b'"' in joined else _STRING).sub(b"?", joined)
        keys = joined.translate(_DIGITS).split(SEPARATOR)
        known = self._known
        for key in set(keys).difference(known):
            if len(known) >= _MANY_KEYS:
                known.clear()
            known[key] = None if _DIGIT_IN_NAME.search(key) else _NUMBER.sub(b"?", key)
        erased = [known.get(key) for key in keys]
        if None not in erased:
            return erased  # type: ignore[return-value]
        texts = joined.split(SEPARATOR)
        named = [text for text, done in zip(texts, erased, strict=True) if done is None]
        rest = iter(_NUMBER.sub(b"?", SEPARATOR.join(named)).split(SEPARATOR))
        return [next(rest) if done is None else done for done in erased]


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
    text = _COMMA.sub(", ", _SPACE.sub(" ", _INTRODUCER.sub("", text)))
    text = _IN_ROWS.sub(r"IN (\1)", _IN_VALUES.sub("IN (?)", text))
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
    tree = _parse(shape)
    if tree is None:
        return Meaning(kind, _distinct(_TABLE_AFTER.findall(shape)))
    if isinstance(tree, (expressions.Insert, expressions.Update, expressions.Delete)):
        kind = "write"
    named = {cte.alias_or_name for cte in tree.find_all(expressions.CTE)}
    # Breadth first is not the order of the text; where the name first stands is.
    names = _distinct(table.name for table in tree.find_all(expressions.Table) if table.name not in named)
    return Meaning(kind, tuple(sorted(names, key=lambda name: (shape.find(name), name))))


def _parse(shape: str) -> expressions.Expr | None:
    try:
        tree = sqlglot.parse_one(shape, dialect="mysql")
    except (SqlglotError, RecursionError):
        return None
    return None if isinstance(tree, expressions.Command) else tree


def _distinct(names: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))  # type: ignore[attr-defined]
