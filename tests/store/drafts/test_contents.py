from __future__ import annotations

import hashlib
import os
from pathlib import Path

from assay.record.run import Run
from assay.store import Draft, open_store
from assay.store.exchange import validate
from tests.makers import make_environment, make_plan


def begin(root: Path) -> Draft:
    return open_store(root).draft(make_plan(), make_environment())


def sealed(draft: Draft) -> Run:
    draft.finish()
    run = draft.seal()
    assert list(run.problems()) == []
    return run.record


def test_every_file_is_listed_with_size_and_hash(tmp_path: Path) -> None:
    draft = begin(tmp_path)
    draft.artifact("raw/perf/deep/er/perf.data", collector="perf").write_bytes(b"x" * 70_000)
    (artifact,) = sealed(draft).artifacts
    assert artifact.size_bytes == 70_000
    assert artifact.sha256 == hashlib.sha256(b"x" * 70_000).hexdigest()


def test_a_file_nobody_announced_belongs_to_the_collector_of_its_folder(tmp_path: Path) -> None:
    draft = begin(tmp_path)
    (draft.artifact("raw/perf/perf.data", collector="perf").parent / "perf.data.old").write_text("")
    (artifact,) = sealed(draft).artifacts
    assert (artifact.file, artifact.collector) == ("raw/perf/perf.data.old", "perf")


def test_a_file_that_was_announced_and_not_written_is_said(tmp_path: Path) -> None:
    draft = begin(tmp_path)
    draft.artifact("raw/perf/perf.data", collector="perf")
    record = sealed(draft)
    assert [flag.id for flag in record.quality] == ["files_not_written"]
    assert record.artifacts == ()
    assert validate(tmp_path / "runs" / record.id).valid


def test_links_and_special_files_are_left_out_and_said(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("mine")
    draft = begin(tmp_path / "store")
    folder = draft.artifact("raw/perf/perf.data", collector="perf").parent
    (folder / "link").symlink_to(secret)
    (folder / "folder").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    (folder / "perf.data").write_text("x")
    record = sealed(draft)
    assert [item.file for item in record.artifacts] == ["raw/perf/perf.data"]
    assert [(flag.id, flag.evidence[0].value) for flag in record.quality] == [("files_left_out", 3.0)]
    assert secret.read_text() == "mine"


def test_names_that_a_record_cannot_hold_are_spelled_out(tmp_path: Path) -> None:
    draft = begin(tmp_path)
    folder = draft.artifact("raw/perf/perf.data", collector="perf").parent
    for name in ("a b", "é", ".hidden", "[vdso]"):
        (folder / name).write_text(name)
    names = [item.file for item in sealed(draft).artifacts]
    assert sorted(names) == ["raw/perf/_.hidden", "raw/perf/_=5Bvdso=5D", "raw/perf/_=C3=A9", "raw/perf/a=20b"]
