from __future__ import annotations

from pathlib import Path

import pytest

from assay.cli.reports import ReportOutput, build_report, build_view, unmeasured_here
from assay.errors import UsageError
from assay.store import open_store
from tests.stores import fill


def test_an_unknown_ending_is_found_before_anything_is_done() -> None:
    ReportOutput(as_json=False, outputs=("a.html", "b.md", "c.speedscope.json", "d.sarif")).check()
    with pytest.raises(UsageError, match="no report format"):
        ReportOutput(as_json=False, outputs=("a.html", "b.doc")).check()


def test_a_view_is_made_of_stored_runs(tmp_path: Path) -> None:
    ids = fill(tmp_path, count=3, spans=2)
    store = open_store(tmp_path)
    view = build_view([store.get(reference) for reference in ids])
    assert [line.id for line in view.sides[0].runs] == ids
    assert view.sides[0].curve is None


def test_what_can_not_be_measured_is_said_without_a_number() -> None:
    facts = unmeasured_here()
    assert all(fact.value is None and fact.reason and fact.name for fact in facts)
    assert len({fact.name for fact in facts}) == len(facts)


def test_a_report_on_one_run_has_the_material_of_exports_and_one_on_several_has_not(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    runs = [store.get(reference) for reference in fill(tmp_path, count=2)]
    assert build_report(runs[:1]).material is not None
    assert build_report(runs).material is None
