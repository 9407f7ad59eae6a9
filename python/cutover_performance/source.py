"""Opens a log, plain or gzip, as a stream of blocks; memory does not grow with its size."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from .errors import UnreadableLog

BLOCK_BYTES = 4 * 1024 * 1024
_GZIP = zlib.MAX_WBITS | 16


def blocks(path: Path, size: int = BLOCK_BYTES) -> Iterator[bytes]:
    """The log's bytes, in blocks."""
    try:
        with path.open("rb") as stream:
            packed = stream.read(2) == b"\x1f\x8b"
            stream.seek(0)
            yield from _unpacked(stream, size) if packed else iter(lambda: stream.read(size), b"")
    except OSError as error:
        raise UnreadableLog(f"{path.name}: {error.strerror or error}") from error


def _unpacked(stream: IO[bytes], size: int) -> Iterator[bytes]:
    """Members one after the other; a file that is cut off or damaged gives all that stands before the damage."""
    unpacker = zlib.decompressobj(_GZIP)
    packed = b""
    while packed or (packed := stream.read(size // 4)):
        try:
            # Bounded: a megabyte of zeros in a row packs into a kilobyte.
            if block := unpacker.decompress(packed, size):
                yield block
        except zlib.error:
            return
        packed = unpacker.unconsumed_tail
        if unpacker.eof:
            packed = unpacker.unused_data
            unpacker = zlib.decompressobj(_GZIP)
