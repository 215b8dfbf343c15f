"""The gate against code that runs what it reads; no comment opens it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.source.names import first_name, first_names
from tools.source.tree import Violation, parse, python_files, run_check

UNSAFE_MODULES = {
    "pickle": "write msgspec JSON or Parquet",
    "_pickle": "write msgspec JSON or Parquet",
    "cPickle": "write msgspec JSON or Parquet",
    "cloudpickle": "write msgspec JSON or Parquet",
    "dill": "write msgspec JSON or Parquet",
    "joblib": "write Parquet",
    "marshal": "write msgspec JSON",
    "shelve": "write SQLite",
    "jsonpickle": "write msgspec JSON",
    "yaml": "read YAML with ruamel.yaml, typ='safe'",
}
UNSAFE_BUILTINS = {
    "__builtins__": "use the name that is meant",
    "eval": "parse the text, or look the name up in a table",
    "exec": "import a module, or run a child process",
    "compile": "import a module, or read the text with ast.parse",
}
_PROGRAM = "run a program with subprocess.run([...])"
_MODULE = "import a module, or run a child process"
UNSAFE_CALLS = {
    "os.system": _PROGRAM,
    "os.popen": _PROGRAM,
    "pty.spawn": "open the terminal with pty.openpty() and run a program with subprocess",
    "subprocess.getoutput": _PROGRAM,
    "subprocess.getstatusoutput": _PROGRAM,
    "asyncio.create_subprocess_shell": "run a program with asyncio.create_subprocess_exec(...)",
    "tempfile.mktemp": "make the file with tempfile.mkstemp",
    "runpy.run_path": _MODULE,
    "runpy.run_module": _MODULE,
    "code.interact": _MODULE,
    "code.InteractiveInterpreter": _MODULE,
    "importlib.util.spec_from_file_location": _MODULE,
    "importlib.machinery.SourceFileLoader": _MODULE,
    "types.CodeType": _MODULE,
    "types.FunctionType": _MODULE,
}
HIDING_TEXTS = {"__builtins__", "__import__", "__globals__", "__subclasses__"}
"""Texts by which a table of names is reached where a name would be seen."""
UNSAFE_METHODS = {"read_pickle": "read Parquet", "to_pickle": "write Parquet", "exec_module": _MODULE}
"""Methods that are unsafe on whatever object they are called."""
UNSAFE_OPTIONS = {
    ("shell", True): "pass the program and its arguments as a list",
    ("allow_pickle", True): "write arrays of plain numbers",
    ("weights_only", False): "load tensors only, or read safetensors",
    ("typ", "unsafe"): "read YAML with typ='safe'",
}
MUST_BE_KNOWN = {"subprocess.": "shell", "numpy.": "allow_pickle"}
"""Options whose value has to stand where they are passed to that library."""
UNKNOWN = object()


def violations(root: Path) -> Iterator[Violation]:
    """Every place that could run what it reads."""
    for path in python_files(root):
        nodes = tuple(ast.walk(parse(path)))
        known = first_names(nodes)
        for node in nodes:
            for what, remedy in (*_imports(node, known), *_names(node, known), *_options(node, known)):
                line = getattr(node, "lineno", 1)
                yield Violation(file=path.relative_to(root), line=line, what=what, remedy=remedy)


def _imports(node: ast.AST, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in (*_imported(node), *_imported_by_text(node, known)):
        remedy = UNSAFE_MODULES.get(name.partition(".")[0])
        if remedy:
            yield f"{name} is imported", remedy
        elif name.removeprefix("builtins.") in UNSAFE_CALLS | UNSAFE_BUILTINS:
            yield f"{name} is imported", (UNSAFE_CALLS | UNSAFE_BUILTINS)[name.removeprefix("builtins.")]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        module = node.module or ""
        return [module] if module in UNSAFE_MODULES else [f"{module}.{alias.name}" for alias in node.names]
    return []


def _imported_by_text(node: ast.AST, known: Mapping[str, str]) -> list[str]:
    if isinstance(node, ast.Call) and first_name(node.func, known).endswith(("import_module", "__import__")):
        return [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    return []


def _names(node: ast.AST, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and node.slice.value in HIDING_TEXTS:
        yield f"{node.slice.value} is named by its text", "use the name that is meant"
    if not isinstance(node, ast.Name | ast.Attribute | ast.Call) or isinstance(getattr(node, "ctx", None), ast.Store):
        return
    name = first_name(node, known)
    remedy = UNSAFE_BUILTINS.get(name) or UNSAFE_CALLS.get(name)
    if remedy:
        yield f"{name} is used", remedy
    elif isinstance(node, ast.Attribute) and node.attr in UNSAFE_METHODS:
        yield f"{node.attr} is used", UNSAFE_METHODS[node.attr]


def _options(node: ast.AST, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    passed = _passed(node)
    for (name, unsafe), remedy in UNSAFE_OPTIONS.items():
        if any(option == name and value == unsafe for option, value in passed):
            yield f"{name}={unsafe!r} is passed", remedy
    if isinstance(node, ast.Call):
        yield from _options_of_call(first_name(node.func, known), dict(passed))


def _options_of_call(function: str, passed: dict[object, object]) -> Iterator[tuple[str, str]]:
    for library, option in MUST_BE_KNOWN.items():
        value = passed.get(option)
        if function.startswith(library) and value not in (True, False, None):
            yield f"{option}= is passed to {function} as what no check can read", "write False, or leave it out"
    if function == "torch.load" and "weights_only" not in passed:
        yield "torch.load without weights_only=True", "load tensors only, or read safetensors"


def _passed(node: ast.AST) -> list[tuple[object, object]]:
    """Names and constants of a call's options, and of a table that may become some."""
    if isinstance(node, ast.Call):
        return [(keyword.arg, _constant(keyword.value)) for keyword in node.keywords]
    if isinstance(node, ast.Dict):
        return [(_constant(key), _constant(value)) for key, value in zip(node.keys, node.values, strict=True)]
    return []


def _constant(node: ast.AST | None) -> object:
    return node.value if isinstance(node, ast.Constant) else UNKNOWN


def main() -> int:
    """Check the tree; exit status 1 where anything unsafe is used."""
    return run_check(violations)


if __name__ == "__main__":
    sys.exit(main())
