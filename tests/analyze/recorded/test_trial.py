from __future__ import annotations

from pathlib import Path

import pytest

from assay.analyze.recorded.fixture import packed
from assay.analyze.recorded.trial import OWN, fixtures_of, own_pairs, tried, untried
from assay.analyze.rules.load import load_rules, own_ids
from assay.errors import UsageError
from tests.analyze.makers import Piece, make_evidence
from tests.analyze.rules.makers import make_rule

IDLE = packed(make_evidence([Piece(ms=500)]), {})


@pytest.mark.parametrize("one", tried(load_rules()), ids=lambda one: f"{one.pattern}-{one.kind}")
def test_each_pattern_is_found_where_it_is_and_nowhere_else(one: object) -> None:
    assert getattr(one, "passed", False), one


def test_recorded_runs_are_small_and_come_in_pairs() -> None:
    rules = load_rules()
    assert untried(rules) == {}
    assert own_pairs().keys() == own_ids()
    files = set(fixtures_of().values())
    assert files == set(OWN.iterdir())
    assert all(path.stat().st_size < 80_000 for path in files)
    assert sum(path.stat().st_size for path in files) < 3_000_000


def test_a_rule_without_a_recorded_run_is_named_with_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(make_rule(id="our_own"))
    (tmp_path / "our_own.negative.json.xz").write_bytes(IDLE)
    assert untried(load_rules([tmp_path]), [tmp_path]) == {"our_own": ["positive"]}


def test_a_folder_adds_its_own_and_a_wrong_verdict_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "sleep_poll.positive.json.xz").write_bytes(IDLE)
    (tmp_path / "sleep_poll.other.json.xz").write_bytes(IDLE)
    verdicts = {(one.pattern, one.kind): one.passed for one in tried(load_rules(), [tmp_path])}
    assert verdicts["sleep_poll", "positive"] is False
    assert ("sleep_poll", "other") not in verdicts


def test_a_recorded_run_of_no_pattern_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "nonsense.positive.json.xz").write_bytes(IDLE)
    with pytest.raises(UsageError, match="no pattern 'nonsense'"):
        tried(load_rules(), [tmp_path])
