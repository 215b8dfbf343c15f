from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import StoreError
from assay.record.plan import Position
from assay.record.run import Expectation, is_intact
from assay.store import open_store
from tests.makers import make_environment, make_plan


def _carried(folder: Path, session: str | None = None) -> list[str]:
    position = Position(session=session)
    with open_store(folder).draft(make_plan(), make_environment(), position=position) as draft:
        draft.finish()
    expectations: tuple[Expectation, ...] = draft.seal().record.expectations
    assert all(is_intact(one) for one in expectations)
    return [one.claim for one in expectations]


def test_later_runs_carry_what_was_stated_until_it_is_withdrawn(tmp_path: Path) -> None:
    expectations = open_store(tmp_path).expectations
    assert _carried(tmp_path) == []
    stated = expectations.state("layer=3 -2%")
    expectations.state("wall -5%", session="tonight")
    assert _carried(tmp_path) == ["layer=3 -2%"]
    assert _carried(tmp_path, "tonight") == ["layer=3 -2%", "wall -5%"]
    withdrawn = expectations.withdraw(stated.sha256[:8])
    assert withdrawn == expectations.withdraw(stated.sha256)
    assert _carried(tmp_path) == []
    assert [one.expectation.claim for one in expectations.all()] == ["layer=3 -2%", "wall -5%"]


def test_what_was_changed_by_hand_was_never_stated(tmp_path: Path) -> None:
    expectations = open_store(tmp_path).expectations
    stated = expectations.state("wall -2%")
    file = tmp_path / "expectations" / f"{stated.sha256}.json"
    file.write_text(file.read_text().replace("-2%", "-9%"))
    (file.parent / "note.json").write_text("{")
    assert expectations.all() == ()


@pytest.mark.parametrize("beginning", ["", "zzzz"])
def test_an_unclear_beginning_withdraws_nothing(tmp_path: Path, beginning: str) -> None:
    expectations = open_store(tmp_path).expectations
    expectations.state("wall -2%")
    with pytest.raises(StoreError, match="expectation"):
        expectations.withdraw(beginning)
