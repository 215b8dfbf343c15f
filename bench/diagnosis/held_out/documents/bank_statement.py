"""Reads a bank statement and adds it up by month."""

import csv
import io
import random
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(slots=True)
class Entry:
    booked: datetime
    valued: datetime
    amount: Decimal
    text: str

    @classmethod
    def from_row(cls, row: dict[str, str]) -> "Entry":
        booked, valued = (datetime.strptime(row[name], "%d.%m.%Y %H:%M") for name in ("booked", "valued"))  # cause
        return cls(booked, valued, Decimal(row["amount"]), row["text"])


def statement(rows: int) -> str:
    rng = random.Random(31)
    target = io.StringIO()
    writer = csv.DictWriter(target, ["booked", "valued", "amount", "text"])
    writer.writeheader()
    for number in range(rows):
        day, month = rng.randint(1, 28), 1 + number * 12 // rows
        writer.writerow(
            {
                "booked": f"{day:02d}.{month:02d}.2023 {rng.randrange(24):02d}:{rng.randrange(60):02d}",
                "valued": f"{day:02d}.{month:02d}.2023 00:00",
                "amount": f"{rng.randint(-99999, 99999) / 100:.2f}",
                "text": rng.choice(["rent", "food", "wages", "tickets"]),
            }
        )
    return target.getvalue()


def by_month(entries: list[Entry]) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for entry in entries:
        month = f"{entry.booked.year}-{entry.booked.month:02d}"
        totals[month] = totals.get(month, Decimal(0)) + entry.amount
    return totals


def main() -> None:
    text = statement(150_000)
    entries = [Entry.from_row(row) for row in csv.DictReader(io.StringIO(text))]
    late = sum(entry.booked.hour > 20 for entry in entries)
    for month, total in by_month(entries).items():
        print(month, total)
    print(late, "booked late")


if __name__ == "__main__":
    main()
