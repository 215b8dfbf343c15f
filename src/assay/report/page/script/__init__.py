"""Modules of the pictures, and how they become one that stands in a page: a file can't import its neighbours."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

MODULES = ("data", "canvas", "flame", "view", "timeline", "main")
"""In the order in which they need one another; no two of them export the same name."""
_IMPORT = re.compile(r"^import \{[^}]*\} from \"\./[a-z]+\.js\";\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function (\w+))", re.MULTILINE)


@cache
def script() -> str:
    """All modules as one."""
    folder = resources.files(__package__)
    return "".join(_closed(folder.joinpath(f"{name}.js").read_text(encoding="utf-8")) for name in MODULES)


def _closed(text: str) -> str:
    """A module with its own names to itself; those that it exports are there for the modules behind it."""
    names = ", ".join(_EXPORT.findall(text))
    body = _EXPORT.sub("", _IMPORT.sub("", text))
    if not names:
        return f"(() => {{\n{body}}})();\n"
    return f"const {{ {names} }} = (() => {{\n{body}return {{ {names} }};\n}})();\n"
