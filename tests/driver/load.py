"""A target that burns power on simulated devices: ``load.py SCENARIO SECONDS WATTS [DEVICE [PERIOD_MS ON_MS]]``.

What it will have used is written down before it begins, so that the truth does not depend on when it is scheduled.
"""

from __future__ import annotations

import sys
import time


def main(scenario: str, seconds: str, watts: str, device: str = "0", *pulse: str) -> None:
    start_ns = time.monotonic_ns()
    end_ns = start_ns + int(float(seconds) * 1e9)
    pulses = " ".join(str(int(float(word) * 1e6)) for word in pulse)
    with open(scenario, "a", encoding="utf-8") as file:  # noqa: PTH123 - every import would delay the load
        file.write(f"load {device} {start_ns} {end_ns} {watts} {pulses}\n")
    while (left_ns := end_ns - time.monotonic_ns()) > 0:
        time.sleep(left_ns / 1e9)


if __name__ == "__main__":
    main(*sys.argv[1:])
