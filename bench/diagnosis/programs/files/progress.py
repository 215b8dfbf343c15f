"""Print results as they come."""
import sys


def report(count):
    for number in range(count):
        print("result", number, number * number, flush=True)  # cause


report(900_000)
