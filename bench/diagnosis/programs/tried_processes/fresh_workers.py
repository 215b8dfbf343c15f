"""Spawn a worker for every piece of work; each imports what it needs."""
import multiprocessing


def check(number):
    import asyncio
    import email.message
    import http.client
    import sqlite3
    import unittest.mock
    import xml.dom.minidom

    return number + len(asyncio.__name__ + email.__name__ + http.__name__ + sqlite3.__name__ + xml.__name__)


def main():
    context = multiprocessing.get_context("spawn")
    total = 0
    for number in range(8):
        with context.Pool(2) as pool:
            total += sum(pool.map(check, range(number, number + 4)))
    print(total)


if __name__ == "__main__":
    main()
