"""Renders a ledger as one page of HTML."""

import argparse
import html
import random
import tempfile
from pathlib import Path


class Page:
    """A page that grows from top to bottom."""

    def __init__(self, title: str) -> None:
        self.body = f"<h1>{html.escape(title)}</h1>\n<table>\n"
        self.rows = 0

    def add(self, markup: str) -> None:
        self.body += markup  # cause
        self.rows += 1

    def finished(self) -> str:
        return f"<html><body>{self.body}</table></body></html>"


def bookings(count: int, seed: int):
    rng = random.Random(seed)
    accounts = ["cash", "stock & goods", "wages", "rent", "tools"]
    for number in range(count):
        yield number, rng.choice(accounts), rng.randint(-90000, 90000) / 100


def row(number: int, account: str, amount: float) -> str:
    style = "minus" if amount < 0 else "plus"
    return f'<tr class="{style}"><td>{number}</td><td>{html.escape(account)}</td><td>{amount:,.2f}</td></tr>\n'


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bookings", type=int, default=16000)
    options = parser.parse_args()
    page = Page("Ledger of the year")
    balance = 0.0
    for number, account, amount in bookings(options.bookings, 5):
        balance += amount
        page.add(row(number, account, amount))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "ledger.html"
        target.write_text(page.finished())
        print(page.rows, "rows,", target.stat().st_size, "bytes, balance", round(balance, 2))


if __name__ == "__main__":
    main()
