"""Reads the scores that players typed in, some of which are no numbers."""

import random
from collections import defaultdict


def typed(count: int, rng: random.Random):
    """What players typed."""
    for number in range(count):
        kind = rng.random()
        if kind < 0.85:
            yield rng.choice(["n/a", "-", "", "none", "lost", "7 pts", "abc"]), number % 300
        else:
            yield str(rng.randint(0, 500)), number % 300


class Parser:
    def __init__(self) -> None:
        self.refused = 0

    def score(self, text: str) -> int | None:
        for reader in (int, float, self._fraction):
            try:
                return int(reader(text))  # cause
            except (ValueError, KeyError):  # cause
                continue
        self.refused += 1
        return None

    @staticmethod
    def _fraction(text: str) -> float:
        whole = {"half": 0.5, "quarter": 0.25}
        return whole[text]


def totals(rows, parser: Parser) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for text, player in rows:
        score = parser.score(text)
        if score is not None:
            found[player] += score
    return found


def main() -> None:
    rng = random.Random(19)
    parser = Parser()
    found = totals(typed(1_700_000, rng), parser)
    best = max(found, key=found.__getitem__)
    print(parser.refused, "refused; best player", best, "with", found[best])


if __name__ == "__main__":
    main()
