"""Changing one key of a TOML file: the rest of the file, comments and all, stays as it is."""

from __future__ import annotations

import json
import os
import re
import tempfile
import tomllib
from pathlib import Path

from assay.errors import SettingsError
from assay.settings.keys import Key, Value


def write_setting(path: Path, key: Key, value: Value) -> None:
    """Set ``key`` in ``path``, which is replaced in one step and made where it is missing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        _replace(path.resolve(), _proven(with_setting(text, key.name, value), path, key.name, value))
    except OSError as error:
        reason = error.strerror or "can't be written"
        raise SettingsError(reason, where=str(path), remedy="mend the folder's permissions") from error


def with_setting(text: str, name: str, value: Value) -> str:
    """``text`` with the top-level key set: in its old place, or after the last top-level line."""
    line = f"{name} = {_as_toml(value)}"
    lines = text.splitlines()
    top = next((i for i, old in enumerate(lines) if old.lstrip().startswith("[")), len(lines))
    for i in range(top):
        if re.match(rf"\s*[\"']?{re.escape(name)}[\"']?\s*=", lines[i]):
            return _joined([*lines[:i], line, *lines[i + 1 :]])
    while top and not lines[top - 1].strip():
        top -= 1
    return _joined([*lines[:top], line, *lines[top:]])


def _proven(text: str, path: Path, name: str, value: Value) -> str:
    try:
        if tomllib.loads(text).get(name) == value:
            return text
    except tomllib.TOMLDecodeError:
        pass
    raise SettingsError("the file can't be changed line by line", where=str(path), remedy=f"edit {name!r} by hand")


def _as_toml(value: Value) -> str:
    """JSON's texts, numbers and booleans are TOML's too, but for one control character."""
    return json.dumps(value).replace("\x7f", "\\u007f")


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _replace(path: Path, text: str) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise
