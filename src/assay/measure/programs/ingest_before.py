"""Nightly ingest of sensor events: parse, drop what was sent twice, sum up per hour."""

from __future__ import annotations

import hashlib
import json
import math
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

EVENTS = 10_000
SENT_TWICE_EVERY = 4


def received_lines() -> list[str]:
    """The night's events as they arrive, in no order: one JSON object a line, every fourth sent twice."""
    midnight = datetime(2024, 2, 29, tzinfo=UTC)
    lines = []
    for number in range(EVENTS):
        event = {
            "id": hashlib.sha256(str(number).encode()).hexdigest()[:32],
            "at": (midnight + timedelta(seconds=8 * number)).isoformat(),
            "device": {"name": f"sensor-{number % 40:02d}", "firmware": "4.1.7", "battery": 100 - number % 90},
            "position": [round(52.5 + number % 40 / 900, 5), round(13.4 + number % 40 / 700, 5)],
            "celsius": round(18.0 + 6.0 * math.sin(number / 1_900), 2),
        }
        lines += [json.dumps(event)] * (2 if number % SENT_TWICE_EVERY == 0 else 1)
    return sorted(lines)


def without_duplicates(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each event once, in the order of arrival."""
    seen: list[str] = []
    unique = []
    for event in events:
        if event["id"] not in seen:
            seen.append(event["id"])
            unique.append(event)
    return unique


def summary(events: list[dict[str, Any]]) -> list[str]:
    """One line per hour: how many events, lowest, mean and highest temperature."""
    by_hour: dict[int, list[float]] = {}
    for event in events:
        by_hour.setdefault(datetime.fromisoformat(event["at"]).hour, []).append(event["celsius"])
    return [
        f"{hour:02d}:00  {len(found):4d}  {min(found):6.2f}  {sum(found) / len(found):6.2f}  {max(found):6.2f}"
        for hour, found in sorted(by_hour.items())
    ]


def main() -> int:
    """Ingest one night."""
    events = [json.loads(line) for line in received_lines()]
    sys.stdout.write("\n".join(summary(without_duplicates(events))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
