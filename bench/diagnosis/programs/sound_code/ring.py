"""A queue that is a queue."""
from collections import deque


def turns(count):
    waiting = deque(range(1000))
    total = 0
    for _ in range(count):
        one = waiting.popleft()
        total += one
        waiting.append(one)
    return total


print(turns(25_000_000))
