from __future__ import annotations

import msgspec

from assay.cli.terminal.style import paint
from assay.cli.views.difference import difference_lines
from assay.record.documents import RunsDiff
from assay.record.fingerprint import diff, same_configuration, same_machine, same_workload
from assay.record.run import Run
from tests.makers import make_cpu, make_environment, make_metrics, make_run


def shown(a: Run, b: Run) -> str:
    found = RunsDiff(
        a=a.id,
        b=b.id,
        same_workload=same_workload(a, b),
        same_configuration=same_configuration(a, b),
        same_machine=same_machine(a, b),
        differences=diff(a, b),
    )
    return "\n".join(paint(line, color=False) for line in difference_lines(found, None))


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
