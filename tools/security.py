"""The gate against code that runs what it reads; no comment opens it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.tree import Violation, dotted, parse, python_files, run_check

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
    "eval": "parse the text, or look the name up in a table",
    "exec": "import a module, or run a child process",
}
UNSAFE_CALLS = {
    "os.system": "run a program with subprocess.run([...])",
    "os.popen": "run a program with subprocess.run([...])",
    "subprocess.getoutput": "run a program with subprocess.run([...])",
    "subprocess.getstatusoutput": "run a program with subprocess.run([...])",
    "asyncio.create_subprocess_shell": "run a program with asyncio.create_subprocess_exec(...)",
    "tempfile.mktemp": "make the file with tempfile.mkstemp",
    "pandas.read_pickle": "read Parquet",
    "pd.read_pickle": "read Parquet",
    "builtins.eval": UNSAFE_BUILTINS["eval"],
    "builtins.exec": UNSAFE_BUILTINS["exec"],
}
UNSAFE_OPTIONS = {
    ("shell", True): "pass the program and its arguments as a list",
    ("allow_pickle", True): "write arrays of plain numbers",
    ("weights_only", False): "load tensors only, or read safetensors",
    ("typ", "unsafe"): "read YAML with typ='safe'",
}


def violations(root: Path) -> Iterator[Violation]:
    """Every place that could run what it reads."""
    for path in python_files(root):
        for node in ast.walk(parse(path)):
            for what, remedy in (*_imports(node), *_names(node), *_options(node)):
                line = getattr(node, "lineno", 1)
                yield Violation(file=path.relative_to(root), line=line, what=what, remedy=remedy)


def _imports(node: ast.AST) -> Iterator[tuple[str, str]]:
    for name in (*_imported(node), *_imported_by_text(node)):
        remedy = UNSAFE_MODULES.get(name.partition(".")[0])
        if remedy:
            yield f"{name} is imported", remedy
        elif name in UNSAFE_CALLS:
            yield f"{name} is imported", UNSAFE_CALLS[name]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        module = node.module or ""
        return [module] if module in UNSAFE_MODULES else [f"{module}.{alias.name}" for alias in node.names]
    return []


def _imported_by_text(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Call) and dotted(node.func).endswith(("import_module", "__import__")):
        return [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    return []


def _names(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in UNSAFE_BUILTINS:
        yield f"{node.id} is used", UNSAFE_BUILTINS[node.id]
    if isinstance(node, ast.Attribute) and (name := dotted(node)) in UNSAFE_CALLS:
        yield f"{name} is used", UNSAFE_CALLS[name]


def _options(node: ast.AST) -> Iterator[tuple[str, str]]:
    for option, value in _passed(node):
        for (name, unsafe), remedy in UNSAFE_OPTIONS.items():
            if option == name and value == unsafe:
                yield f"{name}={unsafe!r} is passed", remedy
    if isinstance(node, ast.Call) and dotted(node.func) == "torch.load" and "weights_only" not in dict(_passed(node)):
        yield "torch.load without weights_only=True", "load tensors only, or read safetensors"


def _passed(node: ast.AST) -> list[tuple[object, object]]:
    """Names and constants of a call's options, and of a table that may become some."""
    if isinstance(node, ast.Call):
        return [(keyword.arg, getattr(keyword.value, "value", None)) for keyword in node.keywords]
    if isinstance(node, ast.Dict):
        return [
            (getattr(key, "value", None), getattr(value, "value", None))
            for key, value in zip(node.keys, node.values, strict=True)
        ]
    return []


def main() -> int:
    """Check the tree; exit status 1 where anything unsafe is used."""
    return run_check(violations)


if __name__ == "__main__":
    sys.exit(main())
