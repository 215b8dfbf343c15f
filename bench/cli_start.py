"""How long quick answers take, as a ratio to a bare start of the same Python; pairs interleaved in one sitting.

``python bench/cli_start.py [ROUNDS]`` starts the installed ``assay`` where there is one, else ``python -m assay``.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

BARE = [sys.executable, "-c", "pass"]
MOST = 3.0
"""A quick answer may take so many times a bare start."""


def program() -> list[str]:
    """The console script beside this interpreter, or the module."""
    script = shutil.which("assay", path=str(Path(sys.executable).parent))
    return [script] if script else [sys.executable, "-m", "assay"]


def seconds(command: list[str]) -> float:
    """Wall time of one start."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> int:
    """Print medians and ratios; exit status 1 where a ratio is above the bound."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    commands = {"bare": BARE, **{word: [*program(), word] for word in ("--help", "--version", "runs")}}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            times[name].append(seconds(command))
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(f"{' '.join(program())}, {rounds} rounds")
    for name, median in medians.items():
        print(f"{name:<10} {1000 * median:7.1f} ms  {median / medians['bare']:5.2f} x")
    return 1 if max(medians.values()) > MOST * medians["bare"] else 0


if __name__ == "__main__":
    sys.exit(main())
