"""Who imports whom, read from the syntax tree: lazy imports and imports for types count like any other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tools.source.names import first_name, first_names
from tools.source.tree import PACKAGE, module_name, parse, python_files

_NAMING = (ast.Import, ast.ImportFrom, ast.Assign, ast.Call, ast.Constant, ast.Name, ast.Attribute)
OWN_NAME = re.compile(rf"{PACKAGE}(\.\w+)+\.?")


@dataclass(frozen=True, kw_only=True)
class Import:
    """One name that one module uses of another, in a statement or in a text."""

    importer: str
    imported: str
    """The module that is used."""
    name: str
    """The name as it is written: the module, or something in it."""
    file: Path
    line: int


@dataclass(frozen=True, kw_only=True)
class NamedCall:
    """A call of a function by its name."""

    caller: str
    function: str
    text: str
    """The first argument where it is a text, otherwise empty."""
    file: Path
    line: int


@dataclass(frozen=True)
class ImportGraph:
    """All imports of the package below ``root``."""

    root: Path

    @cached_property
    def modules(self) -> dict[str, Path]:
        """Every module of the package, and its file."""
        return {module_name(self.root, path): path for path in python_files(self.root, f"src/{PACKAGE}")}

    @cached_property
    def statements(self) -> tuple[Import, ...]:
        """What import statements name, own modules and strangers."""
        return tuple(
            self._import(importer, name, node)
            for importer, node in self._nodes()
            for name in _names_of(node, importer, is_package=self.modules[importer].name == "__init__.py")
        )

    @cached_property
    def texts(self) -> tuple[Import, ...]:
        """Texts that are the dotted name of an own module: the way a lazy import hides."""
        named = ((importer, _own_name(node), node) for importer, node in self._nodes())
        found = (self._import(importer, name, node) for importer, name, node in named if name)
        return tuple(one for one in found if one.imported != PACKAGE)

    @cached_property
    def calls(self) -> tuple[NamedCall, ...]:
        """Every call that has arguments."""
        return tuple(
            NamedCall(
                caller=caller,
                function=first_name(node.func, self._known[caller]).rpartition(".")[2],
                text=_text(node.args[0]) if node.args else "",
                file=self.modules[caller].relative_to(self.root),
                line=node.lineno,
            )
            for caller, node in self._nodes()
            if isinstance(node, ast.Call) and (node.args or node.keywords)
        )

    @cached_property
    def text_calls(self) -> tuple[NamedCall, ...]:
        """Calls with a text as their first argument: ``import_module("…")``, ``Folder("…")``."""
        return tuple(call for call in self.calls if call.text)

    @cached_property
    def handed_on(self) -> tuple[NamedCall, ...]:
        """Functions that import, named without being called there: as a value, an argument, another name."""
        called = {id(node.func) for _, node in self._nodes() if isinstance(node, ast.Call)}
        return tuple(
            NamedCall(
                caller=name,
                function=first_name(node, self._known[name]).rpartition(".")[2],
                text="",
                file=self.modules[name].relative_to(self.root),
                line=node.lineno,
            )
            for name, node in self._nodes()
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load) and id(node) not in called
        )

    def nearest_module(self, name: str) -> str:
        """The module that ``name`` leads to: itself, or the module that holds it; a stranger stays as it is."""
        module = name
        while module.startswith(f"{PACKAGE}.") and module not in self.modules:
            module = module.rpartition(".")[0]
        return module

    def _nodes(self) -> Iterator[tuple[str, ast.AST]]:
        return ((name, node) for name, nodes in self._named.items() for node in nodes)

    @cached_property
    def _named(self) -> dict[str, tuple[ast.AST, ...]]:
        """The nodes of every module that name something; walking once is most of the work."""
        return {
            name: tuple(node for node in ast.walk(parse(path)) if isinstance(node, _NAMING))
            for name, path in self.modules.items()
        }

    @cached_property
    def _known(self) -> dict[str, dict[str, str]]:
        return {name: first_names(nodes) for name, nodes in self._named.items()}

    def _import(self, importer: str, name: str, node: ast.AST) -> Import:
        file = self.modules[importer].relative_to(self.root)
        imported = self.nearest_module(name)
        return Import(importer=importer, imported=imported, name=name, file=file, line=getattr(node, "lineno", 1))


def _names_of(node: ast.AST, importer: str, *, is_package: bool) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        module = _absolute(node, importer, is_package=is_package)
        return [f"{module}.{alias.name}" for alias in node.names]
    return []


def _absolute(node: ast.ImportFrom, importer: str, *, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = importer.split(".")
    base = parts[: len(parts) - node.level + is_package]
    return ".".join([*base, *([node.module] if node.module else [])])


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _own_name(node: ast.AST) -> str:
    name = _text(node).partition(":")[0]
    return name.removesuffix(".") if OWN_NAME.fullmatch(name) else ""


def inside(module: str, package: str) -> bool:
    """Whether ``module`` is ``package`` or lies in it."""
    return module == package or module.startswith(f"{package}.")
