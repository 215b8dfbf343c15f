"""Reconciles the deliveries of a day with the articles that the warehouse knows."""

import argparse
import random
from dataclasses import dataclass, field


@dataclass
class Delivery:
    sku: str
    quantity: int
    dock: str


@dataclass
class Ledger:
    known: list[str] = field(default_factory=list)
    stock: dict[str, int] = field(default_factory=dict)
    unknown: list[Delivery] = field(default_factory=list)

    def register(self, sku: str) -> None:
        self.known.append(sku)
        self.stock[sku] = 0

    def accept(self, delivery: Delivery) -> bool:
        if delivery.sku not in self.known:  # cause
            self.unknown.append(delivery)
            return False
        self.stock[delivery.sku] += delivery.quantity
        return True


def articles(count: int, rng: random.Random) -> list[str]:
    return [f"SKU-{rng.randrange(10**9):09d}" for _ in range(count)]


def deliveries(skus: list[str], count: int, rng: random.Random):
    for number in range(count):
        sku = rng.choice(skus) if number % 50 else f"NEW-{number:06d}"
        yield Delivery(sku, rng.randint(1, 40), "ABCDEF"[number % 6])


def per_dock(ledger: Ledger, accepted: list[Delivery]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for delivery in accepted:
        totals[delivery.dock] = totals.get(delivery.dock, 0) + delivery.quantity
    return dict(sorted(totals.items()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=6000)
    parser.add_argument("--deliveries", type=int, default=110000)
    parser.add_argument("--seed", type=int, default=4)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    skus = articles(options.articles, rng)
    ledger = Ledger()
    for sku in skus:
        ledger.register(sku)
    accepted = [one for one in deliveries(skus, options.deliveries, rng) if ledger.accept(one)]
    print(len(accepted), "accepted,", len(ledger.unknown), "unknown")
    for dock, quantity in per_dock(ledger, accepted).items():
        print(f"{dock}: {quantity}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
