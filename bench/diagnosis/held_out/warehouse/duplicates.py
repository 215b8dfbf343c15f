"""Finds addresses of customers that were entered twice."""

import argparse
import random
import string


def normalised(text: str) -> str:
    kept = "".join(char for char in text.lower() if char.isalnum() or char == " ")
    return " ".join(kept.split())


def make_addresses(count: int, rng: random.Random) -> list[tuple[int, str]]:
    streets = ["".join(rng.choices(string.ascii_lowercase, k=9)).title() + " Street" for _ in range(400)]
    found = [(number, f"{rng.choice(streets)} {rng.randint(1, 400)}") for number in range(count)]
    found += [(count + number, text.upper().replace("STREET", "street.")) for number, text in found[:: count // 60]]
    rng.shuffle(found)
    return found


def pairs_of(addresses: list[tuple[int, str]]) -> list[tuple[int, int]]:
    pairs = []
    for position, (first, text) in enumerate(addresses):
        for second, other in addresses[position + 1 :]:
            if text == other:  # cause
                pairs.append((first, second))
    return pairs


def report(pairs: list[tuple[int, int]], limit: int) -> None:
    print(len(pairs), "pairs")
    for first, second in sorted(pairs)[:limit]:
        print(f"  {first:6d} = {second:6d}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", "--count", type=int, default=19000)
    parser.add_argument("--limit", type=int, default=5)
    options = parser.parse_args()
    rng = random.Random(23)
    addresses = [(number, normalised(text)) for number, text in make_addresses(options.count, rng)]
    report(pairs_of(addresses), options.limit)


if __name__ == "__main__":
    main()
