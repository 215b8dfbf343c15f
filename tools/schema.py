"""The published schema is what the types generate, and a metric's name says its unit."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.source.tree import Violation, run_check, use_source

SCHEMA_FILE = Path("src/assay/record/run.schema.json")
METRICS_FILE = Path("src/assay/record/metrics.py")
UNIT_OF_SUFFIX = {"s": "s", "ms": "ms", "ns": "ns", "j": "J", "w": "W", "hz": "Hz", "c": "°C", "bytes": "B"}
RATE = "_per_"


def violations(root: Path) -> Iterator[Violation]:
    """Drift between types, schema and registry."""
    use_source(root)
    yield from _drifted_schema(root, importlib.import_module("assay.record.schema"))
    yield from _drifted_metrics(root, importlib.import_module("assay.record.metrics").DEFINITIONS)


def _drifted_schema(root: Path, schema: Any) -> Iterator[Violation]:
    published = (root / SCHEMA_FILE).read_bytes().splitlines()
    generated = schema.render_schema().splitlines()
    if published != generated:
        pairs = zip(published, generated, strict=False)
        shared = min(len(published), len(generated))
        line = next((number for number, (old, new) in enumerate(pairs, start=1) if old != new), shared + 1)
        what = "the published schema is not what the types generate"
        remedy = "run `python -m tools.schema --write`, and add the change to the format's history"
        yield Violation(file=SCHEMA_FILE, line=line, what=what, remedy=remedy)


def _drifted_metrics(root: Path, definitions: tuple[Any, ...]) -> Iterator[Violation]:
    lines = (root / METRICS_FILE).read_text(encoding="utf-8").splitlines()
    names = [definition.name for definition in definitions]
    for definition in definitions:
        line = next((number for number, text in enumerate(lines, start=1) if f'"{definition.name}"' in text), 1)
        for what, remedy in _faults(definition, names):
            yield Violation(file=METRICS_FILE, line=line, what=what, remedy=remedy)


def _faults(definition: Any, names: list[str]) -> Iterator[tuple[str, str]]:
    name, unit = definition.name, definition.unit
    expected = UNIT_OF_SUFFIX.get(name.rpartition("_")[2])
    if expected is not None and RATE not in name and unit.partition("/")[0] != expected:
        yield f"{name} is in {unit!r}, its name says {expected!r}", "let the name end in the unit"
    if names.count(name) > 1:
        yield f"{name} is defined twice", "keep one definition"
    for used in definition.depends_on:
        if used.islower() and "_" in used and used not in names:
            yield (
                f"{name} depends on {used}, which is not in the registry",
                "name a registered metric, or a fact in words",
            )


def main() -> int:
    """Check the tree; with ``--write`` the published schema is made anew first."""
    if "--write" in sys.argv:
        sys.argv.remove("--write")
        use_source(Path.cwd())
        SCHEMA_FILE.write_bytes(importlib.import_module("assay.record.schema").render_schema())
    return run_check(violations)


if __name__ == "__main__":
    sys.exit(main())
