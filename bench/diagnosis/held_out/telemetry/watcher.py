"""Watches a fleet of machines and keeps a detailed log, were it wanted."""

import argparse
import logging
import pprint
import random

log = logging.getLogger("watcher")


class Machine:
    def __init__(self, name: str, rng: random.Random) -> None:
        self.name = name
        self.rng = rng
        self.state = {f"sensor{number}": {"value": rng.random(), "unit": "K", "ok": True} for number in range(24)}

    def step(self) -> None:
        for sensor in self.state.values():
            sensor["value"] += self.rng.gauss(0, 0.01)
            sensor["ok"] = sensor["value"] < 1.3


def inspect(machine: Machine) -> int:
    bad = sum(not sensor["ok"] for sensor in machine.state.values())
    log.debug(f"{machine.name} is now {pprint.pformat(machine.state)}")  # cause
    if bad > 20:
        log.warning("%s has %d bad sensors", machine.name, bad)
    return bad


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("--rounds", type=int, default=260)
    options = parser.parse_args()
    logging.basicConfig(level=logging.DEBUG if options.verbose else logging.WARNING)
    rng = random.Random(10)
    fleet = [Machine(f"press-{number}", rng) for number in range(40)]
    worst = 0
    for _ in range(options.rounds):
        for machine in fleet:
            machine.step()
            worst = max(worst, inspect(machine))
    print("worst", worst)


if __name__ == "__main__":
    main()
