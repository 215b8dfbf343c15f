from __future__ import annotations

import numpy as np
import pytest

from assay.compare.asked import Asked
from assay.compare.observed import Observed, One, Unit
from assay.compare.structure.align import align
from assay.compare.table.arrays import arrays
from assay.compare.table.claims import cells_meant, read_claim
from assay.compare.table.exact import exact_counts
from assay.compare.table.judging import Stated, judged
from assay.compare.table.shift import cost_shifts
from assay.errors import UsageError
from assay.record.documents.comparison import Cell, Outcome
from assay.record.metrics import Better

PARSE, READ, MAIN = (Cell(name=name, file="job.py") for name in ("parse", "read", "main"))
CELLS = tuple(Cell(name=name, layer=layer) for layer in range(3) for name in ("Attention", "FFN"))


def _side(factors: dict[Cell, float], *, blocks: int = 12, side: int = 0, inclusive: float = 1.0) -> Observed:
    random = np.random.default_rng(side)
    units = []
    for block in range(blocks):
        values = {cell: np.exp(random.normal(0, 0.01, 4)) * factor for cell, factor in factors.items()}
        unit = Unit(run=f"{side}-{block}", start_utc_ns=(2 * block + (side + block) % 2) * 10**9, block=("s", block))
        parents = {PARSE: MAIN} if PARSE in factors else {}
        units.append(One(unit=unit, values=values, parents=parents, inclusive={MAIN: inclusive}))
    return Observed(units=tuple(units))


@pytest.mark.parametrize(
    ("text", "where", "change", "metric"),
    [
        ("layer=3 step=FFN -2%", (("layer", "3"), ("name", "FFN")), -0.02, None),
        ("wall -5 %", (), -0.05, "wall_s"),
        ("energy_j phase=decode +1.5%", (("phase", "decode"),), 0.015, "energy_j"),
        ("total -1%", (), -0.01, None),
        ("function='load all' metric=cpu -10%", (("name", "load all"),), -0.1, "cpu_s"),
    ],
)
def test_claims_are_read(text: str, where: tuple[tuple[str, str], ...], change: float, metric: str | None) -> None:
    claim = read_claim(text)
    assert (claim.where, claim.metric) == (where, metric)
    assert claim.change == pytest.approx(change)


@pytest.mark.parametrize(
    ("text", "what", "remedy"),
    [
        ("layer=3 step=FFN", "by how much", "write for example"),
        ("layer=3 -2% -3%", "several times", "write for example"),
        ("layr=3 -2%", "no 'layr'", "did you mean 'layer'"),
        ("layer=x -2%", "can't be read", "write for example"),
        ("wal_s -2%", "no metric 'wal_s'", "did you mean 'wall_s'"),
        ("wall -100%", "less than no time", "less than 100"),
        ("step='FFN -2%", "can't be read", "write for example"),
    ],
)
def test_claims_that_mean_nothing_say_what_would(text: str, what: str, remedy: str) -> None:
    with pytest.raises(UsageError, match=what) as caught:
        read_claim(text)
    assert remedy in caught.value.remedy


def test_a_claim_names_one_cell_or_several() -> None:
    assert cells_meant(read_claim("layer=1 step=FFN -2%"), CELLS) == (3,)
    assert cells_meant(read_claim("step=FFN -2%"), CELLS) == (1, 3, 5)
    assert cells_meant(read_claim("total -2%"), CELLS) == tuple(range(6))
    assert cells_meant(read_claim("layer=7 -2%"), CELLS) == ()


def test_cells_that_few_units_have_are_not_judged() -> None:
    before, after = (_side(dict.fromkeys(CELLS, 1.0), side=side) for side in (0, 1))
    rare = Observed(
        units=tuple(
            One(unit=one.unit, values={**one.values, CELLS[0]: np.full(4, np.nan)}) if number % 2 else one
            for number, one in enumerate(after.units)
        )
    )
    table = arrays(before, rare, align(before.profile, rare.profile), totals=None, least_share=0.0)
    assert (table.rare, len(table.cells)) == ((CELLS[0],), 5)
    assert table.before.durations.shape == (12, 5, 4)
    assert table.before.blocks is not None
    assert table.before.blocks.tolist() == list(range(12))


def test_two_claims_named_before_share_the_level() -> None:
    before, after = _side(dict.fromkeys(CELLS, 1.0)), _side({**dict.fromkeys(CELLS, 1.0), CELLS[1]: 0.95}, side=1)
    table = arrays(before, after, align(before.profile, after.profile), totals=None, least_share=0.0)
    stated = [
        Stated(claim=read_claim(text), named_before=True)
        for text in ("layer=0 step=FFN -3%", "layer=1 step=FFN -3%", "step=FFN layer=5 -3%")
    ]
    found = judged(table, Asked(), stated)
    assert [one.verdict for one in found.claims] == [Outcome.CORROBORATED, Outcome.REFUTED, Outcome.INCONCLUSIVE]
    assert "did you mean" in found.claims[2].reason or "table lists" in found.claims[2].reason


def test_a_saving_that_the_caller_does_not_share_has_moved() -> None:
    before = _side({PARSE: 1.0, READ: 1.0}, inclusive=2.0)
    for inclusive, moved in ((1.95, 1), (1.5, 0)):
        after = _side({PARSE: 0.5, READ: 1.0}, side=1, inclusive=inclusive)
        table = arrays(before, after, align(before.profile, after.profile), totals=None, least_share=0.0)
        found = judged(table, Asked(), ())
        shifts = cost_shifts(found.all_of(found.table.cells), before, after)
        assert [shift.function for shift in shifts] == ["parse (job.py)"] * moved


def test_counts_that_differ_are_told_without_a_test() -> None:
    def side(value: float) -> Observed:
        unit = Unit(run="r", start_utc_ns=0)
        return Observed(units=(One(unit=unit, values={PARSE: np.array([value])}),))

    pairs = align(side(3).profile, side(2).profile)
    verdicts = {
        after: (exact_counts(side(3), side(after), pairs, Better.LOWER) or ())[0].verdict for after in (2.0, 3.0, 4.0)
    }
    assert list(verdicts.values()) == [Outcome.CORROBORATED, Outcome.EQUIVALENT, Outcome.REFUTED]
    unsteady = Observed(units=(*side(3).units, *side(4).units))
    assert exact_counts(unsteady, side(3), pairs, Better.LOWER) is None
