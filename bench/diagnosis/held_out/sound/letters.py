"""Writes form letters and puts them together in one file."""

import io
import random
import string

TEMPLATE = string.Template("Dear $name,\n\nyour balance is $balance as of day $day.\n\nYours,\nThe bank\n\f")


def customers(count: int):
    rng = random.Random(11)
    for number in range(count):
        yield {"name": f"Customer {number}", "balance": f"{rng.randint(-500, 9000):,d}", "day": rng.randint(1, 28)}


def letter(customer: dict) -> str:
    return TEMPLATE.substitute(customer)


def overview(rows: list[dict]) -> str:
    target = io.StringIO()
    for row in rows:
        target.write(f"{row['name']:20}{row['balance']:>10}\n")
    return target.getvalue()


def main() -> None:
    rows = list(customers(800_000))
    letters = "".join(letter(row) for row in rows)
    table = overview(rows)
    print(len(letters), letters.count("\f"), len(table))


if __name__ == "__main__":
    main()
