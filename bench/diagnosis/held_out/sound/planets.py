"""Moves the planets of a solar system in small steps."""

import argparse
from dataclasses import dataclass
from itertools import combinations


@dataclass
class Body:
    mass: float
    place: list[float]
    speed: list[float]


def system() -> list[Body]:
    return [
        Body(39.47, [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]),
        Body(0.037, [4.84, -1.16, -0.10], [0.60, 2.81, -0.02]),
        Body(0.011, [8.34, 4.12, -0.40], [-1.01, 1.82, 0.008]),
        Body(0.0017, [12.89, -15.11, -0.22], [1.08, 0.86, -0.01]),
        Body(0.0020, [15.37, -25.91, 0.17], [0.97, 0.59, -0.03]),
    ]


def advance(pairs: list[tuple[Body, Body]], bodies: list[Body], step: float) -> None:
    for first, second in pairs:
        dx = first.place[0] - second.place[0]
        dy = first.place[1] - second.place[1]
        dz = first.place[2] - second.place[2]
        pull = step * (dx * dx + dy * dy + dz * dz) ** -1.5
        for axis, distance in enumerate((dx, dy, dz)):
            first.speed[axis] -= distance * second.mass * pull
            second.speed[axis] += distance * first.mass * pull
    for body in bodies:
        for axis in range(3):
            body.place[axis] += step * body.speed[axis]


def energy(bodies: list[Body]) -> float:
    return sum(0.5 * body.mass * sum(part * part for part in body.speed) for body in bodies)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=450_000)
    options = parser.parse_args()
    bodies = system()
    pairs = list(combinations(bodies, 2))
    for _ in range(options.steps):
        advance(pairs, bodies, 0.001)
    print(f"{energy(bodies):.6f}")


if __name__ == "__main__":
    main()
