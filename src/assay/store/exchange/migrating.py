"""Result files of the older format, taken into a store as run records. The file itself is never changed."""

from __future__ import annotations

import os
from pathlib import Path

from assay.record.codec import RUN_BYTES_MAX
from assay.record.migration import migrate_v2
from assay.record.run import Run
from assay.store.exchange.importing import Imported, adopt_record
from assay.store.exchange.opening import Form, open_source
from assay.store.exchange.report import refusal
from assay.store.local import Store

_NAME_IT = "name the JSON file that the older tool wrote"


def migrated(path: str | os.PathLike[str]) -> tuple[Run, ...]:
    """The runs of an older result file: one, or one per cycle. The same file gives the same runs, ids included."""
    where = os.fspath(path)
    with open_source(Path(path), _NAME_IT) as source:
        if source.form is not Form.RECORD:
            raise refusal(where, "not a result file", _NAME_IT)
        return migrate_v2(source.read(RUN_BYTES_MAX + 1), where)


def migrate(path: str | os.PathLike[str], store: Store) -> tuple[Imported, ...]:
    """Take those runs into the store; nothing is written unless all of them are valid."""
    where = os.fspath(path)
    return tuple(adopt_record(run, where, store) for run in migrated(path))
