from __future__ import annotations

from pathlib import Path

import pytest

from assay.measure.experiment.phases import Mark, Part, marks_in, parts_of, phase_energies
from assay.observe.energy.account import Ledger
from assay.observe.energy.meter import Quantity, Sensor
from assay.record.base import Derived, Missing
from assay.record.enums import Phase
from tests.observe.energy.readings import counter, energy_of, metered, moments, ns, power


def test_lines_that_say_nothing_are_left_out_and_the_rest_is_put_in_order(tmp_path: Path) -> None:
    file = tmp_path / "phases"
    file.write_text(
        "30 decode\nnonsense\n20 prefill\n40 sleeping\n-5 decode\n" + "9" * 30 + " decode\n", encoding="utf-8"
    )
    assert marks_in(file) == (Mark(20, Phase.PREFILL), Mark(30, Phase.DECODE))
    assert marks_in(tmp_path / "missing") == ()


def test_a_launch_is_cut_at_its_marks_and_nothing_is_lost() -> None:
    marks = [Mark(5, Phase.DECODE), Mark(20, Phase.PREFILL), Mark(30, Phase.DECODE), Mark(99, Phase.DECODE)]
    assert parts_of((10, 50), marks) == [
        Part(Phase.NONE, 10, 20),
        Part(Phase.PREFILL, 20, 30),
        Part(Phase.DECODE, 30, 50),
    ]


@pytest.mark.parametrize("period_s", [0.02, 0.1])
def test_prefill_and_decode_sum_to_the_window_and_each_is_near_the_truth(period_s: float) -> None:
    energy = energy_of(60.0, (0.0, 1.2, 400.0), (1.2, 4.0, 180.0))
    ledger = Ledger(
        metered((Quantity.ENERGY, Sensor(quantum=0.001), counter(energy, moments(-3.0, 7.0, 0.0, 4.0), period_s)))
    )
    marks = [Mark(ns(0.0), Phase.PREFILL), Mark(ns(1.2), Phase.DECODE)]
    metrics, flags = phase_energies(ledger, "gpu:0", [parts_of((ns(0.0), ns(4.0)), marks)])
    told = {metric.phase: metric.value for metric in metrics}
    whole = ledger.account(ns(0.0), ns(4.0)).window.raw_j
    assert sum(value.value or 0.0 for value in told.values()) == pytest.approx(whole.value, rel=0.02)
    prefill, decode = told[Phase.PREFILL], told[Phase.DECODE]
    assert isinstance(prefill, Derived)
    assert isinstance(decode, Derived)
    assert prefill.value == pytest.approx(1.2 * 460.0, rel=0.02)
    assert decode.value == pytest.approx(2.8 * 240.0, rel=0.02)
    assert flags == ()


def test_stretches_shorter_than_ten_periods_are_labelled_and_still_sum() -> None:
    energy = energy_of(60.0, (0.0, 4.0, 300.0))
    ledger = Ledger(metered((Quantity.ENERGY, Sensor(quantum=0.001), counter(energy, moments(-3.0, 7.0, 0.0, 4.0)))))
    marks = [Mark(ns(0.1 * step), Phase.DECODE if step % 2 else Phase.PREFILL) for step in range(40)]
    metrics, flags = phase_energies(ledger, "gpu:0", [parts_of((ns(0.0), ns(4.0)), marks)])
    assert {flag.id for flag in flags} == {"phase_energy_interpolated"}
    assert sum(metric.value.value or 0.0 for metric in metrics) == pytest.approx(1440.0, rel=0.02)


def test_without_a_counter_phases_have_no_energy_and_a_reason() -> None:
    energy = energy_of(60.0, (0.0, 4.0, 300.0))
    quick = Sensor(period_s=0.02, window_s=0.02)
    ledger = Ledger(metered((Quantity.POWER, quick, power(energy, moments(-3.0, 7.0)))))
    (metric,), _ = phase_energies(ledger, "gpu:0", [[Part(Phase.DECODE, ns(0.0), ns(4.0))]])
    assert isinstance(metric.value, Missing)


def test_a_launch_without_marks_has_no_phases() -> None:
    energy = energy_of(60.0)
    ledger = Ledger(metered((Quantity.ENERGY, Sensor(), counter(energy, moments(-3.0, 7.0)))))
    assert phase_energies(ledger, "gpu:0", [parts_of((ns(0.0), ns(4.0)), [])]) == ((), ())
