"""Transforms batches of words with processes, a fresh pool for each batch."""

import random
import string
from multiprocessing import get_context


def mirrored(word: str) -> str:
    return word[::-1].upper()


def make_batches(count: int, size: int) -> list[list[str]]:
    rng = random.Random(9)
    return [["".join(rng.choices(string.ascii_lowercase, k=7)) for _ in range(size)] for _ in range(count)]


class Transformer:
    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.context = get_context("spawn")

    def batch(self, words: list[str]) -> list[str]:
        with self.context.Pool(self.workers) as pool:  # cause
            return pool.map(mirrored, words)


def main() -> None:
    transformer = Transformer(2)
    longest = ""
    for batch in make_batches(32, 500):
        for word in transformer.batch(batch):
            longest = max(longest, word)
    print("last in the alphabet:", longest)


if __name__ == "__main__":
    main()
