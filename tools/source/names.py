"""What a name of a file stands for: other names given by imports and by assignments are followed to the first."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from tools.source.tree import dotted


def first_names(nodes: Sequence[ast.AST]) -> dict[str, str]:
    """Every other name that a file of those nodes gives to a module or to something in it, and what it stands for.

    ``from os import write as say`` makes ``{"say": "os.write"}``, and so does ``say = os.write``.
    """
    known: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            known.update({alias.asname: alias.name for alias in node.names if alias.asname})
        elif isinstance(node, ast.ImportFrom) and not node.level:
            known.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    for node in nodes:
        if isinstance(node, ast.Assign) and (value := first_name(node.value, known)):
            known.update({target.id: value for target in node.targets if isinstance(target, ast.Name)})
    return {name: value for name, value in known.items() if name != value}


def first_name(node: ast.AST, known: Mapping[str, str]) -> str:
    """``a.b.c`` of a chain of attributes, its head followed; empty for anything else.

    ``getattr(a, "b")`` is a chain too.
    """
    chain = dotted(node) or _gotten(node, known)
    head, dot, rest = chain.partition(".")
    name = f"{known.get(head, head)}{dot}{rest}"
    return name.removeprefix("builtins.").removeprefix("__builtins__.")


def _gotten(node: ast.AST, known: Mapping[str, str]) -> str:
    if not (isinstance(node, ast.Call) and dotted(node.func) == "getattr" and len(node.args) > 1):
        return ""
    holder, name = first_name(node.args[0], known), node.args[1]
    word = name.value if isinstance(name, ast.Constant) else None
    return f"{holder}.{word}" if holder and isinstance(word, str) else ""
