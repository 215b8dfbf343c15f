"""Find users by their address."""
import sqlite3


def fill(connection):
    connection.execute("create table users (id integer primary key, mail text, name text)")
    rows = [(number, f"user{number}@example.org", f"name {number}") for number in range(260_000)]
    connection.executemany("insert into users values (?, ?, ?)", rows)


def find(connection, mail):
    return connection.execute("select name from users where mail = ?", (mail,)).fetchall()  # cause


connection = sqlite3.connect(":memory:")
fill(connection)
print(sum(len(find(connection, f"user{number * 999}@example.org")) for number in range(220)))
