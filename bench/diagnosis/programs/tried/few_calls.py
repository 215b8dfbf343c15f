"""Add up numbers in one function that is called once a row."""


def row(width):
    total = 0
    for number in range(width):
        total += number * 3
    return total


def total(count):
    return sum(row(60_000) for _ in range(count))


print(total(500))
