"""Moments as people write them: a date, a time, or how long ago."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from assay.errors import UsageError

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


def moment(text: str, now: datetime, where: str) -> datetime:
    """The moment that ``text`` means; without a time zone it is UTC, as all times are shown.

    >>> moment("2h", datetime(2024, 11, 19, 12, tzinfo=UTC), "--since").isoformat()
    '2024-11-19T10:00:00+00:00'
    """
    try:
        if ago := re.fullmatch(r"(\d{1,9})([smhdw])", text.strip()):
            return now - timedelta(seconds=int(ago[1]) * _SECONDS[ago[2]])
        found = datetime.fromisoformat(text.strip())
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        remedy = "give a date (2024-11-19), a time (2024-11-19T08:30) or how long ago (90m, 12h, 7d)"
        raise UsageError(f"{text!r} is no moment", where=where, remedy=remedy) from error
