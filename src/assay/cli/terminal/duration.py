"""Durations as people write them."""

from __future__ import annotations

import re

from assay.errors import UsageError

_WRITTEN = re.compile(r"(\d+(?:\.\d+)?)\s*(s|min|m|h)?")
_SECONDS = {None: 1, "s": 1, "min": 60, "m": 60, "h": 3600}
_MOST_S = 24 * 3600


def seconds_in(written: str, option: str) -> float:
    """Seconds of ``90``, ``90s``, ``1.5min`` or ``1h``; an error that names the option for anything else.

    >>> seconds_in("1.5min", "--budget")
    90.0
    """
    found = _WRITTEN.fullmatch(written.strip())
    seconds = float(found.group(1)) * _SECONDS[found.group(2)] if found else 0.0
    if not 0 < seconds <= _MOST_S:
        raise UsageError(f"{written!r} is no time to work in", where=option, remedy="write 30s, 5min or 1h")
    return seconds
