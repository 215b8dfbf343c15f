"""What must not stand in any text of the tree: places of one machine, package hosts, unfinished work, dead links."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.source.tree import Violation, files_below, run_check

TEXTS = (".md", ".rst", ".py", ".toml", ".yaml", ".yml", ".sh", ".cpp", ".hpp", ".h", ".cmake", ".txt", ".cfg", ".js")
NAMED_TEXTS = ("assay", "justfile", "CMakeLists.txt", "run", "native-tests", "LICENSE")
FOLDERS = (".ci", "src", "tests", "tools", "bench", "docs", "examples", "native", "scripts")

FORBIDDEN = (
    (
        re.compile(r"(?<![\w./~$}])/(?:work|home/(?!user\b|me\b|ada\b)[a-z]\w*|Users/\w+|opt/pypi)/"),
        "a path of one machine",
        "write it relative to the repository, or as a placeholder",
    ),
    (
        re.compile(r"\b(?:pypi\.org|pythonhosted\.org|test\.pypi|deb\.debian\.org|registry\.npmjs\.org)\b"),
        "the host of a package registry",
        "leave it to the configuration of the package client",
    ),
)
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b(?!\w)")
BANNER = re.compile(r"^\s*(?:#|//)\s*(?:[-=#*/]\s*){8,}")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
THIS_FILE = Path("tools/hygiene.py")
MAY_NAME_FORBIDDEN = {THIS_FILE, Path("tests/checks/test_hygiene.py")}


def violations(root: Path) -> Iterator[Violation]:
    """Everything that does not belong into a published tree."""
    for path in _texts(root):
        file = path.relative_to(root)
        text = path.read_text(encoding="utf-8", errors="replace")
        if file not in MAY_NAME_FORBIDDEN:
            yield from _lines(file, text)
        if path.suffix == ".md" and file.parts[0] != "docs":
            yield from _dead_links(root, file, text)
    yield from _changelog(root)


def _texts(root: Path) -> Iterator[Path]:
    top = (path for path in sorted(root.iterdir()) if path.is_file())
    below = (path for folder in FOLDERS for path in files_below(root, folder))
    for path in (*top, *below):
        if path.suffix in TEXTS or path.name in NAMED_TEXTS:
            yield path


def _lines(file: Path, text: str) -> Iterator[Violation]:
    for number, line in enumerate(text.splitlines(), start=1):
        for pattern, what, remedy in FORBIDDEN:
            if found := pattern.search(line):
                yield Violation(file=file, line=number, what=f"{what}: {found.group()}", remedy=remedy)
        if UNFINISHED.search(line):
            yield Violation(file=file, line=number, what="unfinished work", remedy="finish it, or open an issue")
        if file.suffix != ".md" and BANNER.search(line):
            yield Violation(file=file, line=number, what="a banner comment", remedy="split the file or function there")


def _dead_links(root: Path, file: Path, text: str) -> Iterator[Violation]:
    bare = FENCE.sub(lambda fence: "\n" * fence.group().count("\n"), text)
    for link in LINK.finditer(bare):
        target = (root / file).parent / link.group(1)
        if not target.exists() and "generated" not in target.parts:
            line = bare.count("\n", 0, link.start()) + 1
            yield Violation(file=file, line=line, what=f"a link to nothing: {link.group(1)}", remedy="mend the link")


def _changelog(root: Path) -> Iterator[Violation]:
    path = root / "CHANGELOG.md"
    if not path.is_file():
        yield Violation(file=Path(path.name), line=1, what="there is no change log", remedy="write CHANGELOG.md")
    elif not re.search(r"^## \[?Unreleased\b", path.read_text(encoding="utf-8"), re.MULTILINE):
        what = "the change log has no section `## Unreleased`"
        yield Violation(file=Path(path.name), line=1, what=what, remedy="add it above the last release")


def main() -> int:
    """Check the tree; exit status 1 where something stands that must not."""
    return run_check(violations)


if __name__ == "__main__":
    sys.exit(main())
