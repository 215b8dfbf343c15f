"""Makes `import assay` mean the tree that is checked, whatever is installed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tools.tree import PACKAGE


def use_source(root: Path) -> None:
    """Put ``root/src`` before every installed copy; for a process that checks one tree and ends."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in type(finder).__module__]
    sys.path.insert(0, str(root / "src"))
    os.environ["PYTHONPATH"] = str(root / "src")
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]
