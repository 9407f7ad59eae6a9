"""One text for erased statements that are the same but for white space, list lengths and rows."""

from __future__ import annotations

import re

_INTRODUCER = re.compile(r"(?<![\w$`])(?:_[a-z]\w*|[xbn])\s?(?=\?)", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_COMMA = re.compile(r" ?, ?")
_IN_VALUES = re.compile(r"\bIN ?\( ?\?(?:, \?)* ?\)", re.IGNORECASE)
_IN_ROWS = re.compile(r"\bIN ?\( ?(\([?, ]+\))(?:, \1)* ?\)", re.IGNORECASE)
_ROWS = re.compile(r"(\bVALUES? ?)(\((?:[^()]|\([^()]*\))*\))(?:, \2)+", re.IGNORECASE)


def canonical(erased: bytes) -> str:
    """The shape's text, from a statement whose values are `?`."""
    text = erased.decode("utf-8", errors="replace").strip().rstrip(";").rstrip()
    text = _COMMA.sub(", ", _SPACE.sub(" ", _INTRODUCER.sub("", text)))
    text = _IN_ROWS.sub(r"IN (\1)", _IN_VALUES.sub("IN (?)", text))
    return _ROWS.sub(r"\1\2", text)
