"""Keeps the ten most visited shelves while visits stream in."""

import random
import sys
from operator import itemgetter

TOP = 10


def visits(count: int, shelves: int, rng: random.Random):
    """Pairs of shelf and seconds spent there."""
    for _ in range(count):
        shelf = min(int(rng.expovariate(1 / 900)), shelves - 1)
        yield shelf, rng.uniform(2, 30)


class Board:
    def __init__(self, shelves: int) -> None:
        self.seconds = {shelf: 0.0 for shelf in range(shelves)}
        self.leaders: list[tuple[int, float]] = []
        self.changes = 0

    def visit(self, shelf: int, seconds: float) -> None:
        self.seconds[shelf] += seconds
        self.refresh()

    def refresh(self) -> None:
        ranked = sorted(self.seconds.items(), key=itemgetter(1), reverse=True)  # cause
        leaders = ranked[:TOP]
        if [shelf for shelf, _ in leaders] != [shelf for shelf, _ in self.leaders]:
            self.changes += 1
        self.leaders = leaders


def main(arguments: list[str]) -> int:
    count = int(arguments[0]) if arguments else 11000
    rng = random.Random(99)
    board = Board(shelves=4000)
    for shelf, seconds in visits(count, 4000, rng):
        board.visit(shelf, seconds)
    print(board.changes, "changes of the leaders")
    for shelf, seconds in board.leaders:
        print(f"shelf {shelf:4d} {seconds:9.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
