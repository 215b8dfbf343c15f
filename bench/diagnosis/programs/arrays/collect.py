"""Collect readings into an array."""
import numpy as np


def collect(count):
    readings = np.empty(0)
    for number in range(count):
        readings = np.append(readings, number * 0.5)  # cause
    return readings


print(collect(70_000).mean())
