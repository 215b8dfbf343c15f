"""Look up each player's rank in the final table."""
import random


def ranking(players):
    random.seed(5)
    table = list(range(players))
    random.shuffle(table)
    return table


def points(table):
    total = 0
    for player in range(len(table)):
        total += table.index(player)  # cause
    return total


print(points(ranking(20_000)))
