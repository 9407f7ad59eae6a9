"""Times of all the formats that logs use, as seconds since the epoch in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from .errors import UnrecognisedLog


def zone_of(name: str) -> tzinfo:
    """`Z`, `+02:00` or a name such as `Europe/Vienna`."""
    if name in ("Z", "UTC"):
        return UTC
    if name[0] in "+-":
        hours, minutes = name[1:].split(":")
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-offset if name[0] == "-" else offset)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UnrecognisedLog(f"there is no time zone {name}") from error


class Clock:
    """Reads times; those without a zone of their own are in the zone given."""

    def __init__(self, zone: str = "Z") -> None:
        self._zone = zone_of(zone)
        self.second = lru_cache(maxsize=100_000)(self._second)

    def _second(self, text: bytes, offset: bytes = b"") -> int | None:
        """Seconds since the epoch; nothing for a time that does not exist."""
        try:
            if b"T" in text:
                zone = zone_of(offset.decode("ascii")) if offset else self._zone
                return int(datetime.fromisoformat(text.decode("ascii")).replace(tzinfo=zone).timestamp())
            date, time = text.split()
            hour, minute, second = (int(part) for part in time.split(b":"))
            # Two digits of the year, as MySQL reads them: 70 to 99 are of the last century.
            year = int(date[0:2])
            whole = datetime(
                year + (1900 if year >= 70 else 2000),
                int(date[2:4]),
                int(date[4:6]),
                hour,
                minute,
                second,
                tzinfo=self._zone,
            )
            return int(whole.timestamp())
        except (ValueError, OverflowError):
            return None


def iso(second: float) -> str:
    """`2026-11-23T09:36:32Z`."""
    return datetime.fromtimestamp(int(second), tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
