"""Counts primes in parts of a range, each part by a process of its own."""

import argparse
import multiprocessing
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    low: int
    high: int


def is_prime(number: int) -> bool:
    if number < 4:
        return number > 1
    if number % 2 == 0:
        return False
    divisor = 3
    while divisor * divisor <= number:
        if number % divisor == 0:
            return False
        divisor += 2
    return True


def count(part: Part, results) -> None:
    results.put((part.low, sum(map(is_prime, range(part.low, part.high)))))


def parts(start: int, sizes: list[int]) -> list[Part]:
    made = []
    for size in sizes:
        made.append(Part(start, start + size))
        start += size
    return made


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--start", type=int, default=30_000_000)
    parser.add_argument("--unit", type=int, default=4000)
    options = parser.parse_args()
    sizes = [options.unit * factor for factor in (1, 2, 3, 60)]
    results = multiprocessing.Queue()
    workers = [multiprocessing.Process(target=count, args=(p, results)) for p in parts(options.start, sizes)]  # cause
    for worker in workers:
        worker.start()
    found = sorted(results.get() for _ in workers)
    for worker in workers:
        worker.join()
    print(found, sum(number for _, number in found))


if __name__ == "__main__":
    main()
