"""``python -m bench.diagnosis.accuracy [--repeat 2] [-o FILE.md]``: does the reported share follow a known slowdown?

Ten programs of four stages; one stage is slowed by 0 to 50 %. What the program itself says of its processor time, in
a run that nobody observes, is the truth; what the diagnosis says of the function is compared with it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from bench.diagnosis.corpus import PROGRAMS

PROGRAM = PROGRAMS / "slowed" / "stages.py"
KINDS = 10
SLOWDOWNS = (0, 5, 10, 20, 35, 50)
WITHIN_POINTS = 3.0


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One slowdown of one program."""

    kind: int
    percent: int
    stage: str
    truth: float
    reported: float

    @property
    def error_points(self) -> float:
        """Distance in percentage points."""
        return 100 * abs(self.reported - self.truth)


def main(arguments: list[str] | None = None) -> int:
    """Measure every program at every slowdown and print how far off the shares are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args(arguments)
    points = []
    for kind in range(KINDS):
        for percent in SLOWDOWNS:
            for _ in range(options.repeat):
                point = _point(kind, percent, options.python)
                points.append(point)
                sys.stderr.write(f"{point.stage:12} +{percent:2} %: {point.truth:.3f} told as {point.reported:.3f}\n")
    text = _report(points)
    sys.stdout.write(text)
    if options.output:
        options.output.write_text(text)
    return 0


def _point(kind: int, percent: int, python: str) -> Point:
    own = [python, str(PROGRAM), str(kind), str(percent)]
    truth = json.loads(subprocess.run([*own, "measure"], check=True, capture_output=True).stdout)
    with tempfile.TemporaryDirectory() as folder:
        profile = [sys.executable, "-m", "assay", "profile", "-q", "--store", folder, "--"]
        subprocess.run([*profile, *own], check=True, capture_output=True)
        [file] = Path(folder).glob("findings/*/findings.json")
        document = json.loads(file.read_bytes())
    reported = _share(document, truth["stage"])
    return Point(kind=kind, percent=percent, stage=truth["stage"], truth=truth["share"], reported=reported)


def _share(document: dict[str, Any], stage: str) -> float:
    """Share of the stage in the processor time of all stages; what is around them belongs to none."""
    spent: dict[str, float] = {}
    for line in document["lines"]:
        function = line["function"].split(".<locals>")[0]
        spent[function] = spent.get(function, 0.0) + line["seconds"].get("cpu", 0.0)
    for around in ("main", "<module>"):
        spent.pop(around, None)
    return spent.get(stage, 0.0) / (sum(spent.values()) or 1.0)


def _report(points: list[Point]) -> str:
    errors = sorted(point.error_points for point in points)
    near = sum(error <= WITHIN_POINTS for error in errors) / len(errors)
    return (
        f"{len(points)} measurements of {KINDS} programs: {near:.0%} within {WITHIN_POINTS:g} points; "
        f"median error {errors[len(errors) // 2]:.2f} points, largest {errors[-1]:.2f}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
