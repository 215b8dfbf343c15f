"""``python -m bench.energy.cost [--seconds S] [--devices N]``: what reading the meters of many GPUs costs.

The simulated driver answers from a table; its own time is measured apart, by the same calls without Assay's thread, so
that the figure is what Assay adds and what the library's Python package takes.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.driver.scenario import MS, Scenario, build

_READ = """
import os, sys, time
from assay.observe.energy.meter import Wanted
from assay.observe.energy.session import Meters
with Meters(["nvml"], Wanted(variables=os.environ)) as meters:
    spent_s, passed_s = meters.sampler.cost()
    before_s = time.process_time()
    time.sleep(float(sys.argv[1]))
    later_s, until_s = meters.sampler.cost()
    every_s = time.process_time() - before_s
    print(later_s - spent_s, until_s - passed_s, every_s, len(meters.sampler.gaps))
"""


def main(arguments: list[str] | None = None) -> int:
    """Measure, print one line; exit status 1 where it costs more than 0.5 % of a processor."""
    parser = argparse.ArgumentParser(prog="python -m bench.energy.cost", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="time to read for")
    parser.add_argument("--devices", type=int, default=8, help="simulated GPUs")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="assay-cost-") as folder:
        scenario = Scenario(Path(folder) / "scenario")
        for number in range(options.devices):
            scenario.device(number, counter_period_ns=100 * MS)
        words = [sys.executable, "-c", _READ, str(options.seconds)]
        variables = {**os.environ, **scenario.variables(build())}
        said = subprocess.run(words, env=variables, check=True, capture_output=True, text=True).stdout.split()
    spent_s, passed_s, every_s, gaps = (float(word) for word in said)
    share, whole = spent_s / passed_s, every_s / passed_s
    sys.stdout.write(
        f"{options.devices} devices, ten times a second: {share:.2%} of a processor in the reading thread, "
        f"{whole:.2%} in the whole process, {gaps:.0f} gaps\n"
    )
    return 0 if share <= 0.005 else 1


if __name__ == "__main__":
    sys.exit(main())
