"""Several tellers book transfers in one shared ledger."""

import random
import threading
import time
from collections import defaultdict


class Ledger:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.accounts: dict[int, int] = defaultdict(lambda: 1000)
        self.receipts: list[str] = []

    def transfer(self, source: int, target: int, amount: int) -> None:
        with self.lock:  # cause
            self.accounts[source] -= amount
            self.accounts[target] += amount
            self.print_receipt(f"{source} to {target}: {amount}")

    def print_receipt(self, text: str) -> None:
        time.sleep(0.005)
        self.receipts.append(text)


class Teller(threading.Thread):
    def __init__(self, ledger: Ledger, seed: int, count: int) -> None:
        super().__init__(name=f"teller-{seed}")
        self.ledger = ledger
        self.rng = random.Random(seed)
        self.count = count

    def run(self) -> None:
        for _ in range(self.count):
            source, target = self.rng.sample(range(100), 2)
            self.ledger.transfer(source, target, self.rng.randint(1, 50))


def main() -> None:
    ledger = Ledger()
    tellers = [Teller(ledger, seed, 75) for seed in range(8)]
    for teller in tellers:
        teller.start()
    for teller in tellers:
        teller.join()
    print(len(ledger.receipts), "receipts; sum of changes", sum(value - 1000 for value in ledger.accounts.values()))


if __name__ == "__main__":
    main()
