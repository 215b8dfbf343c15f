from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import RecordError
from assay.record.sample import SAMPLE_FOLDER
from assay.store.exchange import export, unpacking
from assay.store.exchange.opening import open_source
from assay.store.exchange.unpacking import unpacked
from assay.store.run import StoredRun


@pytest.mark.parametrize("suffix", [".tar", ".tar.gz", ".tar.zst", ".parquet"])
def test_an_archive_is_laid_out_privately_and_gone_afterwards(suffix: str, tmp_path: Path) -> None:
    with open_source(export(StoredRun(SAMPLE_FOLDER), tmp_path / f"run{suffix}")) as source, unpacked(source) as folder:
        files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        assert files == {"run.json", "raw/rusage/usage.json", "spans.parquet"}
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()


def test_what_unpacks_to_far_more_than_its_size_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = export(StoredRun(SAMPLE_FOLDER), tmp_path / "run.tar.gz")
    monkeypatch.setattr(unpacking, "FREE_BYTES", 15_000)
    monkeypatch.setattr(unpacking, "RATIO_MAX", 1)
    with (
        open_source(path) as source,
        pytest.raises(RecordError, match="unpacks to more than 1 times its size"),
        unpacked(source),
    ):
        pytest.fail("nothing is believed of such an archive")
