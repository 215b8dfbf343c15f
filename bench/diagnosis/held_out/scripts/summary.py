"""Prints the mean of a few numbers, with a great deal of help."""

import argparse
import random
import sys


def numbers(count: int) -> list[float]:
    rng = random.Random(1)
    return [rng.gauss(10, 2) for _ in range(count)]


def load_tools() -> dict[str, object]:
    import pandas  # cause
    import scipy.optimize  # cause
    import scipy.signal  # cause
    import scipy.stats  # cause

    return {"table": pandas.DataFrame, "trim": scipy.stats.trim_mean}


def trimmed(values: list[float], tools: dict[str, object]) -> float:
    return float(tools["trim"](values, 0.1))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=40_000)
    options = parser.parse_args(arguments)
    values = numbers(options.count)
    tools = load_tools()
    frame = tools["table"]({"value": values})
    print(len(frame), round(trimmed(values, tools), 3), round(float(frame["value"].std()), 3))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
