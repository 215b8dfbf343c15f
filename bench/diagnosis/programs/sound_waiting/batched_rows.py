"""Rows into a database, in one transaction."""
import sqlite3

connection = sqlite3.connect(":memory:")
connection.execute("create table rows (id integer, name text)")
for turn in range(14):
    with connection:
        connection.executemany("insert into rows values (?, ?)", ((n, f"name {n}") for n in range(200_000)))
print(connection.execute("select count(*) from rows").fetchone())
