"""Simulates pickers that work off orders in the sequence of their arrival."""

import argparse
import random
from collections import Counter
from typing import NamedTuple


class Order(NamedTuple):
    number: int
    lines: int
    express: bool


class Backlog:
    """Orders that wait."""

    def __init__(self) -> None:
        self._waiting: list[Order] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def arrive(self, orders: list[Order]) -> None:
        self._waiting.extend(orders)

    def next_order(self) -> Order:
        return self._waiting.pop(0)  # cause


class Picker:
    def __init__(self, name: str, pace: int) -> None:
        self.name = name
        self.pace = pace
        self.minutes = 0
        self.sizes: Counter[int] = Counter()

    def pick(self, order: Order) -> None:
        self.minutes += 2 + order.lines // self.pace - (1 if order.express else 0)
        self.sizes[order.lines] += 1


def overnight(count: int, rng: random.Random) -> list[Order]:
    return [Order(number, rng.randint(1, 12), rng.random() < 0.1) for number in range(count)]


def shift(backlog: Backlog, pickers: list[Picker], rng: random.Random) -> int:
    handled = 0
    while len(backlog):
        picker = pickers[handled % len(pickers)]
        picker.pick(backlog.next_order())
        handled += 1
        if handled % 5000 == 0:
            backlog.arrive([Order(10**7 + handled + extra, rng.randint(1, 5), True) for extra in range(50)])
    return handled


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=260_000)
    options = parser.parse_args()
    rng = random.Random(17)
    backlog = Backlog()
    backlog.arrive(overnight(options.orders, rng))
    pickers = [Picker(name, pace) for name, pace in (("Ada", 3), ("Bo", 2), ("Cem", 4))]
    print("handled", shift(backlog, pickers, rng))
    for picker in pickers:
        print(picker.name, picker.minutes, picker.sizes.most_common(2))


if __name__ == "__main__":
    main()
