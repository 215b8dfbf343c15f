"""Works out what each customer pays."""

import argparse

import numpy as np
import pandas as pd

RATES = {"gold": 0.2, "silver": 0.1, "none": 0.0}


def orders(count: int) -> pd.DataFrame:
    rng = np.random.default_rng(14)
    return pd.DataFrame(
        {
            "customer": rng.integers(0, 5000, count),
            "level": rng.choice(list(RATES), count),
            "price": rng.uniform(5, 300, count).round(2),
            "pieces": rng.integers(1, 9, count),
        }
    )


def to_pay(order: pd.Series) -> float:
    total = order["price"] * order["pieces"]
    if order["pieces"] > 5:
        total *= 0.97
    return total * (1 - RATES[order["level"]])


def bill(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(total=table.apply(to_pay, axis=1))  # cause


def summary(table: pd.DataFrame) -> pd.DataFrame:
    return table.groupby("level")["total"].agg(["sum", "mean", "max"]).round(2)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=330_000)
    options = parser.parse_args()
    billed = bill(orders(options.orders))
    print(summary(billed))
    print(billed.groupby("customer")["total"].sum().nlargest(3))


if __name__ == "__main__":
    main()
