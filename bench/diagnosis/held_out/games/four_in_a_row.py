"""Plays four in a row against itself, looking a few moves ahead."""

import argparse
import copy
from dataclasses import dataclass, field

WIDTH, HEIGHT = 7, 6


@dataclass
class Board:
    columns: list[list[str]] = field(default_factory=lambda: [[] for _ in range(WIDTH)])
    history: list[int] = field(default_factory=list)

    def moves(self) -> list[int]:
        return [number for number, column in enumerate(self.columns) if len(column) < HEIGHT]

    def play(self, column: int, who: str) -> None:
        self.columns[column].append(who)
        self.history.append(column)

    def value(self) -> int:
        score = 0
        for column in self.columns:
            text = "".join(column)
            score += text.count("xx") * 3 - text.count("oo") * 3
        for level in range(HEIGHT):
            text = "".join(column[level] if len(column) > level else "." for column in self.columns)
            score += text.count("xxx") * 9 - text.count("ooo") * 9
        return score


def look_ahead(board: Board, who: str, depth: int) -> tuple[int, int]:
    if depth == 0 or not board.moves():
        return board.value(), -1
    scored = []
    for move in board.moves():
        after = copy.deepcopy(board)  # cause
        after.play(move, who)
        scored.append((look_ahead(after, "o" if who == "x" else "x", depth - 1)[0], move))
    return max(scored) if who == "x" else min(scored)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--depth", type=int, default=5)
    parser.add_argument("--moves", type=int, default=11)
    options = parser.parse_args()
    board = Board()
    for turn in range(options.moves):
        who = "xo"[turn % 2]
        _, move = look_ahead(board, who, options.depth)
        board.play(move, who)
    for level in reversed(range(HEIGHT)):
        print("".join(column[level] if len(column) > level else "." for column in board.columns))


if __name__ == "__main__":
    main()
