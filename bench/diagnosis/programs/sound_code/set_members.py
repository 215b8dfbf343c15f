"""Distinct names, with a set."""
import random


def distinct(names):
    known = set()
    for name in names:
        if name not in known:
            known.add(name)
    return len(known)


random.seed(3)
total = 0
for turn in range(40):
    total += distinct([f"user-{random.randrange(9000)}" for _ in range(60_000)])
print(total)
