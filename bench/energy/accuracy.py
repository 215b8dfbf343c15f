"""``python -m bench.energy.accuracy [--only WORD …] [--rounds N] [-o FILE.md]``: ``assay measure`` against the truth.

Each scenario is measured as a user would, in a process of its own; its record is compared with what the simulated
devices really used between the start and the end of each launch.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.energy.scenarios import CASES, Case
from bench.table import markdown_table, text_table
from tests.driver.scenario import Scenario, build

_LOAD = Path("tests/driver/load.py").resolve()
_HEAD = ("scenario", "energy", "adjusted", "interval", "covered", "flags", "right")
_ADJUSTED_LIMIT = 0.015


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One scenario, measured once."""

    error: float | None
    adjusted_error: float | None
    half_width: float | None
    covered: int
    windows: int
    flags: tuple[str, ...]
    faults: tuple[str, ...]


def main(arguments: list[str] | None = None) -> int:
    """Measure, print a table; exit status 1 where a scenario is not right."""
    parser = argparse.ArgumentParser(prog="python -m bench.energy.accuracy", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="WORD", help="scenarios whose names hold one of these")
    parser.add_argument("--rounds", type=int, default=1, help="times each is measured")
    parser.add_argument("-o", "--output", type=Path, help="also write the table as Markdown")
    options = parser.parse_args(arguments)
    chosen = [case for case in CASES if not options.only or any(word in case.name for word in options.only)]
    judged: dict[str, list[Judged]] = {case.name: [] for case in chosen}
    for number in range(options.rounds):
        for case in chosen:
            judged[case.name].append(measured(case))
            sys.stderr.write(f"{number + 1}: {case.name}: {judged[case.name][-1]}\n")
    rows = [_row(name, found) for name, found in judged.items()]
    sys.stdout.write(text_table(_HEAD, rows) + "\n" + _total(judged) + "\n")
    if options.output:
        options.output.write_text(markdown_table(_HEAD, rows) + "\n\n" + _total(judged) + "\n", encoding="utf-8")
    return 0 if all(not one.faults for found in judged.values() for one in found) else 1


def measured(case: Case) -> Judged:
    """Measure one scenario in a fresh store, and judge the record."""
    with tempfile.TemporaryDirectory(prefix="assay-energy-") as folder:
        scenario = Scenario(Path(folder) / "scenario")
        case.prepare(scenario)
        words = [sys.executable, "-m", "assay", "--store", f"{folder}/store", "measure", "--json"]
        words += ["--cycles", "1", "--repetitions", "2", "--warmup", "0", "--settle", "1.2", "--energy", "nvml"]
        words += ["--", sys.executable, "-I", "-S", str(_LOAD), str(scenario.file), *case.load]
        variables = {**os.environ, **scenario.variables(build(*case.without)), **case.variables}
        subprocess.run(words, env=variables, capture_output=True, check=True)
        record = json.loads(next(Path(folder, "store", "runs").glob("*/run.json")).read_bytes())
        scenario.reread()
        return judge(case, record, scenario)


def judge(case: Case, record: dict[str, Any], scenario: Scenario) -> Judged:
    """The record against the truth."""
    windows = record["energy"]
    errors, adjusted, halves, covered = [], [], [], 0
    for window in windows:
        number = int(window["device"].partition(":")[2])
        truth_j = scenario.energy_j(number, window["start_ns"], window["end_ns"])
        raw = window["raw_j"]
        if raw["value"] is None:
            continue
        errors.append(abs(raw["value"] - truth_j) / truth_j)
        halves.append((raw["high"] - raw["low"]) / 2 / truth_j)
        covered += raw["low"] <= truth_j <= raw["high"]
        above_j = truth_j - scenario.idle_w(number) * (window["end_ns"] - window["start_ns"]) / 1e9
        if window["adjusted_j"]["value"] is not None and above_j > 1.0:
            adjusted.append(abs(window["adjusted_j"]["value"] - above_j) / above_j)
    flags = tuple(sorted({flag["id"] for flag in record["quality"] if flag["severity"] != "info"}))
    found = Judged(
        error=max(errors, default=None),
        adjusted_error=max(adjusted, default=None),
        half_width=max(halves, default=None),
        covered=covered,
        windows=len(errors),
        flags=flags,
        faults=(),
    )
    return Judged(**{**vars(found), "faults": tuple(_faults(case, found, record))})


def _faults(case: Case, found: Judged, record: dict[str, Any]) -> list[str]:
    faults = []
    measured_devices = {int(window["device"].partition(":")[2]) for window in record["energy"]}
    values = [window["raw_j"]["value"] for window in record["energy"]]
    zero = [window for window in record["energy"] if window["raw_j"]["value"] == 0.0]
    if case.known and (measured_devices != set(case.devices) or None in values or not values):
        faults.append(f"devices {sorted(measured_devices)}, energies {values}")
    if zero or (not case.known and values and values[-1] is not None):
        faults.append("unknown energy has a number")
    if found.error is not None and found.error > case.limit:
        faults.append(f"energy {found.error:.2%} off")
    if case.adjusted and (found.adjusted_error or 0.0) > max(_ADJUSTED_LIMIT, case.limit):
        faults.append(f"adjusted {found.adjusted_error:.2%} off")
    adjusted = [window["adjusted_j"]["value"] for window in record["energy"]]
    if case.adjusted == (None in adjusted or not adjusted):
        reasons = {window["adjusted_j"].get("reason") for window in record["energy"]}
        faults.append(f"adjusted is {'unknown' if case.adjusted else 'known'} {reasons}")
    missing = set(case.flags) - set(found.flags)
    surplus = (
        set(found.flags)
        - set(case.flags)
        - set(case.allowed)
        - ({"energy_counter_unused"} if not case.known else set())
    )
    return (
        faults
        + [f"flag {name} missing" for name in sorted(missing)]
        + [f"false flag {name}" for name in sorted(surplus)]
    )


def _row(name: str, found: list[Judged]) -> tuple[str, ...]:
    right = sum(not one.faults for one in found)
    return (
        name,
        _worst([one.error for one in found]),
        _worst([one.adjusted_error for one in found]),
        _worst([one.half_width for one in found]),
        f"{sum(one.covered for one in found)} of {sum(one.windows for one in found)}",
        ", ".join(sorted({flag for one in found for flag in one.flags})) or "none",
        f"{right} of {len(found)}",
    )


def _worst(values: list[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{max(known):.2%}" if known else "unknown"


def _total(judged: dict[str, list[Judged]]) -> str:
    every = [one for found in judged.values() for one in found]
    covered, windows = sum(one.covered for one in every), sum(one.windows for one in every)
    right = sum(not one.faults for one in every)
    return f"{right} of {len(every)} right; the interval holds the truth in {covered} of {windows} windows"


if __name__ == "__main__":
    sys.exit(main())
