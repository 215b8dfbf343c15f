"""Divide ranges over worker processes."""
from multiprocessing import Pool


def work(size):
    total = 0
    for number in range(size):
        total += number % 5
    return total


def main():
    sizes = [45_000_000, 9_000_000]
    with Pool(2) as pool:
        print(sum(pool.map(work, sizes)))  # cause


if __name__ == "__main__":
    main()
