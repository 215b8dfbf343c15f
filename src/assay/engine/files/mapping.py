"""Files of strangers: opened with a limit, mapped, parsed; what is wrong becomes one sentence that names the file."""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from assay.errors import ModelError

JSON_BYTES = 64 << 20
"""A description of a model longer than this is none."""


def mapped(path: Path) -> NDArray[np.uint8]:
    """The file's bytes, read-only and not yet read; empty where the file is."""
    try:
        with path.open("rb") as file:
            if path.stat().st_size == 0:
                return np.zeros(0, dtype=np.uint8)
            return np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), dtype=np.uint8)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def text_bytes(path: Path, limit: int = JSON_BYTES) -> bytes:
    """The file's bytes, unless they are more than the limit."""
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if len(content) > limit:
        raise ModelError(f"longer than {limit >> 20} MiB", where=str(path), remedy="is this the right file?")
    return content


def parse_object(content: bytes, where: str) -> dict[str, Any]:
    """A JSON object."""
    try:
        found = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ModelError(f"not JSON: {error}", where=where, remedy="download or convert the model again") from error
    if not isinstance(found, dict):
        raise ModelError("holds no JSON object", where=where, remedy="download or convert the model again")
    return found


def unreadable(path: Path, error: Exception) -> ModelError:
    """The error for a file that the system does not give."""
    reason = (error.strerror or "").lower() if isinstance(error, OSError) else ""
    return ModelError(f"can't be read: {reason or error}", where=str(path), remedy="check the path and its permissions")
