"""Smooth a signal."""
import numpy as np


def smooth(signal):
    result = np.zeros(len(signal))
    for i in range(1, len(signal) - 1):
        result[i] = (signal[i - 1] + signal[i] + signal[i + 1]) / 3  # cause
    return result


print(smooth(np.arange(6_000_000.0)).sum())
