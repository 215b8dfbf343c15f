"""What the catalogue holds."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Book:
    isbn: str
    title: str
    ratings: list[int] = field(default_factory=list)

    @property
    def mean(self) -> float:
        return sum(self.ratings) / len(self.ratings) if self.ratings else 0.0
