"""Keep points that lie apart from all that were kept before, with some work on each."""
import random


def apart(point, others):
    return all((point[0] - other[0]) ** 2 + (point[1] - other[1]) ** 2 > 0.000001 for other in others)


def weight(point):
    return sum(number * point[0] for number in range(24_000))


def scatter(count):
    source, kept, total = random.Random(3), [], 0.0
    for _ in range(count):
        point = (source.random(), source.random())
        total += weight(point)
        if apart(point, kept):
            kept.append(point)
    return total


print(scatter(5500))
