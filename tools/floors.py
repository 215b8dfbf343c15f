"""Runs import-linter's contracts on the tree that is checked, not on an installed copy."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from importlinter.cli import lint_imports

from tools.source.tree import use_source


def main() -> int:
    """Check the tree; exit status 1 where a contract of pyproject.toml is broken."""
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    os.chdir(root)
    use_source(root)
    return lint_imports(config_filename="pyproject.toml", no_cache=True, no_logo=True)


if __name__ == "__main__":
    sys.exit(main())
