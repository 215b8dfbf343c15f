"""Import rows into a database file."""
import os
import sqlite3


def add(connection, number):
    connection.execute("insert into rows values (?, ?)", (number, f"name {number}"))
    connection.commit()  # cause


def main():
    path = os.path.join(os.getcwd(), f".rows-{os.getpid()}.db")
    connection = sqlite3.connect(path)
    connection.execute("create table rows (id integer, name text)")
    try:
        for number in range(2200):
            add(connection, number)
    finally:
        connection.close()
        os.unlink(path)
    print("imported")


main()
