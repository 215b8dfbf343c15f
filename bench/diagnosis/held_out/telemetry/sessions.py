"""A service that answers questions about sessions and remembers every answer."""

import argparse
import functools
import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    session: int
    second: int


class Service:
    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.asked = 0

    @functools.lru_cache(maxsize=None)
    def answer(self, question: Question) -> list[float]:
        rng = random.Random(question.session * 1000 + question.second)
        self.asked += 1
        return [rng.random() for _ in range(700)]  # cause

    def score(self, question: Question) -> float:
        values = self.answer(question)
        return sum(values[:50]) / 50 + max(values)


def questions(count: int, seed: int):
    rng = random.Random(seed)
    for second in range(count):
        yield Question(rng.randrange(10**6), second)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--questions", type=int, default=32_000)
    options = parser.parse_args()
    service = Service(3)
    best = 0.0
    for question in questions(options.questions, 2):
        best = max(best, service.score(question))
    print(service.asked, "answers worked out, best", round(best, 4))


if __name__ == "__main__":
    main()
