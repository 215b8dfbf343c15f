"""Merges the reports of many branches into one table."""

import argparse

import numpy as np
import pandas as pd


class Reports:
    """Reports of the branches, made up."""

    def __init__(self, branches: int, rows: int) -> None:
        self.branches = branches
        self.rows = rows
        self.rng = np.random.default_rng(1)

    def __iter__(self):
        for branch in range(self.branches):
            yield pd.DataFrame(
                {
                    "branch": np.full(self.rows, branch),
                    "day": np.arange(self.rows),
                    "takings": self.rng.gamma(3, 400, self.rows),
                    "visitors": self.rng.poisson(80, self.rows),
                    "note": np.full(self.rows, "ok"),
                }
            )


def merged(reports: Reports) -> pd.DataFrame:
    table = pd.DataFrame()
    for report in reports:
        table = pd.concat([table, report], ignore_index=True)  # cause
    return table


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--branches", type=int, default=1400)
    options = parser.parse_args()
    table = merged(Reports(options.branches, 400))
    table["each"] = table["takings"] / table["visitors"].clip(lower=1)
    best = table.groupby("branch")["each"].mean().nlargest(3)
    print(len(table), "rows")
    print(best)


if __name__ == "__main__":
    main()
