from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.errors import RecordError
from assay.store import open_store
from assay.store.exchange import Imported, migrate, migrated
from tests.record.migration.results_v2 import aggregated, cycles


def test_a_result_file_becomes_runs_of_the_store_and_stays_as_it_was(tmp_path: Path) -> None:
    path, store = tmp_path / "old.json", open_store(tmp_path / "store")
    path.write_text(json.dumps(cycles(2)))
    before = path.read_bytes()
    done = migrate(path, store)
    assert [run.id for run in migrated(path)] == [one.id for one in done]
    assert {row.id for row in store.runs()} == {one.id for one in done}
    assert path.read_bytes() == before


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    path, store = tmp_path / "old.json", open_store(tmp_path / "store")
    path.write_text(json.dumps(aggregated()))
    (first,) = migrate(path, store)
    assert migrate(path, store) == (Imported(id=first.id, already_there=True),)


@pytest.mark.parametrize("content", ["", '{"schema_version": "9.0.0"}', "[1, 2", json.dumps(aggregated())[:-1]])
def test_what_can_not_be_migrated_writes_nothing(content: str, tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_text(content)
    with pytest.raises(RecordError) as caught:
        migrate(path, open_store(tmp_path / "store"))
    assert str(caught.value).startswith(f"{path}#") or "old.json#" in str(caught.value)
    assert not (tmp_path / "store").exists()


def test_a_folder_is_no_result_file(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="not a result file"):
        migrated(tmp_path)
