from __future__ import annotations

from pathlib import Path

import msgspec
import pyarrow as pa

from assay.measure.sources import keep_sources
from assay.record.diagnosis.raw import FILES, SOURCES_FILE, SourceIndex


class Folder:
    """A draft's folder without a draft."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def flush_tables(self) -> None:
        """Nothing waits here."""

    def artifact(self, file: str, *, collector: str, media_type: str) -> Path:
        assert collector
        assert media_type
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def kept(tmp_path: Path, *files: str) -> dict[str, str]:
    draft = Folder(tmp_path / "draft")
    name, schema = FILES["frames"]
    path = draft.artifact(name, collector="stacks", media_type="x")
    rows = [{"parent": -1, "function": "f", "file": file, "line": 1} for file in files]
    with pa.ipc.new_stream(str(path), schema) as writer:
        writer.write_batch(pa.RecordBatch.from_pylist(rows, schema=schema))
    keep_sources(draft, tmp_path)
    if not (draft.folder / SOURCES_FILE).exists():
        return {}
    index = msgspec.json.decode((draft.folder / SOURCES_FILE).read_bytes(), type=SourceIndex)
    return {source.path: (draft.folder / source.file).read_text() for source in index.sources}


def test_own_files_on_stacks_are_kept_and_those_of_libraries_are_not(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "unseen.py").write_text("secret\n")
    library = tmp_path / "lib/python3.11/json.py"
    library.parent.mkdir(parents=True)
    library.write_text("y = 1\n")
    assert kept(tmp_path, str(tmp_path / "a.py"), str(library), "<frozen runpy>") == {str(tmp_path / "a.py"): "x = 1\n"}


def test_a_relative_path_is_one_of_the_working_folder(tmp_path: Path) -> None:
    (tmp_path / "job.py").write_text("x = 2\n")
    assert kept(tmp_path, "job.py") == {"job.py": "x = 2\n"}


def test_what_is_no_plain_file_any_more_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "large.py").write_bytes(b"#" * (3 << 20))
    assert kept(tmp_path, "gone.py", "folder.py", "large.py", "/dev/zero") == {}


def test_without_stacks_nothing_is_kept(tmp_path: Path) -> None:
    keep_sources(Folder(tmp_path), tmp_path)
    assert list(tmp_path.iterdir()) == []
