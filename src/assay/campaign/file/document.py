"""A YAML file as values, with the line of each for whoever finds fault with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from assay.errors import PlanError

Place = tuple[str | int, ...]
"""Keys and indexes that lead to a value."""
_MOST_BYTES = 16 << 20


class FaultsError(PlanError):
    """Everything that is wrong with one file, each with its line."""

    def __init__(self, errors: Sequence[PlanError]) -> None:
        super().__init__(
            "; ".join(str(error) for error in errors), remedy=f"mend {len(errors)} places" if len(errors) > 1 else ""
        )
        self.errors = tuple(errors)


class Document:
    """The values of one YAML file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.data: dict[str, Any]
        self._root: Node
        self.bytes = _read(file)
        self._load()

    def line(self, place: Place) -> int:
        """The line of a value, from 1; that of what holds it where the value itself is not in the file."""
        node, line = self._root, 0
        for step in place:
            found = _inside(node, step)
            if found is None:
                break
            node, line = found
        return line + 1

    def fault(self, place: Place, what: str, remedy: str = "") -> PlanError:
        """The error about a value."""
        return PlanError(what, where=f"{self.file}:{self.line(place)}", remedy=remedy)

    def _load(self) -> None:
        reader = YAML(typ="safe", pure=True)
        try:
            root = reader.compose(self.bytes.decode("utf-8"))
            data = None if root is None else reader.constructor.construct_document(root)
        except YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f"{self.file}:{mark.line + 1}" if mark is not None else str(self.file)
            said = getattr(error, "problem", None) or str(error)
            raise PlanError(f"it is no YAML: {' '.join(said.split())[:200]}", where=where, remedy="mend it") from error
        except (UnicodeDecodeError, RecursionError, ValueError, TypeError) as error:
            said = " ".join(str(error).split())[:200]
            raise PlanError(
                f"it is no YAML: {said}", where=str(self.file), remedy="write UTF-8, not too deep"
            ) from error
        if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
            remedy = "see `assay campaign plan --help`"
            raise PlanError("it holds no settings of a campaign", where=str(self.file), remedy=remedy)
        self.data, self._root = data, root


def _inside(node: Node, step: str | int) -> tuple[Node, int] | None:
    """The value a step further in, and the line on which it, or its key, begins."""
    if isinstance(node, MappingNode):
        return next(((value, key.start_mark.line) for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line
    return None


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise PlanError(f"it can't be read: {error.strerror or error}", where=str(file), remedy="check it") from error
    if len(data) > _MOST_BYTES:
        raise PlanError(f"it is larger than {_MOST_BYTES >> 20} MiB", where=str(file), remedy="write axes, not lists")
    return data
