"""Sum many tables in worker processes."""
from multiprocessing import Pool


def total(table):
    return table[0][1] + len(table)


def main():
    table = [(number, number * 0.5, f"row {number}") for number in range(60_000)]
    with Pool(2) as pool:
        print(sum(pool.imap(total, (table for _ in range(40)))))  # cause


if __name__ == "__main__":
    main()
