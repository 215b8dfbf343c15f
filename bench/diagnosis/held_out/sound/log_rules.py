"""Sorts lines of a log by rules, each a compiled expression."""

import random
import re
from collections import Counter

RULES = {
    name: re.compile(text)
    for name, text in {
        "login": r"user (?P<user>\w+) logged in from (\d+\.){3}\d+",
        "slow": r"took (?P<seconds>\d+\.\d+) s",
        "error": r"\bERROR\b.*code=(?P<code>\d+)",
        "disk": r"disk (?P<disk>sd[a-z]) at (?P<share>\d+) %",
    }.items()
}


def lines(count: int):
    rng = random.Random(2)
    for number in range(count):
        match rng.randrange(5):
            case 0:
                yield f"{number} user ann{rng.randrange(90)} logged in from 10.0.{rng.randrange(255)}.7"
            case 1:
                yield f"{number} query took {rng.random():.3f} s"
            case 2:
                yield f"{number} ERROR in module code={rng.randrange(40)}"
            case 3:
                yield f"{number} disk sd{rng.choice('abcd')} at {rng.randrange(100)} %"
            case _:
                yield f"{number} nothing of note happened here"


def classify(line: str) -> str:
    for name, rule in RULES.items():
        if rule.search(line):
            return name
    return "other"


def main() -> None:
    found = Counter(classify(line) for line in lines(1_800_000))
    for name, count in found.most_common():
        print(name, count)


if __name__ == "__main__":
    main()
