"""Puts `?` for the values of statements: on bytes, a batch at a time, so that few steps are taken for each statement."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any

# \x01 parts the statements of a batch, \x02 stands for a string that was taken out; neither may come with a text.
SEPARATOR = b"\x01"
_HOLE = b"\x02"
_RESERVED = bytes.maketrans(SEPARATOR + _HOLE, b"  ")

# What is in these is not known to `_without_strings`, which takes single quotes alone for the ends of strings.
_CAREFUL_MARKS = (b'"', b"/*", b"--", b"#")
# Each alternative begins with another character, and none with a group: the engine then looks for these alone.
_CAREFULLY = re.compile(
    rb"/\*.*?\*/|--(?:[ \t\r][^\n]*|$)|#[^\n]*|`[^`]*`"
    rb"|'[^'\\]*(?:(?:\\.|'')[^'\\]*)*'"
    rb'|"[^"\\]*(?:(?:\\.|"")[^"\\]*)*"',
    re.DOTALL | re.MULTILINE,
)
_ESCAPED = re.compile(rb"\\[^\x01]", re.DOTALL)
# Begins with a set of characters and looks behind only then: that is what makes the engine's search fast.
_NUMBER = re.compile(rb"[0-9](?<![\w$][0-9])[0-9a-fA-FxX]*(?:\.\d*)?(?:[eE][+-]?\d+)?(?![\w$])")
_DIGITS = re.compile(rb"[0-9]+")

# All digits alike: where numbers are does not depend on which digits they have.
_ALIKE = bytes.maketrans(_HOLE + b"123456789", b"?000000000")

# What is remembered is bounded by bytes, since one statement can have megabytes.
_REMEMBERED_BYTES = 32 * 1024 * 1024
_LONGEST_REMEMBERED = 16 * 1024


def without_reserved(text: bytes) -> bytes:
    """The text without the two bytes that have a meaning here."""
    return text.translate(_RESERVED) if SEPARATOR in text or _HOLE in text else text


class _Named:
    """A statement whose names have digits: these are part of the shape, and picked from each text."""

    def __init__(self, places: list[slice]) -> None:
        self.pick: Callable[[bytes], object] = itemgetter(*places)
        self.forms: dict[object, bytes] = {}


class Eraser:
    """Expects batches of texts that went through `without_reserved`."""

    def __init__(self) -> None:
        # From a text with all digits alike to its erased form, or to the way to find that.
        self._known: dict[bytes, bytes | _Named] = {}
        # The same for keys whose numbers have one digit each.
        self._forms: dict[bytes, bytes] = {}
        self._remembered = 0

    def erase(self, statements: list[bytes]) -> list[bytes]:
        # Between batches only: a batch relies on what it found to be known.
        if self._remembered > _REMEMBERED_BYTES:
            self._known.clear()
            self._forms.clear()
            self._remembered = 0
        texts = _without_strings(statements)
        keys = SEPARATOR.join(texts).translate(_ALIKE).split(SEPARATOR)
        known = self._known
        long: dict[bytes, bytes | _Named] = {}
        for key in set(keys).difference(known):
            (known if self._fits(len(key)) else long)[key] = self._way(key)
        ways: list[Any] = list(map(known.get, keys))
        if long:
            ways = [long[key] if way is None else way for way, key in zip(ways, keys, strict=True)]
        return [
            way if way.__class__ is bytes else way.forms.get(way.pick(text)) or self._named(way, text)
            for way, text in zip(ways, texts, strict=True)
        ]

    def _way(self, key: bytes) -> bytes | _Named:
        """The erased form of all texts that have this key, or the places where they may differ."""
        # How many digits a number has makes no difference: what is slow is done once for all of them.
        short = key
        while b"00" in short:
            short = short.replace(b"0000", b"0").replace(b"00", b"0")
        form = self._forms.get(short)
        if form is None:
            form = _NUMBER.sub(b"?", short)
            if self._fits(len(short)):
                self._forms[short] = form
        if b"0" not in form:
            return form
        places = []
        at = 0
        for begin, end in [*(match.span() for match in _NUMBER.finditer(key)), (len(key), len(key))]:
            places += [slice(*match.span()) for match in _DIGITS.finditer(key, at, begin)]
            at = end
        return _Named(places)

    def _named(self, way: _Named, text: bytes) -> bytes:
        form = _NUMBER.sub(b"?", text.replace(_HOLE, b"?"))
        if self._fits(len(form)):
            way.forms[way.pick(text)] = form
        return form

    def _fits(self, size: int) -> bool:
        """Whether a text may be remembered."""
        if size > _LONGEST_REMEMBERED:
            return False
        # A key, its value and their places in a table.
        self._remembered += 2 * size + 256
        return True


def _without_strings(statements: list[bytes]) -> list[bytes]:
    joined = SEPARATOR.join(statements)
    if b"\\" in joined:
        # Backslashes stand in strings only, and whatever they escape is part of the string.
        joined = _ESCAPED.sub(b"", joined)
    # Outside and inside of strings take turns, so long as each statement has an even number of quotes.
    pieces = joined.split(b"'")
    outside = _HOLE.join(pieces[::2])
    texts = outside.split(SEPARATOR)
    careful: set[int] = set()
    if len(texts) != len(statements) or len(pieces) % 2 == 0:
        # A string that is not closed must not swallow the next statement.
        plain = joined.split(SEPARATOR)
        careful = {place for place, text in enumerate(plain) if text.count(b"'") & 1}
        even = SEPARATOR.join([b"" if place in careful else text for place, text in enumerate(plain)])
        outside = _HOLE.join(even.split(b"'")[::2])
        texts = outside.split(SEPARATOR)
    if _HOLE + _HOLE in outside:
        # 'it''s' looks like two strings without anything between them.
        outside = _ONE_STRING.sub(_HOLE, outside)
        texts = outside.split(SEPARATOR)
    # Up to the first mark that is no part of a string all was right, so that the mark is still there.
    for mark in _CAREFUL_MARKS:
        careful.update(_places(outside, mark))
    for place in careful:
        texts[place] = _CAREFULLY.sub(_replace, statements[place])
    return texts


def _places(joined: bytes, mark: bytes) -> Iterator[int]:
    """The numbers of the statements that have a mark."""
    place = at = 0
    while (found := joined.find(mark, at)) >= 0:
        place += joined.count(SEPARATOR, at, found)
        yield place
        at = found + len(mark)


_ONE_STRING = re.compile(_HOLE + rb"{2,}")


def _replace(match: re.Match[bytes]) -> bytes:
    found = match[0]
    if found[0] in b"'\"":
        return b"?"
    return found if found[0] in b"`" else b" "
