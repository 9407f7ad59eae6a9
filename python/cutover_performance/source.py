"""Opens a log, plain or gzip, as a stream of blocks; memory does not grow with its size."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from .errors import UnreadableLog

BLOCK_BYTES = 4 * 1024 * 1024


def blocks(path: Path, size: int = BLOCK_BYTES) -> Iterator[bytes]:
    """The log's bytes, in blocks. A gzip file that is cut off gives what it still holds."""
    try:
        with path.open("rb") as plain:
            packed = plain.read(2) == b"\x1f\x8b"
            plain.seek(0)
            stream: IO[bytes] = gzip.GzipFile(fileobj=plain) if packed else plain  # type: ignore[assignment]
            while block := _read(stream, size):
                yield block
    except OSError as error:
        raise UnreadableLog(f"{path.name}: {error.strerror or error}") from error


def _read(stream: IO[bytes], size: int) -> bytes:
    try:
        return stream.read(size)
    except (EOFError, zlib.error):
        # The log was being compressed, or the disk was full: what came before counts.
        return b""
