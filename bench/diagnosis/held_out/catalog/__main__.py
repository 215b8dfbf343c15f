"""Reads ratings into the catalogue: ``python -m catalog``."""

from __future__ import annotations

import argparse
import random

from catalog.models import Book
from catalog.shelf import Shelf


def filled(count: int, rng: random.Random) -> Shelf:
    shelf = Shelf()
    for number in range(count):
        shelf.put(Book(f"978-{rng.randrange(10**9):09d}", f"Volume {number}"))
    return shelf


def rate(shelf: Shelf, ratings: int, rng: random.Random) -> None:
    isbns = [book.isbn for book in shelf.books]
    for _ in range(ratings):
        book = shelf.find(rng.choice(isbns))
        book.ratings.append(min(5, 1 + int(rng.expovariate(0.6))))


def main() -> int:
    parser = argparse.ArgumentParser(prog="catalog")
    parser.add_argument("--books", type=int, default=6000)
    parser.add_argument("--ratings", type=int, default=115_000)
    options = parser.parse_args()
    rng = random.Random(41)
    shelf = filled(options.books, rng)
    rate(shelf, options.ratings, rng)
    for book in shelf.best(5):
        print(f"{book.title:14} {book.mean:.2f} of {len(book.ratings)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
