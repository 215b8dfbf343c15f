"""Compute margins of orders."""
import pandas as pd


def margins(orders):
    result = []
    for _, order in orders.iterrows():
        result.append(order["price"] * order["count"] - order["cost"])  # cause
    return result


def main():
    rows = 90_000
    orders = pd.DataFrame({"price": range(rows), "count": [3] * rows, "cost": [1.5] * rows})
    print(sum(margins(orders)))


main()
