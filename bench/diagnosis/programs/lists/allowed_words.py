"""Keep the words of a text that a dictionary allows."""
import random


class Filter:
    def __init__(self, allowed):
        self.allowed = tuple(allowed)

    def keep(self, words):
        return [word for word in words if word in self.allowed]  # cause


def main():
    random.seed(1)
    vocabulary = [f"w{number:05}" for number in range(6000)]
    text = [f"w{random.randrange(9000):05}" for _ in range(30_000)]
    print(len(Filter(vocabulary).keep(text)))


main()
