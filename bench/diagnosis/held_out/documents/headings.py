"""Checks the headings of a manual against the house style."""

import argparse
import random
import re

STYLE = re.compile(r"^(?:[A-Za-z]+[ -]?)+\.$")
NUMBERED = re.compile(r"^\d+(?:\.\d+)*\s+")
WORDS = ["install", "the", "pump", "valve", "check", "first", "second", "drain", "wiring", "safety", "of", "and"]


def make_headings(count: int, rng: random.Random) -> list[str]:
    made = []
    for number in range(count):
        text = " ".join(rng.choices(WORDS, k=rng.randint(2, 4))).capitalize()
        if number % 150 == 17:
            text = "".join(rng.choices(WORDS, k=12))[:22] + "!"
        made.append(f"{number // 40 + 1}.{number % 40} {text}" + ("" if text.endswith("!") else "."))
    return made


class Checker:
    def __init__(self) -> None:
        self.bad: list[str] = []
        self.good = 0

    def check(self, heading: str) -> None:
        text = NUMBERED.sub("", heading)
        if STYLE.match(text):  # cause
            self.good += 1
        else:
            self.bad.append(heading)


def index(headings: list[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for number, heading in enumerate(headings):
        for word in heading.lower().split()[1:]:
            places.setdefault(word.strip(".!"), []).append(number)
    return places


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--headings", type=int, default=3200)
    options = parser.parse_args()
    headings = make_headings(options.headings, random.Random(12))
    checker = Checker()
    for heading in headings:
        checker.check(heading)
    print(checker.good, "good,", len(checker.bad), "bad,", len(index(headings)), "words")


if __name__ == "__main__":
    main()
