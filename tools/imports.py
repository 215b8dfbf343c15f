"""Import rules that import-linter has no words for; the floors themselves stand in pyproject.toml."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from tools.source.import_graph import Import, ImportGraph, inside
from tools.source.tree import PACKAGE, Violation, run_check

MEASURING = ("backends", "campaign", "engine", "measure", "observe")
FACADES = {PACKAGE, f"{PACKAGE}.__main__"}
"""The public face names every room, and nobody imports it from below."""
SHARED_NAMES = {f"{PACKAGE}.__version__"}
IMPORTING_CALLS = {"import_module", "__import__", "resolve_name", "load_module", "find_spec"}
"""Functions that import what a text names."""
LOADERS = {PACKAGE, f"{PACKAGE}.plugins", f"{PACKAGE}.cli.app", f"{PACKAGE}.backends.params.probe"}
"""Modules that import what a table names; everywhere else an import says what it imports. The probe does so in a
process of its own, often of another interpreter."""


def violations(root: Path) -> Iterator[Violation]:
    """Every import that breaks a rule."""
    graph = ImportGraph(root)
    patterns = plugin_patterns(root)
    yield from _named_plugins(graph, patterns)
    yield from _unknown_folders(graph, patterns)
    yield from _unseen_folders(root, graph)
    yield from _face_from_below(graph, floors(root))
    yield from _upward_texts(graph, floors(root))
    yield from _undeclared_libraries(graph, base_libraries(root), patterns)
    yield from _library_texts(graph, base_libraries(root), patterns)
    yield from _hidden_names(graph)
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


def base_libraries(root: Path) -> set[str]:
    """Modules that every install has: the standard library's, and those of the base dependencies."""
    requirements: list[str] = _settings(root)["project"]["dependencies"]
    names = {re.split(r"[^\w-]", requirement)[0] for requirement in requirements}
    return {name.replace("-", "_") for name in names} | sys.stdlib_module_names


def _settings(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def _contracts(root: Path) -> list[dict[str, Any]]:
    contracts: list[dict[str, Any]] = _settings(root)["tool"]["importlinter"]["contracts"]
    return contracts


def plugin_patterns(root: Path) -> list[re.Pattern[str]]:
    """What the name of a plug-in looks like, from the contracts that keep plug-ins independent."""
    contracts = [contract for contract in _contracts(root) if contract["type"] == "independence"]
    expressions: list[str] = [expression for contract in contracts for expression in contract["modules"]]
    return [re.compile(re.escape(expression).replace(r"\*", r"[a-z]\w*")) for expression in expressions]


def _plugin_of(module: str, patterns: list[re.Pattern[str]]) -> str | None:
    """The plug-in that ``module`` is or belongs to; a name with an underscore in front is a helper, not a plug-in."""
    found = (match for pattern in patterns if (match := pattern.match(module)))
    return next((match.group() for match in found if inside(module, match.group())), None)


def _named_plugins(graph: ImportGraph, patterns: list[re.Pattern[str]]) -> Iterator[Violation]:
    for found in (*graph.statements, *graph.texts):
        plugin = _plugin_of(found.imported, patterns)
        if plugin is not None and not inside(found.importer, plugin):
            what = f"{found.importer} names the plug-in {found.imported}"
            yield _violation(found, what, f"load it by name through Folder({plugin.rpartition('.')[0]!r})")


def _unknown_folders(graph: ImportGraph, patterns: list[re.Pattern[str]]) -> Iterator[Violation]:
    for call in graph.text_calls:
        if call.function == "Folder" and _plugin_of(f"{call.text}.one", patterns) is None:
            what = f"{call.text} is a folder of plug-ins without a contract"
            remedy = "add an independence contract for it to pyproject.toml"
            yield Violation(file=call.file, line=call.line, what=what, remedy=remedy)


def _unseen_folders(root: Path, graph: ImportGraph) -> Iterator[Violation]:
    """A folder without ``__init__.py`` is no package, and import-linter passes it by."""
    for folder in sorted({path.parent for path in graph.modules.values()}):
        if not (folder / "__init__.py").is_file():
            what = "a folder of modules without __init__.py, which the import contracts don't see"
            yield Violation(file=folder.relative_to(root), line=1, what=what, remedy="add __init__.py with a docstring")


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


def _undeclared_libraries(graph: ImportGraph, base: set[str], patterns: list[re.Pattern[str]]) -> Iterator[Violation]:
    for found in graph.statements:
        library = found.name.partition(".")[0]
        if library not in base | {PACKAGE} and _plugin_of(found.importer, patterns) is None:
            what = f"{found.importer} imports {library}, which a base install does not have"
            yield _violation(found, what, "move it into a plug-in, or make it a dependency in pyproject.toml")


def _library_texts(graph: ImportGraph, base: set[str], patterns: list[re.Pattern[str]]) -> Iterator[Violation]:
    for call in graph.text_calls:
        library = call.text.partition(".")[0]
        if call.function not in IMPORTING_CALLS or library in base | {PACKAGE, ""}:
            continue
        if _plugin_of(call.caller, patterns) is None:
            what = f"{call.caller} imports {library} by its text, which a base install does not have"
            yield Violation(file=call.file, line=call.line, what=what, remedy="move it into a plug-in")


def _hidden_names(graph: ImportGraph) -> Iterator[Violation]:
    """Names put together at run time, relative ones, and ``__import__`` with its list: no check can follow them."""
    for use in graph.handed_on:
        if use.function in IMPORTING_CALLS and use.caller not in LOADERS:
            what = f"{use.caller} hands {use.function} on, where no check sees what it imports"
            yield Violation(file=use.file, line=use.line, what=what, remedy="write an import statement")
    for call in graph.calls:
        if call.function not in IMPORTING_CALLS or call.caller in LOADERS:
            continue
        if call.function == "__import__" or not call.text or call.text.startswith("."):
            what = f"{call.caller} calls {call.function}() with a name that no check can read"
            remedy = "write an import statement, or import_module() with the whole name as one text"
            yield Violation(file=call.file, line=call.line, what=what, remedy=remedy)


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
    uses = (*graph.statements, *_imports_by_text(graph))
    needs: dict[str, set[str]] = {name: set() for name in graph.modules}
    for found in uses:
        if found.imported in needs and found.imported not in {found.importer, PACKAGE}:
            needs[found.importer].add(found.imported)
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        cycle: list[str] = error.args[1]
        first = next(one for one in uses if (one.importer, one.imported) == (cycle[1], cycle[0]))
        what = "imports run in a circle: " + " <- ".join(cycle)
        yield _violation(first, what, "move what both need into a third file")


def _imports_by_text(graph: ImportGraph) -> list[Import]:
    lines = {(call.file, call.line) for call in graph.text_calls if call.function in IMPORTING_CALLS}
    named = (found for found in graph.texts if found.imported == found.name)
    return [found for found in named if (found.file, found.line) in lines]


def _room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def _violation(found: Import, what: str, remedy: str) -> Violation:
    return Violation(file=found.file, line=found.line, what=what, remedy=remedy)


def main() -> int:
    """Check the tree; exit status 1 where an import breaks a rule."""
    return run_check(violations)


if __name__ == "__main__":
    sys.exit(main())
