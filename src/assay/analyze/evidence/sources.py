"""Source files that were hot, as they were when the run was made, and what stands on their lines."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cached_property

import msgspec

from assay.analyze.evidence.features import features_of
from assay.errors import RecordError
from assay.record.diagnosis.raw import SOURCES_FILE, SourceIndex
from assay.store import StoredRun

_LARGEST_BYTES = 4 << 20


class Sources(msgspec.Struct, frozen=True, dict=True):
    """Texts by the path that the interpreter knows them under."""

    files: Mapping[str, str]

    @cached_property
    def _features(self) -> dict[str, Mapping[int, frozenset[str]]]:
        return {}

    def features(self, file: str, line: int) -> frozenset[str] | None:
        """What stands on a line; None where the file was not kept or is no Python."""
        if file not in self.files:
            return None
        if file not in self._features:
            self._features[file] = features_of(self.files[file])
        return self._features[file].get(line, frozenset()) if self._features[file] else None

    def stands_around(self, file: str, line: int, word: str) -> bool | None:
        """Whether such code stands in the function around a line; None where the file was not kept or is no Python."""
        if self.features(file, line) is None:
            return None
        return any(word in (self.features(file, one) or ()) for one in lines_around(self.files[file], line))

    def lines_with(self, word: str) -> list[tuple[str, int, str]]:
        """File, line and function of every line with such code."""
        return [
            (file, line, function_around(text, line))
            for file, text in sorted(self.files.items())
            for line in sorted(features_of(text))
            if word in (self.features(file, line) or ())
        ]


def function_around(text: str, line: int) -> str:
    """Name of the innermost function around a line of source, as tracebacks name it."""
    found = _innermost(text, line)
    return "<module>" if found is None else found.name


def lines_around(text: str, line: int) -> range:
    """Lines of the innermost function around a line of source; outside of functions that line alone."""
    found = _innermost(text, line)
    if found is None:
        return range(line, line + 1)
    return range(found.lineno, (found.end_lineno or found.lineno) + 1)


def _innermost(text: str, line: int) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    nodes = [one for one in ast.walk(ast.parse(text)) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    around = [one for one in nodes if one.lineno <= line <= (one.end_lineno or one.lineno)]
    return min(around, key=lambda one: (one.end_lineno or one.lineno) - one.lineno, default=None)


def load_sources(run: StoredRun) -> Sources:
    """The source files kept with a run."""
    listed = {artifact.file for artifact in run.record.artifacts}
    if SOURCES_FILE not in listed:
        return Sources({})
    path = run.file(SOURCES_FILE)
    try:
        index = msgspec.json.decode(path.read_bytes(), type=SourceIndex)
    except msgspec.DecodeError as error:
        raise RecordError(f"can't be read: {error}"[:300], where=str(path), remedy="remove the run") from None
    found = {}
    for source in index.sources:
        if source.file in listed:
            with run.file(source.file).open("rb") as file:
                found[source.path] = file.read(_LARGEST_BYTES).decode("utf-8", "replace")
    return Sources(found)
