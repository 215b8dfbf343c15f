"""Histograms of long series, made by a pool of processes."""

import argparse
import random
from multiprocessing import Pool

Series = list[float]


def make_series(length: int, seed: int) -> Series:
    rng = random.Random(seed)
    few = [rng.gauss(0, 1) for _ in range(5000)]
    return few * (length // 5000)


def task(job: tuple[Series, float, float]) -> int:
    """How many of the first values lie within the bin."""
    series, low, high = job
    return sum(low <= value < high for value in series[:2000])


class Histogram:
    def __init__(self, bins: int) -> None:
        self.edges = [-3 + 6 * number / bins for number in range(bins + 1)]

    def jobs(self, series: Series):
        for low, high in zip(self.edges, self.edges[1:]):
            yield series, low, high

    def count(self, pool, series: Series) -> list[int]:
        return list(pool.imap(task, self.jobs(series)))  # cause


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--length", type=int, default=500_000)
    parser.add_argument("--bins", type=int, default=36)
    options = parser.parse_args()
    histogram = Histogram(options.bins)
    with Pool(2) as pool:
        for seed in range(3):
            counts = histogram.count(pool, make_series(options.length, seed))
            print(seed, max(counts), sum(counts))


if __name__ == "__main__":
    main()
