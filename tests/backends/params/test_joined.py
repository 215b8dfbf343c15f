from __future__ import annotations

import os
from pathlib import Path

import pytest

from assay.backends.params.catalogue import read_catalogue
from assay.backends.params.joined import coverage, drift
from assay.backends.params.looking import look_at
from tests.backends.params.makers import CATALOGUE, install


def test_drift_names_what_is_gone_new_and_of_another_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(install(tmp_path)), os.environ.get("PYTHONPATH", "")]))
    catalogue = read_catalogue(CATALOGUE, "mine.yaml")
    looked = look_at(catalogue)
    found = {(one.surface, one.name, one.change): one.said for one in drift(catalogue, looked)}
    assert set(found) == {
        ("Options", "vanished", "gone"),
        ("Options", "mode", "kind"),
        ("Options", "level", "kind"),
        ("Options", "table", "new"),
        ("load", "half", "new"),
        ("broken", "", "unreadable"),
    }
    assert found["Options", "mode", "kind"] == "takes fast too"
    counted = coverage(catalogue, looked)
    assert (counted.relevant, counted.typed, counted.found) == (6, 6, 5)


def test_without_a_package_nothing_is_said_to_be_found() -> None:
    assert coverage(read_catalogue(CATALOGUE, "mine.yaml")).found is None
