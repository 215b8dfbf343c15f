from __future__ import annotations

from pathlib import Path

from assay.store import open_store
from assay.store.scratch import scratch_beside
from tests.stores import fill


def test_scratch_lies_in_the_store_and_is_gone_afterwards(tmp_path: Path) -> None:
    (ulid,) = fill(tmp_path)
    with scratch_beside(open_store(tmp_path).get(ulid).folder) as folder:
        folder.mkdir()
        (folder / "spill").write_text("")
        assert folder.parent == tmp_path / "tmp"
        open_store(tmp_path).salvage()
        assert (folder / "spill").exists()
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_run_outside_a_store_spills_elsewhere(tmp_path: Path) -> None:
    with scratch_beside(tmp_path / "run") as folder:
        assert not folder.is_relative_to(tmp_path)
        assert folder.is_dir()
    assert not folder.exists()
