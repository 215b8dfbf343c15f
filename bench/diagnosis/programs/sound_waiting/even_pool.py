"""Even work for two processes."""
from multiprocessing import Pool


def work(seed):
    total = seed
    for number in range(1_500_000):
        total = (total * 31 + number) % 1_000_003
    return total


if __name__ == "__main__":
    with Pool(2) as pool:
        print(sum(pool.map(work, range(40), chunksize=1)))
