"""JSON Schema (draft 2020-12) generated from the record's types, so that the two can't drift."""

from __future__ import annotations

import ast
import inspect
import itertools
import textwrap
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from assay.record.run import SCHEMA_VERSION, Run

SCHEMA_FILE = "run.schema.json"
SCHEMA_ID = f"urn:assay:schema:run:{SCHEMA_VERSION}"

HISTORY: tuple[tuple[str, str], ...] = (
    ("1", "Per-process result of one inference experiment; no version field."),
    ("2.0.0", "Aggregated results over processes with energy, latency and extended metrics."),
    ("3.0.0", "The run record: strict, one format for every kind of measurement, values with origin."),
)
"""Every version of the format, oldest first, and what it was."""


def run_schema() -> dict[str, Any]:
    """The published schema of a run, generated afresh."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "Assay run record",
        "$comment": "History: " + " ".join(f"{version}: {text}" for version, text in HISTORY),
        **schema_of(Run),
    }


def schema_of(root: type[msgspec.Struct]) -> dict[str, Any]:
    """Schema of any record type, with each field's documentation and no room for unknown properties."""
    schema = msgspec.json.schema(root)
    by_name = {struct.__name__: struct for struct in _structs_below(root)}
    for name, definition in schema["$defs"].items():
        if name in by_name:
            _describe(definition, by_name[name])
            _require_constants(definition)
    schema["$defs"] = dict(sorted(schema["$defs"].items()))
    return schema


@cache
def published_schema() -> dict[str, Any]:
    """The schema that ships with the package."""
    text = resources.files("assay.record").joinpath(SCHEMA_FILE).read_bytes()
    schema: dict[str, Any] = msgspec.json.decode(text)
    return schema


def render_schema() -> bytes:
    """The bytes of the published file."""
    return msgspec.json.format(msgspec.json.encode(run_schema()), indent=1) + b"\n"


def _describe(definition: dict[str, Any], struct: type[msgspec.Struct]) -> None:
    definition["description"] = inspect.cleandoc(struct.__doc__ or "").split("\n\n")[0].replace("\n", " ")
    notes = field_docs(struct)
    for field, rules in definition.get("properties", {}).items():
        if field in notes:
            definition["properties"][field] = {"description": notes[field], **rules}


def _require_constants(definition: dict[str, Any]) -> None:
    """A field with only one possible value, such as the version, has a default in code and must stand in a file."""
    fixed = [name for name, rules in definition.get("properties", {}).items() if len(rules.get("enum", "..")) == 1]
    if fixed:
        definition["required"] = sorted(
            {*definition.get("required", ()), *fixed}, key=list(definition["properties"]).index
        )


@cache
def field_docs(struct: type) -> dict[str, str]:
    """The documentation strings that stand below the fields of a class and its bases."""
    notes: dict[str, str] = {}
    for base in reversed(struct.__mro__):
        if base.__module__.startswith("assay."):
            notes.update(_own_field_docs(base))
    return notes


def _own_field_docs(struct: type) -> Iterator[tuple[str, str]]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(struct)))
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
    for statement, following in itertools.pairwise(body):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and _is_text(following):
            yield statement.target.id, " ".join(following.value.value.split())  # type: ignore[attr-defined]


def _is_text(statement: ast.stmt) -> bool:
    value = getattr(statement, "value", None)
    return isinstance(statement, ast.Expr) and isinstance(value, ast.Constant) and isinstance(value.value, str)


def _structs_below(root: type[msgspec.Struct]) -> set[type[msgspec.Struct]]:
    found: set[type[msgspec.Struct]] = set()
    waiting: list[Any] = [msgspec.inspect.type_info(root)]
    while waiting:
        info = waiting.pop()
        if isinstance(info, msgspec.inspect.StructType):
            if info.cls not in found:
                found.add(info.cls)
                waiting += [field.type for field in info.fields]
            continue
        waiting += _inner_types(info)
    return found


def _inner_types(info: Any) -> list[Any]:
    inner = [getattr(info, "item_type", None), getattr(info, "type", None)]
    inner += getattr(info, "item_types", ()) or ()
    inner += getattr(info, "types", ()) or ()
    return [item for item in inner if isinstance(item, msgspec.inspect.Type)]
