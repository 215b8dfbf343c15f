"""Counts visitors of a site who came back within a week."""

import argparse
import random


class Visitors:
    def __init__(self) -> None:
        self.known: set[str] = set()
        self.returned = 0

    def visit(self, address: str) -> None:
        if address in self.known:
            self.returned += 1
        else:
            self.known.add(address)


def visits(count: int, rng: random.Random):
    for _ in range(count):
        number = int(rng.expovariate(1 / 90_000))
        yield f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--visits", type=int, default=2_800_000)
    options = parser.parse_args()
    visitors = Visitors()
    for address in visits(options.visits, random.Random(3)):
        visitors.visit(address)
    print(len(visitors.known), "visitors,", visitors.returned, "visits by known ones")


if __name__ == "__main__":
    main()
