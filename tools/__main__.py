"""All own checks of this folder, one after the other: ``python -m tools``."""

from __future__ import annotations

import subprocess
import sys

CHECKS = (
    "floors",
    "imports",
    "output",
    "sizes",
    "cpp_sizes",
    "mirror",
    "assertions",
    "security",
    "hygiene",
    "schema",
    "documented",
)


def main() -> int:
    """Run every check in a process of its own; exit status 1 where one of them finds anything."""
    failed = []
    for check in CHECKS:
        print(f"· tools.{check}", flush=True)
        if subprocess.run([sys.executable, "-m", f"tools.{check}", *sys.argv[1:]], check=False).returncode:
            failed.append(check)
    if failed:
        print("failed: " + ", ".join(failed) + "; repeat one with `python -m tools.<name>`")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
