"""Checking a run from anywhere: a record, a run's folder, or an exported archive."""

from __future__ import annotations

import os
from pathlib import Path

from assay.errors import RecordError
from assay.record.codec import RUN_BYTES_MAX, decode_run
from assay.store.exchange.folder import check_folder, false_fingerprints
from assay.store.exchange.opening import Form, open_source
from assay.store.exchange.report import ValidationReport
from assay.store.exchange.unpacking import unpacked


def validate(path: str | os.PathLike[str]) -> ValidationReport:
    """Everything that is wrong with the run at ``path``.

    A file with a record in it is checked for itself; a folder or an archive with all of its files.
    """
    where = os.fspath(path)
    try:
        with open_source(Path(path)) as source:
            if source.form is Form.FOLDER:
                return check_folder(Path(path), where)
            if source.form is Form.RECORD:
                run = decode_run(source.read(RUN_BYTES_MAX + 1), where=where)
                return ValidationReport(source=where, run=run, problems=tuple(false_fingerprints(run, where)))
            with unpacked(source) as folder:
                return check_folder(folder, where)
    except RecordError as error:
        return ValidationReport(source=where, run=None, problems=(str(error),))
