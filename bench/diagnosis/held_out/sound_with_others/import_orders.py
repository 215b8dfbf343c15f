"""Imports orders into a database and asks for what sold best."""

import random
import sqlite3
import tempfile
from pathlib import Path


def orders(count: int):
    rng = random.Random(4)
    for number in range(count):
        yield number, rng.randrange(3000), rng.randrange(800), rng.randint(1, 9)


def load(connection: sqlite3.Connection, count: int) -> None:
    connection.execute("create table orders (id integer primary key, customer integer, article integer, pieces integer)")
    with connection:
        connection.executemany("insert into orders values (?, ?, ?, ?)", orders(count))
    connection.execute("create index by_customer on orders (customer)")


def best_articles(connection: sqlite3.Connection) -> list[tuple[int, int]]:
    query = "select article, sum(pieces) from orders group by article order by 2 desc limit 3"
    return connection.execute(query).fetchall()


def of_customer(connection: sqlite3.Connection, customer: int) -> int:
    return connection.execute("select count(*) from orders where customer = ?", (customer,)).fetchone()[0]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "shop.db")
        load(connection, 1_200_000)
        print(best_articles(connection), of_customer(connection, 17))
        connection.close()


if __name__ == "__main__":
    main()
