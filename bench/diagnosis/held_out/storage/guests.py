"""Checks guests in at the door of a hall."""

import random
import sqlite3
from contextlib import closing


def prepare(guests: int) -> sqlite3.Connection:
    rng = random.Random(13)
    connection = sqlite3.connect(":memory:")
    connection.execute("create table guests (id integer primary key, badge text, name text, seat integer)")
    rows = [(f"B{rng.randrange(10**8):08d}", f"Guest {number}", rng.randrange(9000)) for number in range(guests)]
    connection.executemany("insert into guests (badge, name, seat) values (?, ?, ?)", rows)
    connection.commit()
    return connection


class Door:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.let_in = 0
        self.refused = 0

    def check(self, badge: str) -> str | None:
        query = "select name, seat from guests where badge = ?"
        found = self.connection.execute(query, (badge,)).fetchone()  # cause
        if found is None:
            self.refused += 1
            return None
        self.let_in += 1
        return f"{found[0]} to seat {found[1]}"


def arrivals(connection: sqlite3.Connection, count: int) -> list[str]:
    rng = random.Random(5)
    badges = [badge for (badge,) in connection.execute("select badge from guests")]
    return [rng.choice(badges) if rng.random() < 0.9 else "B-forged" for _ in range(count)]


def main() -> None:
    with closing(prepare(60_000)) as connection:
        door = Door(connection)
        greetings = [door.check(badge) for badge in arrivals(connection, 1300)]
    print(door.let_in, "in,", door.refused, "refused;", greetings[0])


if __name__ == "__main__":
    main()
