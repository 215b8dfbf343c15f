"""Makes thumbnails of many pictures with a pool of threads."""

import argparse
import random
from concurrent.futures import ThreadPoolExecutor


def picture(seed: int, size: int) -> list[list[int]]:
    rng = random.Random(seed)
    base = [rng.randrange(256) for _ in range(size)]
    return [base[row:] + base[:row] for row in range(size)]


def block(pixels: list[list[int]], row: int, column: int, factor: int) -> int:
    total = 0
    for dy in range(factor):
        for dx in range(factor):
            total += pixels[row * factor + dy][column * factor + dx]  # cause
    return total // factor**2


def shrink(pixels: list[list[int]], factor: int) -> list[list[int]]:
    size = len(pixels) // factor
    return [[block(pixels, row, column, factor) for column in range(size)] for row in range(size)]


def thumbnail(seed: int) -> int:
    pixels = shrink(picture(seed, 240), 4)
    return sum(map(sum, pixels)) // len(pixels) ** 2


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures", type=int, default=700)
    parser.add_argument("--workers", type=int, default=4)
    options = parser.parse_args()
    with ThreadPoolExecutor(options.workers) as pool:
        means = list(pool.map(thumbnail, range(options.pictures)))
    print(len(means), "thumbnails, darkest", min(means), "brightest", max(means))


if __name__ == "__main__":
    main()
