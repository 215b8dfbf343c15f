"""In how many ways can a fare be paid with the coins of a country?"""

import sys

COINS = {"here": (1, 2, 5, 10, 20, 50), "there": (1, 5, 10, 25), "island": (1, 3, 7, 15, 31)}


def ways(amount: int, coins: tuple[int, ...]) -> int:
    """Ways to pay the amount with these coins."""
    if amount == 0:
        return 1
    if amount < 0 or not coins:
        return 0
    return ways(amount - coins[-1], coins) + ways(amount, coins[:-1])  # cause


def fares(highest: int) -> list[int]:
    return list(range(highest // 2, highest + 1, max(1, highest // 20)))


def table(highest: int) -> dict[str, list[int]]:
    return {country: [ways(fare, coins) for fare in fares(highest)] for country, coins in COINS.items()}


def shown(found: dict[str, list[int]], highest: int) -> str:
    lines = ["fare    " + " ".join(f"{fare:8d}" for fare in fares(highest))]
    lines += [f"{country:8}" + " ".join(f"{count:8d}" for count in counts) for country, counts in found.items()]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    highest = int(arguments[0]) if arguments else 225
    print(shown(table(highest), highest))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
