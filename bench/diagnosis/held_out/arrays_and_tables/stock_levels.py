"""Follows the stock of an article from day to day."""

import numpy as np
import pandas as pd


def movements(days: int) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    return pd.DataFrame({"came": rng.poisson(30, days), "went": rng.poisson(30, days), "level": np.zeros(days)})


def follow(table: pd.DataFrame, start: float) -> pd.DataFrame:
    level = start
    for day in range(len(table)):
        level += table.iloc[day]["came"] - table.iloc[day]["went"]  # cause
        level = max(level, 0.0)
        table.at[day, "level"] = level
    return table


def shortages(table: pd.DataFrame) -> int:
    return int((table["level"] == 0).sum())


def weekly(table: pd.DataFrame) -> pd.Series:
    return table["level"].groupby(np.arange(len(table)) // 7).mean()


def main() -> None:
    table = follow(movements(55_000), 200.0)
    weeks = weekly(table)
    print(shortages(table), "days without stock; best week", int(weeks.idxmax()), round(float(weeks.max()), 1))


if __name__ == "__main__":
    main()
