from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assay.cli.moments import moment
from assay.errors import UsageError

NOW = datetime(2024, 11, 19, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2024-11-01", "2024-11-01T00:00:00+00:00"),
        ("2024-11-01T08:30", "2024-11-01T08:30:00+00:00"),
        ("2024-11-01T08:30+02:00", "2024-11-01T06:30:00+00:00"),
        ("90m", "2024-11-19T10:30:00+00:00"),
        ("12h", "2024-11-19T00:00:00+00:00"),
        (" 7d ", "2024-11-12T12:00:00+00:00"),
        ("2w", "2024-11-05T12:00:00+00:00"),
        ("30s", "2024-11-19T11:59:30+00:00"),
    ],
)
def test_a_moment_is_a_date_a_time_or_how_long_ago(text: str, meant: str) -> None:
    assert moment(text, NOW, "--since").isoformat() == meant


@pytest.mark.parametrize("text", ["yesterday", "", "5y", "-3d", "2024-13-01", "999999999w", "0001-01-01T00:00+14:00"])
def test_anything_else_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UsageError, match=r"--since: .* is no moment; give a date"):
        moment(text, NOW, "--since")
