"""Functions, lambdas and macros of C++ files have at most 60 lines.

A hand-scheduled kernel may be longer, alone in its file.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.source.tree import Violation, files_below, run_check

LINES_OF_A_FUNCTION = 60
SUFFIXES = (".cpp", ".hpp", ".h", ".cc", ".c", ".cxx", ".hxx", ".inl", ".cu", ".cuh")
FOLDERS = ("native", "bench", "tests", "examples")
REFERENCE_RUNG = "reference.cpp"

_NOT_CODE = re.compile(
    r"""//[^\n]*|/\*.*?\*/|R"(?P<mark>[^()\\\s]*)\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'"""
    r"""|^[ \t]*\#(?:\\\n|[^\n])*""",
    re.DOTALL | re.MULTILINE,
)
_MACRO = re.compile(r"^[ \t]*\#[ \t]*define[ \t]+(?P<name>\w+)(?:\\\n|[^\n])*", re.MULTILINE)
_LAMBDA = re.compile(r"\[[^\[\]]*\]\s*(?:<[^{}]*>\s*)?(?:mutable|constexpr|consteval|static|noexcept|->[^{}]*|\s)*$")
_TYPE_OR_NAMESPACE = re.compile(r"(?:inline\s+|typedef\s+|export\s+)*(?:namespace|extern|class|struct|union|enum)\b")
_DECORATION = re.compile(r"\[\[.*?\]\]|\balignas\s*\([^)]*\)|\b__attribute__\s*\(\(.*?\)\)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Function:
    """A function's head and where its body begins and ends."""

    name: str
    first_line: int
    last_line: int

    @property
    def lines(self) -> int:
        """Lines from the head's last line to the closing brace."""
        return self.last_line - self.first_line + 1


def functions(source: str) -> list[Function]:
    """Every function that has a body; lambdas and local classes belong to the function around them."""
    code = _NOT_CODE.sub(_blank, source)
    found: list[Function] = []
    position = head_start = 0
    while (brace := _next_of(code, "{};", position)) >= 0:
        position = brace + 1
        if code[brace] == "{" and not _opens_scope(head := code[head_start:brace]):
            position = _end_of_body(code, brace)
            if "(" in head or _LAMBDA.search(_DECORATION.sub(" ", head)):
                first, last = code.count("\n", 0, brace) + 1, code.count("\n", 0, position) + 1
                found.append(Function(name=_name(head), first_line=first, last_line=last))
        head_start = position
    return found


def macros(source: str) -> list[Function]:
    """Every macro, which may hold a function as well."""
    return [
        Function(
            name=f"macro {match['name']}",
            first_line=source.count("\n", 0, match.start()) + 1,
            last_line=source.count("\n", 0, match.end()) + 1,
        )
        for match in _MACRO.finditer(source)
    ]


def violations(root: Path) -> Iterator[Violation]:
    """Functions that are too long."""
    for path in (path for folder in FOLDERS for path in files_below(root, folder, *SUFFIXES)):
        source = path.read_text(encoding="utf-8")
        long = [one for one in (*functions(source), *macros(source)) if one.lines > LINES_OF_A_FUNCTION]
        if _is_kernel(root, path) and len(long) == 1:
            continue
        for function in long:
            what = f"{function.name} has {function.lines} lines, a function has at most {LINES_OF_A_FUNCTION}"
            file = path.relative_to(root)
            yield Violation(file=file, line=function.first_line, what=what, remedy="take a part out by its name")


def _is_kernel(root: Path, path: Path) -> bool:
    return path.is_relative_to(root / "native" / "kernels") and path.name != REFERENCE_RUNG


def _blank(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n") or " "


def _next_of(code: str, characters: str, start: int) -> int:
    found = [place for character in characters if (place := code.find(character, start)) >= 0]
    return min(found, default=-1)


def _opens_scope(head: str) -> bool:
    bare = _DECORATION.sub(" ", _without_template(head)).strip()
    return bool(_TYPE_OR_NAMESPACE.match(bare)) and "(" not in bare


def _without_template(head: str) -> str:
    """The head without ``template <...>``, whose words `class` and `struct` mean something else."""
    bare = re.sub(r"^\s*(?:(?:public|private|protected)\s*:\s*)+", "", head).strip()
    while bare.startswith("template"):
        bare = bare[_end_of_parameters(bare) :].strip()
    return bare


def _end_of_parameters(head: str) -> int:
    """The place behind the list in angle brackets; ``>`` inside of round ones compares and closes nothing."""
    angles = rounds = 0
    for place in range(head.find("<"), len(head)):
        rounds += {"(": 1, ")": -1}.get(head[place], 0)
        angles += 0 if rounds else {"<": 1, ">": -1}.get(head[place], 0)
        if angles == 0:
            return place + 1
    return len(head)


def _end_of_body(code: str, brace: int) -> int:
    """The place behind the brace that closes the body; braces of an initialiser list belong to it."""
    position = _matching(code, brace)
    while (more := re.compile(r"\s*(?:,[^{};]*)?\{").match(code, position)) is not None:
        position = _matching(code, more.end() - 1)
    return position


def _matching(code: str, brace: int) -> int:
    depth, position = 0, brace
    while True:
        depth += 1 if code[position] == "{" else -1
        following = _next_of(code, "{}", position + 1)
        if depth == 0 or following < 0:
            return position + 1
        position = following


def _name(head: str) -> str:
    names = re.findall(r"[\w:~]+\s*(?=\()", head)
    return names[0].strip() if names else "a function"


def main() -> int:
    """Check the tree; exit status 1 where a function is too long."""
    return run_check(violations)


if __name__ == "__main__":
    sys.exit(main())
