"""A tournament's table, whose players are found by their club and name."""

import random
from dataclasses import dataclass


@dataclass(eq=False)
class Player:
    club: int
    name: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Player) and self.club == other.club and self.name == other.name  # cause

    def __hash__(self) -> int:
        return self.club  # cause


class Table:
    def __init__(self) -> None:
        self.points: dict[Player, int] = {}
        self.games = 0

    def result(self, winner: Player, loser: Player) -> None:
        self.points[winner] = self.points.get(winner, 0) + 3  # cause
        self.points[loser] = self.points.get(loser, 0) + 1  # cause
        self.games += 1


def draw(players: list[Player], rounds: int, rng: random.Random):
    for _ in range(rounds):
        order = players[:]
        rng.shuffle(order)
        yield from zip(order[::2], order[1::2])


def main() -> None:
    rng = random.Random(2)
    players = [Player(number % 4, f"player {number:04d}") for number in range(4500)]
    table = Table()
    for first, second in draw(players, 6, rng):
        if rng.random() < 0.5:
            first, second = second, first
        table.result(Player(first.club, first.name), Player(second.club, second.name))
    best = sorted(table.points.items(), key=lambda pair: -pair[1])[:5]
    print(table.games, "games", [(player.name, points) for player, points in best])


if __name__ == "__main__":
    main()
