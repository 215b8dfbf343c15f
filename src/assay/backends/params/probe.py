"""What an installed package accepts, found by looking at it: a program of its own that needs nothing but Python.

It is started with the interpreter that has the package, which need not be the one Assay runs in. Reads a request as
JSON from its input, and writes the answer as JSON to the descriptor that its argument names, since packages print.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import ctypes
import dataclasses
import enum
import importlib.metadata
import inspect
import json
import logging
import math
import mmap
import os
import pkgutil
import re
import sys
import textwrap
import types
import typing
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

Row = dict[str, Any]
"""One parameter: its name, and what could be learnt of its kind and default."""

_PLAIN = {bool: "bool", int: "int", float: "float", str: "text", type(None): "null"}
_LISTS = (list, tuple, set, frozenset)
_SIGNS = (("ge", ">="), ("gt", ">"), ("le", "<="), ("lt", "<"))
_WHOLE = {getattr(ctypes, f"c_{sign}int{bits}") for sign in ("", "u") for bits in (8, 16, 32, 64)} | {ctypes.c_size_t}
_MOST_CHOICES = 64


def main() -> None:
    """Answers one request."""
    request = json.load(sys.stdin)
    package, version = installed(request["packages"])
    answer: dict[str, Any] = {"package": package, "version": version, "surfaces": {}, "failed": {}, "replayed": []}
    if version is not None or request["always"]:
        for surface in request["surfaces"]:
            try:
                answer["surfaces"][surface["name"]] = look(surface)
            except Exception as error:  # noqa: BLE001 -- a package may fail in any way when it is imported
                answer["failed"][surface["name"]] = f"{type(error).__name__}: {error}"[:300]
        answer["replayed"] = [replay(trial) for trial in request["trials"]]
    with os.fdopen(int(sys.argv[1]), "w", closefd=False) as out:
        json.dump(answer, out)


def installed(packages: list[str]) -> tuple[str, str | None]:
    """The first of the distributions that is there, with its version; the first of all where none is."""
    for package in packages:
        try:
            return package, importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return packages[0], None


def look(surface: Mapping[str, Any]) -> list[Row]:
    """Every parameter of one surface."""
    return WAYS[surface["way"]](surface)


def resolve(path: str) -> Any:
    """The object of ``module:name.name``, of packages that this process alone has loaded."""
    return pkgutil.resolve_name(path)


def fields(surface: Mapping[str, Any]) -> list[Row]:
    """Fields of a dataclass, or of a pydantic, msgspec or attrs model."""
    model = resolve(surface["object"])
    hints = _hints(model)
    if hasattr(model, "model_fields"):
        named = [(name, field.annotation, field.metadata, field.default) for name, field in model.model_fields.items()]
    elif hasattr(model, "__struct_fields__"):
        named = [(name, hints.get(name), (), None) for name in model.__struct_fields__]
    elif dataclasses.is_dataclass(model):
        named = [(field.name, hints.get(field.name), (), _default(field)) for field in dataclasses.fields(model)]
    else:
        named = [(field.name, hints.get(field.name), (), field.default) for field in model.__attrs_attrs__]
    bounds = _pydantic_bounds(model)
    return [
        row(name, hint, [*metadata, *bounds.get(name, ())], default)
        for name, hint, metadata, default in named
        if not name.startswith("_")
    ]


def _default(field: Any) -> Any:
    if field.default is not dataclasses.MISSING:
        return getattr(field.default, "default", field.default)
    return None if field.default_factory is dataclasses.MISSING else "made by a call"


def _pydantic_bounds(model: Any) -> dict[str, Iterable[Any]]:
    """Limits that a dataclass of pydantic keeps apart from its annotations."""
    kept = getattr(model, "__pydantic_fields__", {})
    return {name: getattr(field, "metadata", ()) for name, field in kept.items()}


def _hints(thing: Any) -> dict[str, Any]:
    try:
        return typing.get_type_hints(thing, include_extras=True)
    except Exception:  # noqa: BLE001 -- annotations name things that are not imported
        return dict(getattr(thing, "__annotations__", {}))


def signature(surface: Mapping[str, Any]) -> list[Row]:
    """Named arguments of a callable."""
    called = resolve(surface["object"])
    hints = _hints(called)
    starred = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    given = [one for one in inspect.signature(called).parameters.values() if one.kind not in starred]
    return [
        row(one.name, hints.get(one.name, _annotation(one)), (), None if one.default is one.empty else one.default)
        for one in given
        if one.name not in {"self", "cls"}
    ]


def _annotation(parameter: inspect.Parameter) -> Any:
    return None if parameter.annotation is parameter.empty else parameter.annotation


def popped(surface: Mapping[str, Any]) -> list[Row]:
    """Named arguments of a function, and names that it takes out of its ``kwargs``, read from its source."""
    source = textwrap.dedent(inspect.getsource(resolve(surface["object"])))
    rows: dict[str, Row] = {one["name"]: one for one in signature(surface)}
    for node in ast.walk(ast.parse(source)):
        if (taken := _taken(node)) is not None:
            name, default = taken
            rows.setdefault(name, row(name, None if default is None else type(default), (), default))
    return list(rows.values())


def _taken(node: ast.AST) -> tuple[str, Any] | None:
    """``kwargs.pop("name", default)`` or ``kwargs.get(...)`` as name and default."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"pop", "get"}):
        return None
    keywords = isinstance(node.func.value, ast.Name) and node.func.value.id.endswith("kwargs")
    if not keywords or not node.args or not isinstance(node.args[0], ast.Constant):
        return None
    default = None
    if len(node.args) > 1:
        try:
            default = ast.literal_eval(node.args[1])
        except ValueError:
            default = None
    return str(node.args[0].value), default


def structure(surface: Mapping[str, Any]) -> list[Row]:
    """Fields of a ctypes structure."""
    kinds = {
        ctypes.c_bool: bool,
        ctypes.c_float: float,
        ctypes.c_double: float,
        ctypes.c_char_p: str,
        ctypes.c_void_p: None,
    }
    described = resolve(surface["object"])._fields_
    return [
        row(name, kinds.get(kind, int if kind in _WHOLE or issubclass(kind, enum.Enum) else None), (), None)
        for name, kind, *_ in described
    ]


def properties(surface: Mapping[str, Any]) -> list[Row]:
    """Attributes of an object that can be set, and methods that begin with ``add_``."""
    described = resolve(surface["object"])
    made = described()
    rows = []
    for name in dir(described):
        member = inspect.getattr_static(described, name)
        if isinstance(member, property):
            value = getattr(made, name, None)
            rows.append(row(name, None if value is None else type(value), (), value))
        elif name.startswith("add_"):
            rows.append(row(name, None, (), None))
    return rows


def attributes(surface: Mapping[str, Any]) -> list[Row]:
    """Those of the given dotted names that are there: switches of a whole process."""
    rows = []
    for name in surface["names"]:
        try:
            found = resolve(name)
        except (AttributeError, ImportError):
            continue
        rows.append(row(name, None if callable(found) else type(found), (), None if callable(found) else found))
    return rows


def embedded(surface: Mapping[str, Any]) -> list[Row]:
    """Keys that stand as text in a shared library: for packages that list them nowhere else."""
    library = Path(resolve(surface["object"]).__file__)
    pattern = re.compile(rb"(?<=\x00)" + surface["pattern"].encode() + rb"(?=\x00)")
    with library.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        names = {match.group().decode() for match in pattern.finditer(data)}
    return [row(name, str, (), None) for name in sorted(names)]


def manifest(surface: Mapping[str, Any]) -> list[Row]:
    """Rows of an argument manifest: a file with lists of ``path``, ``annotation`` and ``allowed_values``."""
    rows = json.loads(Path(surface["file"]).read_text(encoding="utf-8"))[surface["object"]]
    return [{"name": one["path"], "kind": _manifest_kind(one), "default": None} for one in rows]


def _manifest_kind(one: Mapping[str, Any]) -> str | None:
    annotation = str(one["annotation"])
    if one["allowed_values"] and not annotation.startswith("List"):
        kind = choice([value for value in one["allowed_values"] if value != "None"])
        return f"{kind} or null" if "Optional" in annotation or "None" in one["allowed_values"] else kind
    plain = re.fullmatch(r"(Optional\[)?(?:Annotated\[)?(?:<class ')?(bool|int|float|str)\b.*", annotation)
    if plain is None:
        return "list" if re.match(r"(Optional\[)?(List|Set)\[", annotation) else None
    limits = "".join(
        f" {sign} {found.group(1)}"
        for word, sign in (("Ge", ">="), ("Gt", ">"), ("Le", "<="), ("Lt", "<"))
        if (found := re.search(rf"{word}\(\w+=(-?[\d.]+)\)", annotation))
    )
    kind = ("text" if plain.group(2) == "str" else plain.group(2)) + limits
    return f"{kind} or null" if plain.group(1) else kind


def row(name: str, hint: Any, metadata: Iterable[Any], default: Any) -> Row:
    """One parameter."""
    return {"name": name, "kind": kind_of(hint, metadata), "default": plain(default)}


def plain(value: Any) -> Any:
    """A default as JSON can hold it; None where it can't."""
    if isinstance(value, enum.Enum):
        value = value.value
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return None


def kind_of(hint: Any, metadata: Iterable[Any] = ()) -> str | None:
    """A type in the words of the catalogue; None where it says nothing."""
    if hint is None or hint is Any or isinstance(hint, str):
        return None
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return kind_of(parts[0], [*parts[1:], *metadata])
    if origin in (typing.Union, types.UnionType):
        return _either([part for part in parts if part is not type(None)], metadata, nullable=type(None) in parts)
    if origin is typing.Literal:
        return choice(parts)
    return _simple(hint, origin, parts, metadata)


def _either(parts: list[Any], metadata: Iterable[Any], *, nullable: bool) -> str | None:
    kinds = [kind_of(part, metadata) for part in parts]
    known = list(dict.fromkeys(kind for kind in kinds if kind is not None))
    return " or ".join([*known, *(["null"] if nullable else [])]) if known else None


def _simple(hint: Any, origin: Any, parts: tuple[Any, ...], metadata: Iterable[Any]) -> str | None:
    if hint in _PLAIN:
        limited = hint in (int, float)
        return _PLAIN[hint] + (bounds(metadata) if limited else "")
    held = origin or hint
    if held in _LISTS:
        inner = kind_of(parts[0]) if parts else None
        return f"list of {inner}" if inner and " or " not in inner else "list"
    if not isinstance(held, type):
        return None
    if issubclass(held, enum.Enum):
        named = all(isinstance(member.value, int | str) and "." not in str(member.value) for member in held)
        return choice([member.value if named else member.name for member in held])
    if issubclass(held, Mapping):
        return "mapping"
    return "mapping" if dataclasses.is_dataclass(held) or hasattr(held, "model_fields") else None


def bounds(metadata: Iterable[Any]) -> str:
    """Limits such as `` >= 1``, from what annotated-types and pydantic write."""
    found = []
    for entry in metadata:
        for name, sign in _SIGNS:
            limit = getattr(entry, name, None)
            if isinstance(limit, int | float):
                found.append(f" {sign} {limit:g}")
    return "".join(dict.fromkeys(found))


def choice(values: Iterable[Any]) -> str:
    """``one of a, b``; text where there are too many to list."""
    listed = [str(value) for value in values if value is not None]
    return "text" if len(listed) > _MOST_CHOICES or not listed else "one of " + ", ".join(listed)


def replay(trial: Mapping[str, Any]) -> Row:
    """What the package does when it is given the values: refuses, warns, or takes them."""
    with said_by(trial.get("loggers", ())) as said:
        try:
            called = onnx_session if trial["object"] == SESSION else resolve(trial["object"])
            follow(called(**trial["given"]), trial.get("then", ()))
        except Exception as error:  # noqa: BLE001 -- however it refuses
            return {"id": trial["id"], "answer": "refuses", "said": f"{type(error).__name__}: {error}"[:300]}
    return {"id": trial["id"], "answer": "warns" if said else "takes", "said": " ".join(said)[:300]}


def follow(made: Any, steps: Iterable[Any]) -> None:
    """Calls methods of what was made: a name, or a name with its arguments."""
    for step in steps:
        for method, arguments in (step if isinstance(step, dict) else {step: []}).items():
            getattr(made, method)(*arguments)


@contextlib.contextmanager
def said_by(loggers: Iterable[str]) -> Iterator[list[str]]:
    """Collects warnings, of the language and of these loggers; what is said once only is said again."""
    said: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    heard = [logging.getLogger(name) for name in ("", *loggers)]
    for logger in heard:
        logger.addHandler(handler)
        once = getattr(type(logger), "warning_once", None)
        getattr(once, "cache_clear", lambda: None)()
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            yield said
        said += [str(one.message) for one in warned]
    finally:
        for logger in heard:
            logger.removeHandler(handler)


SESSION = "onnxruntime:InferenceSession"
_NAMED = {
    "execution_mode": "ExecutionMode",
    "execution_order": "ExecutionOrder",
    "graph_optimization_level": "GraphOptimizationLevel",
}


def onnx_session(model: str, **given: Any) -> Any:
    """A session with options, entries and arguments told apart by their names: in real code these are three calls."""
    runtime = resolve("onnxruntime")
    options = runtime.SessionOptions()
    arguments = {
        name: given.pop(name) for name in ("providers", "provider_options", "disabled_optimizers") if name in given
    }
    for name, value in given.items():
        if "." in name:
            options.add_session_config_entry(name, str(value))
        else:
            setattr(options, name, getattr(getattr(runtime, _NAMED[name]), value) if name in _NAMED else value)
    return runtime.InferenceSession(base64.b64decode(model), options, **arguments)


WAYS = {
    "fields": fields,
    "signature": signature,
    "popped": popped,
    "structure": structure,
    "properties": properties,
    "attributes": attributes,
    "embedded": embedded,
    "manifest": manifest,
}

if __name__ == "__main__":
    main()
