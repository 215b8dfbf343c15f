"""Turns a day's measurements into a summary by sensor."""

import argparse
import random
import tempfile
from pathlib import Path


def write_day(target: Path, lines: int) -> None:
    rng = random.Random(21)
    with target.open("w") as file:
        for number in range(0, lines, 1000):
            level = rng.random() * 40
            block = [f"{number + one};sensor-{one % 97:03d};{level + one * 0.01:.4f};ok\n" for one in range(1000)]
            file.writelines(block)


def parsed(source: Path) -> list[list[str]]:
    return [line.split(";") for line in source.read_text().split("\n") if line]  # cause


def summary(rows: list[list[str]]) -> dict[str, tuple[int, float]]:
    found: dict[str, tuple[int, float]] = {}
    for _, sensor, value, _ in rows:
        count, total = found.get(sensor, (0, 0.0))
        found[sensor] = (count + 1, total + float(value))
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=1_900_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "day.csv"
        write_day(source, options.lines)
        found = summary(parsed(source))
    worst = sorted(found, key=lambda sensor: found[sensor][1] / found[sensor][0])[-20:]
    report = [f"{sensor}: {found[sensor][1] / found[sensor][0]:.3f} of {found[sensor][0]}" for sensor in worst]
    print("\n".join(report))
    spread = max(total for _, total in found.values()) - min(total for _, total in found.values())
    print("spread", round(spread, 2))


if __name__ == "__main__":
    main()
