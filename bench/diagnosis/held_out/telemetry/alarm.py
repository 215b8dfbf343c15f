"""Raises an alarm when a reading leaves the band around the mean of everything so far."""

import functools
import random
import statistics


def counted(function):
    """Counts how often a function was called."""

    @functools.wraps(function)
    def wrapper(*arguments):
        wrapper.calls += 1
        return function(*arguments)

    wrapper.calls = 0
    return wrapper


def signal(count: int, seed: int):
    rng = random.Random(seed)
    level = 50.0
    for _ in range(count):
        level += rng.gauss(0, 0.2)
        yield level + (rng.random() < 0.002) * rng.choice([-15, 15])


class Band:
    def __init__(self, width: float) -> None:
        self.width = width
        self.history: list[float] = []

    @counted
    def outside(self, value: float) -> bool:
        self.history.append(value)
        mean = sum(self.history) / len(self.history)  # cause
        return abs(value - mean) > self.width


def main() -> None:
    band = Band(12.0)
    alarms = [number for number, value in enumerate(signal(44_000, 9)) if band.outside(value)]
    print(Band.outside.calls, "readings,", len(alarms), "alarms")
    print("spread", round(statistics.pstdev(band.history[::50]), 2))


if __name__ == "__main__":
    main()
