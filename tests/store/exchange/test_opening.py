from __future__ import annotations

import os
from pathlib import Path

import pytest

from assay.errors import RecordError
from assay.record.run import RUN_FILE
from assay.record.sample import SAMPLE_FOLDER
from assay.store.exchange import export
from assay.store.exchange.opening import Form, kind_of, open_source
from assay.store.run import StoredRun


def form_of(path: Path) -> Form:
    with open_source(path) as source:
        return source.form


def test_a_folder_and_a_record_are_told_apart() -> None:
    assert (form_of(SAMPLE_FOLDER), form_of(SAMPLE_FOLDER / RUN_FILE)) == (Form.FOLDER, Form.RECORD)


@pytest.mark.parametrize("form", [Form.TAR, Form.TAR_GZ, Form.TAR_ZST, Form.PARQUET])
def test_a_form_is_known_by_its_bytes_whatever_its_name(form: Form, tmp_path: Path) -> None:
    renamed = export(StoredRun(SAMPLE_FOLDER), tmp_path / f"run.{form}").rename(tmp_path / "run.json")
    assert form_of(renamed) is form


def test_a_pipe_is_refused_without_waiting_and_a_link_without_following(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(SAMPLE_FOLDER)
    for name in ("pipe", "link"):
        with pytest.raises(RecordError, match=rf"{name}#/: a {name}, which is not opened; name a run's folder"):
            form_of(tmp_path / name)


def test_only_as_much_is_read_as_asked_for_and_always_from_the_start() -> None:
    with open_source(SAMPLE_FOLDER / RUN_FILE) as source:
        assert source.read(2) == source.read(2) == b'{"'


def test_the_descriptor_is_closed_afterwards() -> None:
    with open_source(SAMPLE_FOLDER) as source:
        descriptor = source.descriptor
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)


def test_what_is_neither_file_nor_folder_has_a_name() -> None:
    assert kind_of(Path("/dev/null").stat().st_mode) == "a device"
