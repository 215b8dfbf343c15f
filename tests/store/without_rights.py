"""A look at a folder by somebody who may read everything in it and write nothing, also where the tests run as root."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_NOBODY = 65534


@contextmanager
def public_folder() -> Iterator[Path]:
    """A scratch folder that everybody can reach, unlike pytest's."""
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o755)
        yield Path(scratch)


def seen_without_rights(root: Path, question: Callable[[], Any], *, unreadable: Iterable[Path] = ()) -> Any:
    """The answer to ``question``, as JSON can hold it, while nothing below ``root`` can be written.

    What is ``unreadable`` can't be read either.
    """
    for path in (root, *root.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    for path in unreadable:
        path.chmod(0)
    answers, answer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgid(_NOBODY)
                os.setuid(_NOBODY)
            os.write(answer, json.dumps(question()).encode())
        finally:
            os._exit(0)
    os.close(answer)
    with os.fdopen(answers, "rb") as file:
        said = file.read()
    os.waitpid(child, 0)
    for path in (root, *root.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return json.loads(said)
