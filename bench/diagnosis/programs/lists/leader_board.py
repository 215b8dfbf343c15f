"""Keep a leader board in order while scores come in."""
import random


def insert_all(scores):
    board = []
    for score in scores:
        board.append(score)
        board = sorted(board)  # cause
    return board[-10:]


random.seed(2)
print(insert_all([random.random() for _ in range(19_000)]))
