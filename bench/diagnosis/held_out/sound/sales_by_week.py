"""Sales by week and shop, from a table of receipts."""

import numpy as np
import pandas as pd


def receipts(count: int) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    return pd.DataFrame(
        {
            "day": rng.integers(0, 365, count),
            "shop": rng.integers(0, 40, count),
            "amount": rng.gamma(2, 12, count),
            "pieces": rng.integers(1, 20, count),
        }
    )


def enriched(table: pd.DataFrame) -> pd.DataFrame:
    each = table["amount"] / table["pieces"]
    return table.assign(week=table["day"] // 7, dear=each > each.mean())


def weekly(table: pd.DataFrame) -> pd.DataFrame:
    return table.groupby(["week", "shop"]).agg(sum=("amount", "sum"), dear=("dear", "mean"), most=("pieces", "max"))


def main() -> None:
    for year in range(10):
        table = weekly(enriched(receipts(2_200_000)))
        best = table["sum"].idxmax()
        print(year, len(table), best, round(float(table["sum"].max()), 1))


if __name__ == "__main__":
    main()
