"""Total of all customers' orders."""
import sqlite3


def fill(connection):
    connection.execute("create table orders (customer integer, amount real)")
    connection.execute("create index of_customer on orders (customer)")
    rows = [(number % 30_000, number * 0.1) for number in range(120_000)]
    connection.executemany("insert into orders values (?, ?)", rows)


def totals(connection):
    total = 0.0
    for customer in range(30_000):
        for _ in range(14):
            row = connection.execute("select sum(amount) from orders where customer = ?", (customer,)).fetchone()  # cause
            total += row[0]
    return total


connection = sqlite3.connect(":memory:")
fill(connection)
print(totals(connection))
