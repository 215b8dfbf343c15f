"""Count points of a grid in a dictionary."""


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __hash__(self):
        return self.x % 4  # cause

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y  # cause


def count(points):
    seen = {}
    for point in points:
        seen[point] = seen.get(point, 0) + 1  # cause
    return len(seen)


print(count([Point(number, number % 7) for number in range(9000)]))
