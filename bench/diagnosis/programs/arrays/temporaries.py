"""Evaluate a formula on large arrays, step after step."""
import numpy as np


def formula(x):
    return x * 2.0 + x * x - x / 3.0  # cause


def main():
    x = np.ones(6_000_000)
    total = 0.0
    for _ in range(45):
        total += formula(x)[0]
    print(total)


main()
