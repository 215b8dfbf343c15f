"""Build a table of events."""
import pandas as pd


def table(count):
    frame = pd.DataFrame({"time": [0], "value": [0.0]})
    for number in range(count):
        row = pd.DataFrame({"time": [number], "value": [number * 0.1]})
        frame = pd.concat([frame, row], ignore_index=True)  # cause
    return frame


print(len(table(7_000)))
