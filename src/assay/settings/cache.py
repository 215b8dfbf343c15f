"""The user's cache: what is kept there may be lost at any time, and is then made again."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


def keep_file(file: Path, content: bytes) -> None:
    """Put a file there as a whole, for this user alone; where that is not possible there is none."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=file.name, dir=file.parent)
        try:
            with os.fdopen(descriptor, "wb") as temporary:
                temporary.write(content)
            Path(name).replace(file)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
