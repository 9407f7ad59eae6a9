"""Opens a log, plain or gzip, a file or a stream, as blocks; memory does not grow with its size."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from .errors import UnreadableLog

# What is made of a block should still be in the processor's cache when it is counted.
BLOCK_BYTES = 256 * 1024
STANDARD_INPUT = "-"
_GZIP = zlib.MAX_WBITS | 16
_GZIP_MAGIC = b"\x1f\x8b"


class Source:
    """The log's bytes; `-` is the standard input. A file that grows meanwhile is read to where it ends by then."""

    def __init__(self, name: str) -> None:
        self.name = "standard input" if name == STANDARD_INPUT else Path(name).name
        self._path = name
        # What is wrong with the file, known after it was read.
        self.damage: str | None = None

    def blocks(self, size: int = BLOCK_BYTES) -> Iterator[bytes]:
        try:
            if self._path == STANDARD_INPUT:
                yield from self._read(sys.stdin.buffer, size)
            else:
                with open(self._path, "rb") as stream:
                    yield from self._read(stream, size)
        except OSError as error:
            raise UnreadableLog(f"{self.name}: {error.strerror or error}") from error

    def _read(self, stream: IO[bytes], size: int) -> Iterator[bytes]:
        first = stream.read(size)
        if first.startswith(_GZIP_MAGIC):
            yield from self._unpacked(first, stream, size)
            return
        while first:
            yield first
            first = stream.read(size)

    def _unpacked(self, packed: bytes, stream: IO[bytes], size: int) -> Iterator[bytes]:
        """Members one after the other; a file that is cut off or damaged gives all that stands before the damage."""
        unpacker = zlib.decompressobj(_GZIP)
        given = 0
        complete = True
        while packed or (packed := stream.read(size)):
            before = unpacker.copy()
            try:
                # Bounded: a megabyte of zeros in a row packs into a kilobyte.
                block = unpacker.decompress(packed, size)
            except zlib.error:
                for block in _until_damage(before, packed):
                    given += len(block)
                    yield block
                self.damage = f"the gzip file is damaged after {given} bytes of its content; what stands before was read"
                return
            given += len(block)
            if block:
                yield block
            packed = unpacker.unconsumed_tail
            complete = unpacker.eof
            if complete:
                # Some programs fill the last block up with zeros.
                packed = unpacker.unused_data.lstrip(b"\0")
                unpacker = zlib.decompressobj(_GZIP)
        if not complete:
            self.damage = f"the gzip file is cut off after {given} bytes of its content; what is there was read"


def _until_damage(unpacker: zlib._Decompress, packed: bytes) -> Iterator[bytes]:
    """A call that meets damage gives nothing, so that it must be met in small steps."""
    try:
        for at in range(0, len(packed), 16):
            yield unpacker.decompress(packed[at : at + 16])
    except zlib.error:
        return
