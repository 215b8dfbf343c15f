from __future__ import annotations

import msgspec

from assay.cli.terminal.style import paint
from assay.cli.views.difference import difference_lines, fact_name
from assay.record.base import Measured
from assay.record.documents import RunsDiff
from assay.record.fingerprint import diff, same_configuration, same_machine, same_workload
from assay.record.rows import Metric
from assay.record.run import Run
from tests.makers import make_artifact, make_cpu, make_environment, make_metrics, make_run


def shown(a: Run, b: Run) -> str:
    found = RunsDiff(
        a=a.id,
        b=b.id,
        same_workload=same_workload(a, b),
        same_configuration=same_configuration(a, b),
        same_machine=same_machine(a, b),
        differences=diff(a, b),
    )
    return "\n".join(paint(line, color=False) for line in difference_lines(found, a, b, None))


def test_equal_runs_have_nothing_to_show() -> None:
    text = shown(make_run(), make_run())
    assert "same workload, same configuration, same machine" in text
    assert text.endswith("nothing differs but ids and times")


def test_only_what_differs_is_shown_under_its_group() -> None:
    other = make_environment(cpu=make_cpu(model="Another CPU"))
    text = shown(make_run(), make_run(environment=other))
    assert "another machine" in text
    assert "\nMachine\n" in text
    assert "environment.cpu.model" in text
    assert "Another CPU" in text
    assert "vendor" not in text


def test_a_row_of_one_run_only_is_named_as_such() -> None:
    text = shown(make_run(), make_run(metrics=make_metrics()[:-1]))
    assert "(no such row)" in text
    assert msgspec.json.encode(make_metrics()[-1].name).decode() in text


def test_metrics_are_called_by_name_and_shown_in_their_unit_with_their_ratio() -> None:
    slower = Metric(name="wall_s", value=Measured(value=5.0, by="CLOCK_MONOTONIC"))
    text = shown(make_run(), make_run(metrics=(slower, *make_metrics()[1:])))
    (line,) = (line for line in text.splitlines() if line.startswith("metrics.wall_s"))
    assert line.split() == ["metrics.wall_s", "2", "s", "5", "s", "2.5"]


def test_files_that_differ_in_bytes_take_one_line() -> None:
    one, other = make_run(), make_run(artifacts=(make_artifact(size_bytes=7, sha256="6b" * 32),))
    text = shown(one, other)
    assert f"other bytes in {make_artifact().file}" in text
    assert "6b6b" not in text


def test_a_row_is_named_by_what_tells_it_apart() -> None:
    document = {"steps": [{"step": "FFN", "layer": 3, "phase": "decode", "device": "cpu:0", "wall": {"count": 1}}]}
    assert fact_name("/steps/0/wall/count", document) == "steps.FFN 3 decode cpu:0.wall.count"
    assert fact_name("/argv/1", {"argv": ["a", "b"]}) == "argv.1"
