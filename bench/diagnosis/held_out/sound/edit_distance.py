"""The nearest words of a dictionary for misspelt ones, by a remembered recursion."""

import random
import string
from functools import lru_cache


def distance(first: str, second: str) -> int:
    @lru_cache(maxsize=None)
    def rest(i: int, j: int) -> int:
        if i == len(first):
            return len(second) - j
        if j == len(second):
            return len(first) - i
        if first[i] == second[j]:
            return rest(i + 1, j + 1)
        return 1 + min(rest(i + 1, j), rest(i, j + 1), rest(i + 1, j + 1))

    return rest(0, 0)


def words(count: int, rng: random.Random) -> list[str]:
    return ["".join(rng.choices(string.ascii_lowercase[:12], k=rng.randint(5, 9))) for _ in range(count)]


def misspelt(word: str, rng: random.Random) -> str:
    place = rng.randrange(len(word))
    return word[:place] + rng.choice("xyz") + word[place + 1 :]


def main() -> None:
    rng = random.Random(6)
    dictionary = words(330, rng)
    right = 0
    for word in rng.sample(dictionary, 300):
        wrong = misspelt(word, rng)
        nearest = min(dictionary, key=lambda one: distance(wrong, one))
        right += nearest == word
    print(right, "of 300 found")


if __name__ == "__main__":
    main()
