"""Import rules that import-linter has no words for; the floors themselves stand in pyproject.toml."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from tools.import_graph import Import, ImportGraph, inside
from tools.tree import PACKAGE, Violation, run_check

PLUGIN_FOLDERS = ("analyze.analyzers", "backends.adapters", "observe.collectors", "report.formats")
MEASURING = ("backends", "campaign", "engine", "measure", "observe")
FACADES = {PACKAGE, f"{PACKAGE}.__main__"}
"""The public face names every room, and nobody imports it from below."""
SHARED_NAMES = {f"{PACKAGE}.__version__"}
IMPORTING_CALLS = {"import_module", "__import__"}


def violations(root: Path) -> Iterator[Violation]:
    """Every import that breaks a rule."""
    graph = ImportGraph(root)
    yield from _named_plugins(graph)
    yield from _face_from_below(graph, floors(root))
    yield from _upward_texts(graph, floors(root))
    yield from _heavy_texts(graph, heavy_libraries(root))
    yield from _measuring_face(graph)
    yield from _module_cycle(graph)


def floors(root: Path) -> dict[str, int]:
    """Height of every room, from the layers that import-linter holds; 0 is the lowest."""
    layers: list[str] = next(contract for contract in _contracts(root) if contract["type"] == "layers")["layers"]
    return {room: height for height, layer in enumerate(reversed(layers)) for room in re.findall(r"\w+", layer)}


def heavy_libraries(root: Path) -> set[str]:
    """Libraries that only plug-ins import, from the contract that forbids them."""
    contracts = [contract for contract in _contracts(root) if contract["type"] == "forbidden"]
    return {name for contract in contracts for name in contract["forbidden_modules"]}


def _contracts(root: Path) -> list[dict[str, Any]]:
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contracts: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return contracts


def plugin_folders(graph: ImportGraph) -> set[str]:
    """The folders that the design names, and every other one that the code opens with ``Folder("…")``."""
    opened = {call.text for call in graph.text_calls if call.function == "Folder"}
    return opened | {f"{PACKAGE}.{folder}" for folder in PLUGIN_FOLDERS}


def _named_plugins(graph: ImportGraph) -> Iterator[Violation]:
    folders = plugin_folders(graph)
    for found in (*graph.statements, *graph.texts):
        folder = next((folder for folder in folders if found.imported.startswith(f"{folder}.")), None)
        if folder is None:
            continue
        plugin = found.imported.removeprefix(f"{folder}.").partition(".")[0]
        if not plugin.startswith("_") and not inside(found.importer, f"{folder}.{plugin}"):
            what = f"{found.importer} names the plug-in {found.imported}"
            yield _violation(found, what, f"load it by name through Folder({folder!r})")


def _face_from_below(graph: ImportGraph, rooms: dict[str, int]) -> Iterator[Violation]:
    for found in graph.statements:
        if found.imported != PACKAGE or found.importer in FACADES or _room(found.name) in rooms:
            continue
        if found.name not in SHARED_NAMES:
            what = f"{found.importer} imports {found.name}, the public face, from below"
            yield _violation(found, what, "import it from the room that defines it")


def _upward_texts(graph: ImportGraph, heights: dict[str, int]) -> Iterator[Violation]:
    for found in graph.texts:
        importer, imported = _room(found.importer), _room(found.imported)
        if found.importer in FACADES or importer == imported or importer not in heights:
            continue
        if heights.get(imported, -1) >= heights[importer]:
            what = f"{found.importer} reaches {found.imported} by its text, and {importer} lies no higher"
            yield _violation(found, what, "move what both need one floor down")


def _heavy_texts(graph: ImportGraph, heavy: set[str]) -> Iterator[Violation]:
    folders = plugin_folders(graph)
    for call in graph.text_calls:
        library = call.text.partition(".")[0]
        in_plugin = any(inside(call.caller, folder) for folder in folders)
        if call.function in IMPORTING_CALLS and library in heavy and not in_plugin:
            what = f"{call.caller} imports {library}, a heavy library, by its text"
            yield Violation(file=call.file, line=call.line, what=what, remedy="move it into a plug-in")


def _measuring_face(graph: ImportGraph) -> Iterator[Violation]:
    uses: dict[str, list[Import]] = {}
    for found in (*graph.statements, *graph.texts):
        uses.setdefault(found.importer, []).append(found)
    waiting = [name for name in graph.modules if inside(name, f"{PACKAGE}.serve")]
    seen = set(waiting)
    while waiting:
        for found in uses.get(waiting.pop(), []):
            if inside(found.imported, PACKAGE) and _room(found.imported) in MEASURING:
                what = f"serve measures nothing, but reaches {found.imported} through {found.importer}"
                yield _violation(found, what, "read what is needed from the record")
            elif found.imported not in seen:
                seen.add(found.imported)
                waiting.append(found.imported)


def _module_cycle(graph: ImportGraph) -> Iterator[Violation]:
    needs: dict[str, set[str]] = {name: set() for name in graph.modules}
    for found in graph.statements:
        if found.imported in needs and found.imported not in {found.importer, PACKAGE}:
            needs[found.importer].add(found.imported)
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        cycle: list[str] = error.args[1]
        first = next(one for one in graph.statements if (one.importer, one.imported) == (cycle[1], cycle[0]))
        what = "imports run in a circle: " + " <- ".join(cycle)
        yield _violation(first, what, "move what both need into a third file")


def _room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def _violation(found: Import, what: str, remedy: str) -> Violation:
    return Violation(file=found.file, line=found.line, what=what, remedy=remedy)


def main() -> int:
    """Check the tree; exit status 1 where an import breaks a rule."""
    return run_check(violations)


if __name__ == "__main__":
    sys.exit(main())
