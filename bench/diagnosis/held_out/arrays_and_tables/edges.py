"""Finds the edges in pictures."""

import argparse

import numpy as np

KERNEL = np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], dtype=np.float64)


def picture(size: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:size, 0:size]
    disc = ((x - size / 2) ** 2 + (y - size / 2) ** 2 < (size / 3) ** 2).astype(np.float64)
    return disc + rng.normal(0, 0.05, (size, size))


def at(image: np.ndarray, row: int, column: int) -> float:
    total = 0.0
    for dy in range(3):
        for dx in range(3):
            total += image[row + dy - 1, column + dx - 1] * KERNEL[dy, dx]  # cause
    return total


def filtered(image: np.ndarray) -> np.ndarray:
    height, width = image.shape
    result = np.zeros_like(image)
    for row in range(1, height - 1):
        for column in range(1, width - 1):
            result[row, column] = at(image, row, column)
    return result


def strongest(image: np.ndarray, count: int) -> list[tuple[int, int]]:
    flat = np.argsort(np.abs(image), axis=None)[-count:]
    return [tuple(int(axis) for axis in np.unravel_index(place, image.shape)) for place in flat]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=260)
    parser.add_argument("--pictures", type=int, default=16)
    options = parser.parse_args()
    for seed in range(options.pictures):
        edges = filtered(picture(options.size, seed))
        print(seed, float(np.abs(edges).mean()), strongest(edges, 2))


if __name__ == "__main__":
    main()
