"""Prints which reader has which books, through small repositories."""

import random
import sqlite3
from dataclasses import dataclass


@dataclass
class Reader:
    id: int
    name: str
    titles: list[str]


class Loans:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def of(self, reader: int) -> list[str]:
        query = "select b.title from loans l join books b on b.id = l.book where l.reader = ?"
        return [title for (title,) in self.connection.execute(query, (reader,))]  # cause


class Readers:
    def __init__(self, connection: sqlite3.Connection, loans: Loans) -> None:
        self.connection = connection
        self.loans = loans

    def all(self) -> list[Reader]:
        rows = self.connection.execute("select id, name from readers").fetchall()
        return [Reader(id_, name, self.loans.of(id_)) for id_, name in rows]


def filled(readers: int, books: int) -> sqlite3.Connection:
    rng = random.Random(30)
    connection = sqlite3.connect(":memory:")
    connection.executescript(
        "create table readers (id integer primary key, name text);"
        "create table books (id integer primary key, title text);"
        "create table loans (reader integer, book integer);"
        "create index loans_reader on loans (reader);"
    )
    connection.executemany("insert into readers values (?, ?)", [(one, f"Reader {one}") for one in range(readers)])
    connection.executemany("insert into books values (?, ?)", [(one, f"Title {one}") for one in range(books)])
    lent = [(rng.randrange(readers), rng.randrange(books)) for _ in range(readers * 2)]
    connection.executemany("insert into loans values (?, ?)", lent)
    return connection


def main() -> None:
    connection = filled(220_000, 5000)
    readers = Readers(connection, Loans(connection)).all()
    most = max(readers, key=lambda reader: len(reader.titles))
    print(len(readers), "readers;", most.name, "has", len(most.titles))


if __name__ == "__main__":
    main()
