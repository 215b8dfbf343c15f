"""Runs' folders on disk: whole ones, and whole ones of which one thing was changed."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

import msgspec

from assay.record.codec import decode_run
from assay.record.run import RUN_FILE, Run
from assay.record.sample import SAMPLE_FOLDER, Damage, FileVariation

SAMPLE = decode_run((SAMPLE_FOLDER / RUN_FILE).read_bytes(), "sample")


def copy_of_sample(parent: Path) -> Path:
    """The sample run in a folder of its own below ``parent``."""
    folder = parent / SAMPLE.id
    shutil.copytree(SAMPLE_FOLDER, folder)
    return folder


def relist(folder: Path, file: str, **changes: Any) -> None:
    """Give the record the size and hash that a file has now."""
    data = (folder / file).read_bytes()
    facts = {"size_bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), **changes}
    document = msgspec.json.decode((folder / RUN_FILE).read_bytes())
    for item in (*document["series"], *document["artifacts"]):
        if item["file"] == file:
            item.update(facts)
    (folder / RUN_FILE).write_bytes(msgspec.json.encode(document))


def damage(folder: Path, variation: FileVariation) -> None:
    """Do to the folder what the variation says."""
    path = folder / variation.file
    data = path.read_bytes() if path.exists() else b""
    if variation.damage in {Damage.REMOVED, Damage.LINKED}:
        path.unlink()
    if variation.damage is Damage.LINKED:
        path.symlink_to("/etc/passwd")
    content = {
        Damage.CHANGED: data.swapcase(),
        Damage.TRUNCATED: data[: len(data) // 2],
        Damage.ADDED: b"more",
        Damage.REPLACED: b"PAR1 nothing of the kind PAR1",
    }
    if variation.damage in content:
        path.write_bytes(content[variation.damage])
    if variation.relisted:
        relist(folder, variation.file)


def with_files(run: Run, folder: Path, files: dict[str, bytes]) -> Path:
    """A folder that holds a record and any files."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / RUN_FILE).write_bytes(msgspec.json.encode(run))
    return folder
