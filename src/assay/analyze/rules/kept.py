"""What was read from files of rules, kept in the user's cache: reading YAML takes longer than judging a run.

A file is named by the hash of the text it was read from, so that it never has to be renewed; one that is damaged, or
can't be written, is as good as none.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from assay.settings import cache_folder
from assay.settings.cache import keep_file

_VERSION = b"1"
"""Of the form that is kept; a new form is looked for under other names."""


class Item(msgspec.Struct, frozen=True):
    """One entry of a file of rules."""

    line: int
    fields: dict[str, Any]


def kept_items(text: str, variables: Mapping[str, str] = os.environ) -> list[Item] | None:
    """The entries of a file with this text; None where they were not kept."""
    file = _file(text, variables)
    try:
        return msgspec.json.decode(file.read_bytes(), type=list[Item]) if file else None
    except (OSError, msgspec.DecodeError):
        return None


def keep_items(text: str, items: Sequence[Item], variables: Mapping[str, str] = os.environ) -> None:
    """Keep the entries of a file in which there was no mistake."""
    file = _file(text, variables)
    if file is not None:
        keep_file(file, msgspec.json.encode(items))


def _file(text: str, variables: Mapping[str, str]) -> Path | None:
    folder = cache_folder(variables)
    digest = hashlib.sha256(_VERSION + text.encode("utf-8", "surrogatepass")).hexdigest()
    return None if folder is None else folder / "patterns" / f"{digest[:32]}.json"
