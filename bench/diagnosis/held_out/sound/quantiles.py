"""Answers many questions for quantiles from measurements that are sorted once."""

import bisect
import random


class Distribution:
    def __init__(self, values: list[float]) -> None:
        self.values = sorted(values)

    def rank(self, value: float) -> float:
        return bisect.bisect_left(self.values, value) / len(self.values)

    def quantile(self, share: float) -> float:
        return self.values[min(int(share * len(self.values)), len(self.values) - 1)]


def measurements(count: int, seed: int) -> list[float]:
    rng = random.Random(seed)
    return [rng.lognormvariate(0, 1) for _ in range(count)]


def main() -> None:
    distribution = Distribution(measurements(1_200_000, 1))
    rng = random.Random(2)
    ranks = [distribution.rank(rng.lognormvariate(0, 1)) for _ in range(700_000)]
    print(round(distribution.quantile(0.5), 3), round(distribution.quantile(0.99), 3), round(sum(ranks) / len(ranks), 3))


if __name__ == "__main__":
    main()
