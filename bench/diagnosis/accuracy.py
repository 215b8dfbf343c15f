"""``python -m bench.diagnosis.accuracy [--rounds N] [--keep FILE]``: does the reported share follow a known slowdown?

Ten programs of four stages; one stage is slowed by 0 to 50 %. What the program itself says of its processor time is
the truth; what the diagnosis says of the function in the same run is compared with it, since on a shared machine two
runs differ by more than that. A share of 0.3 that is counted in N looks is known within 3 points in 95 % of all cases
from N = 900 on: the programs run for some seven seconds.
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
    parser.add_argument("--rounds", type=int, default=5000, help="length of the programs; 800 are about a second")
    parser.add_argument("--kinds", type=int, nargs="+", default=range(KINDS), help="these programs alone")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="points are added to it, and those in it count too")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args(arguments)
    points = _kept(options.keep)
    for kind in options.kinds:
        for percent in SLOWDOWNS:
            for _ in range(options.repeat):
                point = _point(kind, percent, options)
                points.append(point)
                _keep(options.keep, point)
                sys.stderr.write(f"{point.stage:12} +{percent:2} %: {point.truth:.3f} told as {point.reported:.3f}\n")
    text = _report(points)
    sys.stdout.write(text)
    if options.output:
        options.output.write_text(text)
    return 0


def _kept(file: Path | None) -> list[Point]:
    lines = file.read_bytes().splitlines() if file is not None and file.exists() else []
    return [msgspec.json.decode(line, type=Point) for line in lines]


def _keep(file: Path | None, point: Point) -> None:
    if file is not None:
        with file.open("ab") as lines:
            lines.write(msgspec.json.encode(point) + b"\n")


def _point(kind: int, percent: int, options: argparse.Namespace) -> Point:
    own = [options.python, str(PROGRAM), str(kind), str(percent), str(options.rounds), "measure"]
    with tempfile.TemporaryDirectory() as folder:
        profile = [sys.executable, "-m", "assay", "profile", "-q", "--store", folder, "--"]
        truth = json.loads(subprocess.run([*profile, *own], check=True, capture_output=True).stdout)
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
