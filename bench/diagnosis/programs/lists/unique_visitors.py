"""Count the distinct visitors of a log."""
import random


def visitors(rows):
    random.seed(3)
    return [f"user-{random.randrange(rows)}" for _ in range(rows)]


def distinct(names):
    known = []
    for name in names:
        if name not in known:  # cause
            known.append(name)
    return known


if __name__ == "__main__":
    print(len(distinct(visitors(22_000))))
