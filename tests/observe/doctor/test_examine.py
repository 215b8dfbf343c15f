"""All checks together."""

from __future__ import annotations

from pathlib import Path

from assay.observe.doctor import examine
from assay.observe.doctor.examine import GROUPS, look
from assay.observe.doctor.finding import Inspection, ok
from assay.observe.doctor.surroundings import Surroundings
from tests.observe.doctor.hosts import make_surroundings


def test_checks_come_group_by_group(tmp_path: Path) -> None:
    groups = [check.group for check in examine(make_surroundings(tmp_path))]
    assert list(dict.fromkeys(groups)) == list(GROUPS)


def test_a_check_that_breaks_is_missing_and_asks_to_be_reported(tmp_path: Path) -> None:
    def breaks(_: Surroundings) -> object:
        raise ZeroDivisionError("division by zero")

    finding = look(Inspection("x", breaks), make_surroundings(tmp_path))  # type: ignore[arg-type]
    assert finding.state == "missing"
    assert finding.reason == "the check itself failed: ZeroDivisionError: division by zero"


def test_a_check_that_works_is_passed_on(tmp_path: Path) -> None:
    assert look(Inspection("x", lambda _: ok("fine")), make_surroundings(tmp_path)).found == "fine"
