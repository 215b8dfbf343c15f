from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from assay.errors import RecordError
from assay.record.codec import encode_run
from assay.record.run import RUN_FILE
from assay.record.sample import SAMPLE_FOLDER
from assay.store import Store, open_store
from assay.store.exchange import FORMATS, Imported, export, import_run
from assay.store.run import StoredRun
from tests.makers import RUN_ID, make_run
from tests.store.exchange.folders import SAMPLE, copy_of_sample


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "store")


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("suffix", [suffix for suffix in FORMATS if suffix != ".json"])
def test_what_was_exported_comes_back_equal_in_every_byte(suffix: str, store: Store, tmp_path: Path) -> None:
    archive = export(StoredRun(SAMPLE_FOLDER), tmp_path / f"run{suffix}")
    assert import_run(archive, store) == Imported(id=SAMPLE.id, already_there=False)
    run = store.get(SAMPLE.id)
    assert run.record == SAMPLE
    assert files_below(run.folder) == files_below(SAMPLE_FOLDER)
    assert [row.id for row in store.runs()] == [SAMPLE.id]


def test_a_folder_is_imported_and_stays_as_it_was(store: Store, tmp_path: Path) -> None:
    folder = copy_of_sample(tmp_path)
    import_run(folder, store)
    assert files_below(folder) == files_below(SAMPLE_FOLDER) == files_below(store.get(SAMPLE.id).folder)


def test_the_same_run_again_is_no_change_and_says_so(store: Store) -> None:
    import_run(SAMPLE_FOLDER, store)
    assert import_run(SAMPLE_FOLDER, store) == Imported(id=SAMPLE.id, already_there=True)


def test_another_run_of_the_same_id_is_refused(store: Store, tmp_path: Path) -> None:
    import_run(SAMPLE_FOLDER, store)
    other = copy_of_sample(tmp_path)
    changed = msgspec.structs.replace(SAMPLE, outcome=msgspec.structs.replace(SAMPLE.outcome, exit_code=3))
    (other / RUN_FILE).write_bytes(encode_run(changed))
    with pytest.raises(RecordError, match="the store holds another run of the id"):
        import_run(other, store)
    assert store.get(SAMPLE.id).record == SAMPLE


def test_a_record_without_files_is_imported_and_one_with_files_is_not(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(encode_run(make_run(series=(), artifacts=())))
    assert import_run(path, store).id == RUN_ID
    path.write_bytes(encode_run(SAMPLE))
    with pytest.raises(RecordError, match="the record alone, without its 2 files; import an archive"):
        import_run(path, store)


def test_a_damaged_run_leaves_no_trace(store: Store, tmp_path: Path) -> None:
    folder = copy_of_sample(tmp_path)
    shutil.rmtree(folder / "raw")
    with pytest.raises(RecordError, match="/artifacts/0/file"):
        import_run(folder, store)
    assert store.runs() == []
    assert not (tmp_path / "store" / "runs").exists() or not list((tmp_path / "store" / "runs").iterdir())


def test_a_file_that_changes_while_it_is_copied_is_refused(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copy_of_sample(tmp_path)

    def copy_and_change(source: object, copy: object, length: int) -> None:
        copy.write(b"other")  # type: ignore[attr-defined]

    monkeypatch.setattr("assay.store.exchange.importing.shutil.copyfileobj", copy_and_change)
    with pytest.raises(RecordError, match="changed while it was read"):
        import_run(folder, store)
    monkeypatch.undo()
    assert store.runs() == []
