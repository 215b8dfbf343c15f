"""A till that books each receipt in a database."""

import argparse
import random
import sqlite3
import tempfile
from pathlib import Path

SCHEMA = "create table receipts (id integer primary key, till text, cents integer, items integer)"


class Till:
    def __init__(self, file: Path) -> None:
        self.connection = sqlite3.connect(file)
        self.connection.execute(SCHEMA)

    def book(self, till: str, cents: int, items: int) -> None:
        self.connection.execute("insert into receipts (till, cents, items) values (?, ?, ?)", (till, cents, items))
        self.connection.commit()  # cause

    def takings(self) -> list[tuple[str, int]]:
        return self.connection.execute("select till, sum(cents) from receipts group by till order by till").fetchall()


def receipts(count: int):
    rng = random.Random(1)
    for _ in range(count):
        basket = [rng.randint(20, 3000) for _ in range(rng.randint(1, 30))]
        yield rng.choice(["east", "west", "yard"]), sum(basket), len(basket)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--receipts", type=int, default=350)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=".") as folder:
        till = Till(Path(folder) / "till.db")
        for receipt in receipts(options.receipts):
            till.book(*receipt)
        for name, cents in till.takings():
            print(f"{name}: {cents / 100:.2f}")
        till.connection.close()


if __name__ == "__main__":
    main()
