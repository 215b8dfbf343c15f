from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.errors import UsageError
from assay.store import open_store
from assay.store.query import condition, limit_of
from tests.stores import fill


def test_values_are_bound_and_never_part_of_the_condition() -> None:
    where, values = condition({"target": "x'; DROP TABLE runs; --", "status": "failed"}, {})
    assert where == "status = ? AND target = ?"
    assert values == ["failed", "x'; DROP TABLE runs; --"]


def test_a_moment_without_a_zone_is_utc() -> None:
    aware = condition({"since": datetime(2024, 5, 1, tzinfo=UTC)}, {})
    assert condition({"since": datetime(2024, 5, 1)}, {}) == aware  # noqa: DTZ001


def test_a_filter_that_is_none_does_not_filter() -> None:
    assert condition({"status": None}, {}) == ("", [])  # type: ignore[typeddict-item]


@pytest.mark.parametrize(("name", "value", "meant"), [("backend", "vlm", "vllm"), ("precision", "tf23", "tf32")])
def test_a_mistyped_word_of_a_closed_list_is_refused(name: str, value: str, meant: str) -> None:
    with pytest.raises(UsageError, match=f"did you mean '{meant}'"):
        condition({name: value}, {})  # type: ignore[misc]


def test_a_filter_that_does_not_exist_is_refused_not_overlooked() -> None:
    with pytest.raises(UsageError, match="no filter 'statuss'; did you mean 'status'"):
        condition({"statuss": "failed"}, {})  # type: ignore[typeddict-unknown-key]


def test_a_limit_that_is_no_number_is_refused() -> None:
    with pytest.raises(UsageError, match="'ten' is no whole number"):
        limit_of({"limit": "ten"})  # type: ignore[typeddict-item]


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(UsageError, match="negative"):
        limit_of({"limit": -5})


def test_a_limit_of_nothing_lists_nothing(tmp_path: Path) -> None:
    fill(tmp_path)
    assert open_store(tmp_path).runs(limit=0) == []
