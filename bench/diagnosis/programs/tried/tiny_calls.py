"""Add up numbers through a small function."""


def area(width, height):
    return width * height


def total(count):
    result = 0
    for number in range(count):
        result += area(number, 3)
    return result


print(total(12_000_000))
