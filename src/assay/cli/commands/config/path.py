"""``assay config path``."""

from __future__ import annotations

import os
from pathlib import Path

from assay.cli.command import command
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.session import Session
from assay.cli.terminal.table import Column, table_lines
from assay.record.documents import ConfigFile, ConfigPath
from assay.settings import project_file, user_file

_COLUMNS = (Column(heading="FILE"), Column(heading="EXISTS"), Column(heading="PATH", least=20, folds=True))


@command(examples=["assay config path"])
@output_options
def path(session: Session, output: Output) -> None:
    """Show which files settings are read from, the stronger first."""
    files = (_file("project file", project_file()), _file("user file", user_file(os.environ)))
    rows = [(file.kind, "yes" if file.exists else "no", file.path or "none found") for file in files]
    answer = Answer(
        document=ConfigPath(files=files),
        lines=lambda width: table_lines(_COLUMNS, rows, width),
        rows=files,
        row_type=ConfigFile,
    )
    emit(session, answer, output)


def _file(kind: str, place: Path | None) -> ConfigFile:
    return ConfigFile(
        kind=kind, path=None if place is None else str(place), exists=place is not None and place.exists()
    )
