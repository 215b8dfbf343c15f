"""A recursion that remembers."""
from functools import cache


@cache
def ways(row, column):
    if row == 0 or column == 0:
        return 1
    return ways(row - 1, column) + ways(row, column - 1)


def tree(depth):
    return 1 if depth == 0 else 1 + max(tree(depth - 1) for _ in range(1))


total = 0
for turn in range(120):
    ways.cache_clear()
    total += ways(150, 150) % 97 + tree(200)
print(total)
