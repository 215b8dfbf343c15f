from __future__ import annotations

import pytest

from assay.report.export import export_for


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("a.speedscope.json", "speedscope"),
        ("dir.x/A.PERFETTO.JSON", "perfetto"),
        ("a.pb.gz", "pprof"),
        ("a.sarif", "sarif"),
        ("a.collapsed.txt", "collapsed"),
    ],
)
def test_a_file_s_ending_chooses_the_export(file: str, name: str) -> None:
    export = export_for(file)
    assert export is not None
    assert export.name == name


@pytest.mark.parametrize("file", ["a.json", "a.txt", "a.html", "speedscope.json", "a"])
def test_endings_of_reports_choose_none(file: str) -> None:
    assert export_for(file) is None
