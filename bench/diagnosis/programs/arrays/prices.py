"""Add tax to prices as they came from a file."""
import numpy as np


def load():
    column = [round(number * 0.37, 2) for number in range(1_500_000)]
    column[7] = None
    return np.array(column, dtype=object)


def taxed(prices):
    known = prices[8:]
    total = 0.0
    for _ in range(14):
        total += (known * 1.19 + 0.5).sum()  # cause
    return total


print(taxed(load()))
