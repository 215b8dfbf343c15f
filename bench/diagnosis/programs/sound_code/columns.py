"""A table, computed by columns."""
import numpy as np
import pandas as pd

rows = 1_200_000
frame = pd.DataFrame({"group": np.arange(rows) % 1000, "price": np.arange(rows) * 0.5, "count": 3})
total = 0.0
for turn in range(35):
    frame["sum"] = frame["price"] * frame["count"] + turn
    total += frame.groupby("group")["sum"].mean().iloc[3]
print(total)
