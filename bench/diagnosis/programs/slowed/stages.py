"""A program of four stages, one of which may be slowed down: stages.py KIND PERCENT ROUNDS [measure].

Every stage is a function of its own; with "measure" the program says itself how much processor time each took. Stages
free what they made themselves: what a function leaves to its end is freed in its caller's frame.
"""
import json
import re
import sqlite3
import sys
import time
import zlib


def loop(amount):
    total = 0
    for number in range(int(9_000 * amount)):
        total += number * number
    return total


def text(amount):
    words = [f"word{number}" for number in range(int(2_600 * amount))]
    length = len(" ".join(sorted(words)).upper())
    del words
    return length


def documents(amount):
    document = {"rows": [{"id": number, "name": "x" * 5} for number in range(int(330 * amount))]}
    length = len(json.loads(json.dumps(document))["rows"])
    del document
    return length


def database(amount):
    rows = [(number, number % 7) for number in range(int(900 * amount))]
    CONNECTION.execute("delete from t")
    CONNECTION.executemany("insert into t values (?, ?)", rows)
    del rows
    return CONNECTION.execute("select sum(b) from t").fetchone()


def expressions(amount):
    line = "alpha=12; beta=7; gamma=9 " * int(55 * amount)
    return len(PAIR.findall(line))


def packing(amount):
    return len(zlib.compress(BLOCK[: int(22_000 * amount)], 6))


def tables(amount):
    table = {}
    for number in range(int(5_500 * amount)):
        table[number % 97] = table.get(number % 97, 0) + 1
    return len(table)


def objects(amount):
    class Point:
        def __init__(self, x):
            self.x = x

    return sum(point.x for point in [Point(number) for number in range(int(3_000 * amount))])


def numbers(amount):
    return sum(int(str(number)) % 3 for number in range(int(3_500 * amount)))


def slices(amount):
    data = list(range(int(60_000 * amount)))
    length = len(data[::2]) + len(data[::-1]) + sum(data[:200])
    del data
    return length


CONNECTION = sqlite3.connect(":memory:")
CONNECTION.execute("create table t (a, b)")
PAIR = re.compile(r"(\w+)=(\d+)")
BLOCK = bytes(number * 7 % 251 for number in range(60_000))
KINDS = [loop, text, documents, database, expressions, packing, tables, objects, slices, numbers]


def main():
    kind, percent, rounds, measured = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), len(sys.argv) > 4
    stages = [KINDS[(kind + offset) % len(KINDS)] for offset in (0, 3, 5, 8)]
    spent = dict.fromkeys((stage.__name__ for stage in stages), 0.0)
    for _ in range(rounds):
        for stage in stages:
            amount = 1 + (percent / 100 if stage is stages[0] else 0)
            started = time.process_time_ns() if measured else 0
            stage(amount)
            if measured:
                spent[stage.__name__] += (time.process_time_ns() - started) / 1e9
    if measured:
        print(json.dumps({"stage": stages[0].__name__, "share": spent[stages[0].__name__] / sum(spent.values())}))


main()
