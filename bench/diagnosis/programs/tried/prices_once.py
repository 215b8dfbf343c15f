"""Multiply and add numbers that NumPy holds as Python objects."""
import numpy as np


def taxed(prices):
    for _ in range(60):
        prices = prices * 3 % 1009
    return prices


print(taxed(np.array(list(range(400_000)), dtype=object)).sum())
