"""One expression, compiled once, over many lines."""
import re

LINE = re.compile(r"^(\w+)=(\d+);(\w*)$")


def parse(lines):
    found = 0
    for line in lines:
        match = LINE.match(line)
        if match and match[3]:
            found += int(match[2])
    return found


lines = [f"name{number}={number};{'yes' if number % 3 else ''}" for number in range(200_000)]
print(sum(parse(lines) for _ in range(16)))
