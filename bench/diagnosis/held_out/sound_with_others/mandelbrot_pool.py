"""Draws the Mandelbrot set with two processes, row by row."""

import argparse
from functools import partial
from multiprocessing import Pool


def row(y: int, size: int, steps: int) -> int:
    inside = 0
    for x in range(size):
        c = complex(3 * x / size - 2.2, 2.4 * y / size - 1.2)
        z = 0j
        for _ in range(steps):
            z = z * z + c
            if abs(z) > 2:
                break
        else:
            inside += 1
    return inside


def area(counts: list[int], size: int) -> float:
    return sum(counts) * (3 / size) * (2.4 / size)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=1100)
    options = parser.parse_args()
    with Pool(2) as pool:
        counts = pool.map(partial(row, size=options.size, steps=120), range(options.size), chunksize=4)
    print(f"area {area(counts, options.size):.4f}")


if __name__ == "__main__":
    main()
