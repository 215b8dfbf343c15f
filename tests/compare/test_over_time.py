from __future__ import annotations

from pathlib import Path

from assay.compare.over_time.history import history_of, same_configuration
from tests.compare.made import Maker, with_cpu
from tests.makers import make_environment


def test_only_runs_under_the_same_conditions_belong_together(tmp_path: Path) -> None:
    slow, fast = (with_cpu(make_environment(), governor=name) for name in ("powersave", "performance"))
    before, after = Maker(folder=tmp_path, blocks=4, layers=1, environment=slow).sides(environment=fast)
    assert same_configuration([*before, *after], before[0].record) == before


def test_every_cell_is_followed(tmp_path: Path) -> None:
    before, after = Maker(folder=tmp_path, blocks=8, layers=2, factors={(1, "FFN"): 1.5}).sides()
    made = history_of([*before, *after], "wall", "spans", 0)
    assert [one.label for one in made.series if one.flagged] == ["decode layer 1 FFN"]
    assert made.series[0].changes[0].index == 8
    assert made.series[0].changes[0].run == after[0].id
    assert "decode layer 1 FFN" in made.headline
