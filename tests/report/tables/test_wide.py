from __future__ import annotations

import csv
import io

from assay.record.base import Measured, Missing
from assay.record.metrics import DEFINITIONS
from assay.record.rows import Metric
from assay.report.tables.wide import wide_csv
from tests.makers import make_run


def test_every_registered_metric_has_a_column_and_the_unknown_is_an_empty_cell() -> None:
    metrics = (
        Metric(name="energy_j", value=Missing(reason="no meter")),
        Metric(name="wall_s", value=Measured(value=1.25, by="clock")),
        Metric(name="energy_j", value=Measured(value=9.0, by="nvml"), device="cpu:0"),
    )
    run = make_run(metrics=metrics)
    (row,) = csv.DictReader(io.StringIO(wide_csv([run])))
    assert {definition.name for definition in DEFINITIONS} <= row.keys()
    assert row["run"] == run.id
    assert row["wall_s"] == "1.25"
    assert row["energy_j"] == ""
    assert row["reasons"] == "energy_j: no meter"
    assert row["cycle"] == "0"


def test_text_that_a_spreadsheet_would_run_is_defused() -> None:
    run = make_run(metrics=(Metric(name="energy_j", value=Missing(reason="=cmd()")),))
    run_text = wide_csv([run])
    (row,) = csv.DictReader(io.StringIO(run_text))
    assert row["reasons"].startswith("energy_j")
