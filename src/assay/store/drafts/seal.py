"""Folder of a draft to sealed run: everything on disk first, then one rename makes all of it visible at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assay.errors import RecordError, StoreError
from assay.record.codec import encode_run
from assay.record.run import Run, Series
from assay.store.drafts.assemble import Story, tell
from assay.store.drafts.contents import Contents, sync_folders, take_in
from assay.store.drafts.journal import read_journal
from assay.store.durable import read_inside, rename_exclusive, sync_folder, write_new
from assay.store.layout import JOURNAL_FILE, RECORD_FILE, is_working_file

Assembler = Callable[[Story, tuple[Series, ...], Contents], Run]
"""Makes the record from what the draft's folder holds."""
SeriesFinisher = Callable[[Path], tuple[Series, ...]]
"""Turns the draft's streams into Parquet files and describes them."""

MAX_JOURNAL_BYTES = 1 << 30


def seal_folder(folder: Path, shelf: Path, assemble: Assembler, finish_series: SeriesFinisher) -> Path:
    """Make the draft in ``folder`` the sealed run ``shelf/<id>`` and return its folder.

    Until the rename nothing is visible; after it everything is, and is on disk. run.json is on disk before the
    journal goes, so that at every moment one of the two tells the whole story.
    """
    write_record(folder, assemble, finish_series(folder))
    drop_working_files(folder)
    publish(folder, shelf)
    return shelf / folder.name


def write_record(folder: Path, assemble: Assembler, series: tuple[Series, ...]) -> None:
    """Write the draft's run.json, the last of its files."""
    story = read_story(folder)
    contents = take_in(folder, story.announced, [item.file for item in series])
    data = encode_run(_assembled(assemble, story, series, contents))
    (folder / RECORD_FILE).unlink(missing_ok=True)
    write_new(folder / RECORD_FILE, data)
    sync_folder(folder)


def drop_working_files(folder: Path) -> None:
    """Remove what only the writing needed."""
    for path in sorted(folder.iterdir()):
        if is_working_file(path.name):
            path.unlink()


def publish(folder: Path, shelf: Path) -> None:
    """Bring a complete folder to disk and move it to its shelf, where no run of the same id may stand."""
    sync_folders(folder)
    try:
        rename_exclusive(folder, shelf / folder.name)
    except FileExistsError as error:
        remedy = "runs are never replaced; remove the old one first"
        raise StoreError("a run of this id is in the store already", where=folder.name, remedy=remedy) from error
    sync_folder(shelf)
    sync_folder(folder.parent)


def read_story(folder: Path) -> Story:
    """What the draft's journal tells."""
    story = tell(read_journal(read_inside(folder, JOURNAL_FILE, MAX_JOURNAL_BYTES)))
    if story is None:
        raise RecordError("the draft's journal does not tell what was measured", where=str(folder / JOURNAL_FILE))
    return story


def _assembled(assemble: Assembler, story: Story, series: tuple[Series, ...], contents: Contents) -> Run:
    try:
        return assemble(story, series, contents)
    except ValueError as error:
        raise RecordError(str(error), where=story.begun.id, remedy="correct what was added to the draft") from error
