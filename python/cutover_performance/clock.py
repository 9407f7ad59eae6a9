"""Times of all the formats that logs use, as seconds since the epoch in UTC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from .errors import UnknownZone


def zone_of(name: str) -> tzinfo:
    """`Z`, `+02:00` or a name such as `Europe/Vienna`."""
    if name in ("Z", "UTC"):
        return UTC
    try:
        if name.startswith(("+", "-")):
            hours, minutes = name[1:].split(":")
            offset = timedelta(hours=int(hours), minutes=int(minutes))
            return timezone(-offset if name[0] == "-" else offset)
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UnknownZone(f"there is no time zone {name!r}") from error


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
                return plausible(int(datetime.fromisoformat(text.decode("ascii")).replace(tzinfo=zone).timestamp()))
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
            return plausible(int(whole.timestamp()))
        except (ValueError, OverflowError, UnknownZone):
            return None


# What a log can tell: from the first second of the epoch to the last one of the year 9999.
_LAST_SECOND = 253_402_300_799


def plausible(second: int) -> int | None:
    """The second, if there is such a time at all."""
    return second if 0 <= second <= _LAST_SECOND else None


def iso(second: float) -> str:
    """`2026-11-23T09:36:32Z`."""
    return datetime.fromtimestamp(int(second), tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# Further apart than this, two neighbours in a log are not both right, unless the log goes on from there.
_JUMP = 86_400


def steady(stamps: Sequence[object], known: dict[object, int | None], before: int | None) -> list[int | None]:
    """
    The second of each stamp. One that is missing, does not exist, or is far from those on both of its sides (a
    damaged one) is the one before.
    """
    found = [second for second in known.values() if second is not None]
    around = found if before is None else [*found, before]
    if len(found) < len(known) or (around and max(around) - min(around) > _JUMP):
        return _mended([known.get(stamp) for stamp in stamps], before)
    seconds = list(map(known.get, stamps))
    if None in seconds:
        for place, second in enumerate(seconds):
            if second is None:
                seconds[place] = before
            else:
                before = second
    return seconds


def _mended(seconds: list[int | None], before: int | None) -> list[int | None]:
    following: int | None = None
    nexts: list[int | None] = []
    for second in reversed(seconds):
        nexts.append(following)
        following = second if second is not None else following
    result: list[int | None] = []
    for second, after in zip(seconds, reversed(nexts), strict=True):
        if second is not None and (before is None or _near(second, before) or after is None or _near(second, after)):
            before = second
        result.append(before)
    return result


def _near(second: int, other: int) -> bool:
    return abs(second - other) <= _JUMP
