from __future__ import annotations

import json
from pathlib import Path

from assay.measure.clock import take_anchor
from assay.measure.device.sealing import seal
from assay.measure.device.trial import measure
from assay.record.enums import Backend, Status
from assay.store import open_store
from tests.measure.device.makers import make_case


def test_each_suite_is_a_run_and_numpy_s_side_another(tmp_path: Path) -> None:
    store, started = open_store(tmp_path), take_anchor()
    suites = {"one": [make_case("a", list, dict), make_case("b", list)], "two": [make_case("c", list)]}
    results = measure(suites, budget_s=0.01, seed=7)
    sealed = seal(results, store, session="sitting", seed=7, started=started)
    assert [(run.suite, run.side) for run in sealed] == [("one", "ours"), ("one", "numpy"), ("two", "ours")]
    ours, numpy, _ = (store.get(run.id) for run in sealed)
    assert (ours.record.plan.target.backend, numpy.record.plan.target.backend) == (Backend.VGPU, Backend.OTHER)
    assert (ours.record.position.side, numpy.record.position.side) == ("B", "A")
    assert {run.record.position.session for run in (ours, numpy)} == {"sitting"}
    assert ours.record.status is Status.COMPLETE
    spans = ours.spans()
    assert set(spans.column("step").to_pylist()) == {"a", "b"}
    assert len(spans) == sum(len(result.ours) for result in results[:2])
    samples = json.loads((ours.folder / "raw/bench/samples.json").read_text(encoding="utf-8"))
    assert [sample["call_s"] for sample in samples["a"]] == [sample.call_s for sample in results[0].ours]
