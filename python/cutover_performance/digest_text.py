"""What the server writes for a digest, as the statement's own text would be without its values."""

from __future__ import annotations

import re

from .meaning import parses

# MySQL 9 tells a prepared statement's preparation and its executions apart by a word before the text.
_EXECUTED = re.compile(r"EXECUTE (?=[A-Z(])")
_PREPARED = re.compile(r"PREPARE (?=[A-Z(])")
_ROWS = re.compile(r"(\((?:\?|\.\.\.)\)) /\* , \.\.\. \*/")
_COLUMNS_AND_ROW = re.compile(r"\(([^()]*)\)(\s*VALUES?\s*)\(\.\.\.\)", re.IGNORECASE)
_IN_LIST = re.compile(r"\bIN \(\.\.\.\)", re.IGNORECASE)
_LIMIT = re.compile(r"\bLIMIT \?, \.\.\.", re.IGNORECASE)
_TOKEN = re.compile(r"(`(?:[^`]|``)*`)|\(\.\.\.\)|\?, \.\.\.|/\* , \.\.\. \*/|\w+|\S")
# The parser takes an alias that is missing; nothing else that ends so is a whole statement either.
_DANGLING = re.compile(r"(?:\bAS|[,.(=<>+*/-])$")
# A name has at most 64 characters of 4 bytes.
_LONGEST_TOKEN = 260


def counts(digest_text: str) -> bool:
    """As in general logs, executions count and preparations do not."""
    return _PREPARED.match(digest_text) is None


def is_execution(digest_text: str) -> bool:
    """Whether this counts executions of a prepared statement."""
    return _EXECUTED.match(digest_text) is not None


def log_text(digest_text: str) -> str:
    """The text as a log would have it, where that can be known: how many values a list had is told for few lists."""
    text = _ROWS.sub(r"\1", _EXECUTED.sub("", digest_text, count=1))
    text = _COLUMNS_AND_ROW.sub(lambda found: f"({found[1]}){found[2]}({_placeholders(found[1])})", text)
    return _LIMIT.sub("LIMIT ?, ?", _IN_LIST.sub("IN (?)", text))


def cut_off(digest_text: str, max_digest_length: int) -> bool:
    """
    Whether the server kept the beginning of a statement only. It does not say so: the text just ends when the
    tokens (two bytes each, names with their length and bytes) fill what the server has for them.
    """
    tokens = _TOKEN.finditer(digest_text)
    size = sum(2 if token[1] is None else 2 + len(token[1].encode()) for token in tokens)
    full = size > max_digest_length - _LONGEST_TOKEN
    return full and (_DANGLING.search(digest_text) is not None or not parses(log_text(digest_text)))


def _placeholders(columns: str) -> str:
    return ", ".join("?" for _ in columns.split(","))
