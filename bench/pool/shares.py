"""``python -m bench.pool.shares``: what two processes of ours and another library's threads leave one another.

Each multiplies 256 × 256 fp32 matrices on all processors: alone, then all three at once. A share is products a second
together over those alone; a third each is fair. The other library is PyTorch where it is installed, else NumPy with the
threads of its BLAS. Ends with 1 where somebody starves: less than a third of the fair share.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys

STARVED = 1 / 9
_SETUP = "import time, sys\nend = time.monotonic() + float(sys.argv[1])\n"
_LOOP = "count = 0\nwhile time.monotonic() < end:\n    a @ b\n    count += 1\nprint(count)\n"
_OURS = "import assay.vgpu as vg\na = vg.ones((256, 256), dtype=vg.float32)\nb = a\n"
_TORCH = "import torch\na = b = torch.ones(256, 256)\n"
_NUMPY = "import numpy as np\na = b = np.ones((256, 256), 'f4')\n"


def main(arguments: list[str] | None = None) -> int:
    """Measure the rounds and print the shares."""
    parser = argparse.ArgumentParser(prog="python -m bench.pool.shares", description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="of each alone, then all (default: %(default)s)")
    options = parser.parse_args(arguments)
    name, other = _other()
    programs = {"ours, first process": _OURS, "ours, second process": _OURS, name: other}
    shares: dict[str, list[float]] = {who: [] for who in programs}
    for _ in range(options.rounds):
        alone = {who: _rates([program], options.seconds)[0] for who, program in programs.items()}
        together = _rates(list(programs.values()), options.seconds)
        for who, rate in zip(programs, together, strict=True):
            shares[who].append(rate / alone[who])
    medians = {who: statistics.median(values) for who, values in shares.items()}
    for who, share in medians.items():
        sys.stdout.write(f"{who:<22} {share:6.2f} of what it does alone{'  STARVED' if share < STARVED else ''}\n")
    sys.stdout.write(f"{'sum':<22} {sum(medians.values()):6.2f}; medians of {options.rounds} rounds\n")
    return 1 if min(medians.values()) < STARVED else 0


def _other() -> tuple[str, str]:
    has_torch = subprocess.run([sys.executable, "-c", "import torch"], capture_output=True, check=False).returncode == 0
    return ("PyTorch", _TORCH) if has_torch else ("NumPy", _NUMPY)


def _rates(programs: list[str], seconds: float) -> list[float]:
    """Products a second of each, all started together."""
    commands = [[sys.executable, "-c", program + _SETUP + _LOOP, str(seconds)] for program in programs]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]
    counts = [child.communicate()[0] for child in children]
    if any(child.returncode for child in children):
        raise RuntimeError("a program of the measurement failed; its errors stand above")
    return [int(count) / seconds for count in counts]


if __name__ == "__main__":
    sys.exit(main())
