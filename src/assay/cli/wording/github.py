"""Workflow commands of GitHub, which become annotations of a pull request. Nothing in a name can end one."""

from __future__ import annotations

from pathlib import Path, PurePath

from assay.record.words.escape import plain


def workflow_command(kind: str, text: str, *, title: str, file: str = "", line: int | None = None) -> str:
    """One annotation; ``kind`` is error, warning or notice. Files inside the folder are named from there."""
    properties = {"title": title}
    if file:
        path, here = PurePath(file), Path.cwd()
        properties["file"] = str(path.relative_to(here)) if path.is_relative_to(here) else file
        if line is not None:
            properties["line"] = str(line)
    given = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{kind} {given}::{_data(text)}"


def _data(text: str) -> str:
    return plain(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
