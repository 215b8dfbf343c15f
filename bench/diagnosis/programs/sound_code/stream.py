"""Count words of a large file, line by line."""
import os
import tempfile
from collections import Counter


def count(path):
    words = Counter()
    with open(path) as file:
        for line in file:
            words.update(line.split())
    return words


path = os.path.join(tempfile.mkdtemp(), "text")
with open(path, "w") as file:
    for number in range(400_000):
        file.write(f"the quick brown fox {number % 1000} jumps over it\n")
total = 0
for turn in range(4):
    total += count(path)["fox"]
print(total)
