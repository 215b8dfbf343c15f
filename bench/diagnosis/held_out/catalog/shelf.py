"""The shelf: books in the order in which they were bought, and where each stands."""

from __future__ import annotations

from catalog.models import Book


class Shelf:
    def __init__(self) -> None:
        self.isbns: list[str] = []
        self.books: list[Book] = []

    def put(self, book: Book) -> None:
        self.isbns.append(book.isbn)
        self.books.append(book)

    def find(self, isbn: str) -> Book:
        place = self.isbns.index(isbn)  # cause
        return self.books[place]

    def best(self, count: int) -> list[Book]:
        return sorted(self.books, key=lambda book: book.mean, reverse=True)[:count]
