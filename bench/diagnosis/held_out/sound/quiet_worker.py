"""Works off a list of jobs and logs only what matters."""

import argparse
import logging
import random

log = logging.getLogger(__name__)


def difficulty(rng: random.Random) -> int:
    return int(rng.paretovariate(1.5) * 40)


def collatz(start: int) -> int:
    steps = 0
    while start != 1:
        start = start * 3 + 1 if start % 2 else start // 2
        steps += 1
    return steps


def work(number: int, rng: random.Random) -> int:
    size = difficulty(rng)
    longest = 0
    for start in range(number + 1, number + size + 1):
        longest = max(longest, collatz(start))
    log.debug("job %d of size %d: %d", number, size, longest)
    return longest


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=6500)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    logging.basicConfig(level=logging.DEBUG if options.verbose else logging.INFO)
    rng = random.Random(5)
    longest = 0
    for number in range(options.jobs):
        longest = max(longest, work(number, rng))
        if number % 1000 == 0:
            log.info("%d jobs done", number)
    log.info("longest %d", longest)


if __name__ == "__main__":
    main()
