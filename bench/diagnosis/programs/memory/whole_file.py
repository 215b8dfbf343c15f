"""Average of the numbers in a file."""
import os
import tempfile


def average(path):
    with open(path) as file:
        rows = [[float(cell) for cell in line.split(",")] for line in file.read().splitlines()]  # cause
    return sum(row[1] for row in rows) / len(rows)


def main():
    path = os.path.join(tempfile.mkdtemp(), "numbers.csv")
    with open(path, "w") as file:
        for number in range(700_000):
            file.write(f"{number},{number * 0.5},{number * 2},{number * 3},{number % 7}\n")
    value = average(path)
    total = 0
    for number in range(30_000_000 // 2):
        total += number & 3
    print(value, total)


main()
