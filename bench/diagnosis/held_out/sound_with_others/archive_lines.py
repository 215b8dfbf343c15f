"""Writes events as lines of JSON and reads them back one at a time."""

import json
import random
import tempfile
from collections import Counter
from pathlib import Path


def events(count: int):
    rng = random.Random(17)
    for number in range(count):
        yield {"id": number, "kind": rng.choice(["in", "out", "move"]), "at": rng.random(), "tags": ["a", "b"]}


def write(target: Path, count: int) -> None:
    with target.open("w") as file:
        for event in events(count):
            file.write(json.dumps(event) + "\n")


def kinds(source: Path) -> Counter:
    found: Counter = Counter()
    with source.open() as file:
        for line in file:
            event = json.loads(line)
            found[event["kind"]] += 1
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.jsonl"
        write(file, 600_000)
        print(kinds(file), file.stat().st_size)


if __name__ == "__main__":
    main()
