"""Builds the route that a forklift drove, with a correction after each stretch."""

import random
from dataclasses import dataclass
from math import hypot


@dataclass(frozen=True)
class Point:
    x: float
    y: float

    def moved(self, dx: float, dy: float) -> "Point":
        return Point(self.x + dx, self.y + dy)


class Route:
    def __init__(self, start: Point) -> None:
        self.points = [start]

    def drive(self, dx: float, dy: float) -> None:
        self.points = self.points + [self.points[-1].moved(dx, dy)]  # cause

    def length(self) -> float:
        return sum(hypot(b.x - a.x, b.y - a.y) for a, b in zip(self.points, self.points[1:]))


def stretches(count: int, rng: random.Random):
    heading = 0.0
    for _ in range(count):
        heading = heading * 0.9 + rng.gauss(0, 0.3)
        yield rng.random(), heading


def box(points: list[Point]) -> tuple[float, float, float, float]:
    xs = [point.x for point in points]
    ys = [point.y for point in points]
    return min(xs), min(ys), max(xs), max(ys)


def main() -> None:
    rng = random.Random(3)
    routes = []
    for _ in range(2):
        route = Route(Point(0, 0))
        for dx, dy in stretches(36000, rng):
            route.drive(dx, dy)
        routes.append(route)
    for route in routes:
        print(f"{route.length():.1f} m within", [f"{edge:.1f}" for edge in box(route.points)])


if __name__ == "__main__":
    main()
