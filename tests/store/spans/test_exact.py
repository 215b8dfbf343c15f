from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assay.store.spans import exact
from assay.store.spans.percentiles import percentiles
from assay.store.spans.writer import SpanWriter

Q = (0.01, 0.25, 0.5, 0.51, 0.9, 0.95, 0.999)


@pytest.mark.parametrize("counters", [4, 1000, exact.COUNTERS])
@pytest.mark.parametrize("dense", [1, exact._DENSE_CELLS])
def test_order_statistics_are_exact_however_few_counters_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counters: int, dense: int
) -> None:
    monkeypatch.setattr(exact, "COUNTERS", counters)
    monkeypatch.setattr(exact, "_DENSE_CELLS", dense)
    random = np.random.default_rng(5)
    long, short = random.lognormal(20, 0.001, 3000), random.lognormal(3, 2, 3000)
    writer = SpanWriter(tmp_path)
    for layer, durations in ((3, long), (None, short), (0, np.full(3000, 12))):
        writer.append(step="s", layer=layer, start_ns=np.arange(3000), wall_ns=durations.astype(np.int64))
    writer.finalise()
    rows = {row.cell[0]: row.percentiles_ns for row in percentiles(tmp_path, ("layer",), Q, exact=True)}
    assert rows[3] == pytest.approx(np.quantile(long.astype(np.int64), Q), abs=1e-5)
    assert rows[None] == pytest.approx(np.quantile(short.astype(np.int64), Q), abs=1e-5)
    assert rows[0] == (12.0,) * len(Q)
