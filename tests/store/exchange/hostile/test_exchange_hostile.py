from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import AssayError
from assay.store import open_store
from assay.store.exchange import import_run, validate
from tests.store.exchange.folders import SAMPLE
from tests.store.exchange.hostile.archives import HOSTILE

HARMLESS = {
    "folder: folder without rights",
    "path: link to a run",
    "folder: series: a byte turned",
    "file: parquet with a byte turned",
    "file: archive with a header of millions of lines",
}
"""Made to hurt, and yet what is read is a whole run: root may read all, a changed byte may mean nothing, and how long
Python takes over a header depends on its version."""


def test_there_are_a_hundred_cases() -> None:
    assert len(HOSTILE) >= 100


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_made_to_hurt_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    path = HOSTILE[name](tmp_path)
    report = validate(path)
    if report.valid:
        assert any(name.startswith(harmless) for harmless in HARMLESS)
        assert report.run == SAMPLE or "series" in name
    for problem in report.problems:
        assert "#/" in problem
        assert len(problem) <= 500
        assert problem.isprintable()


@pytest.mark.parametrize("name", [name for name in HOSTILE if "archive" in name or "parquet" in name])
def test_an_archive_made_to_hurt_puts_nothing_into_the_store_or_beside_it(name: str, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    path = HOSTILE[name](inside)
    try:
        import_run(path, open_store(tmp_path / "store"))
    except AssayError:
        assert not list((tmp_path / "store").glob("runs/*"))
    else:
        assert any(name.startswith(harmless) for harmless in HARMLESS)
    assert not list(tmp_path.rglob("*canary*"))
    assert not Path("/tmp/assay-canary").exists()
