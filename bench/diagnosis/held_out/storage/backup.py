"""Packs the versions of documents into an archive."""

import argparse
import zlib
import random
import tempfile
from pathlib import Path


def versions(documents: int, rng: random.Random):
    words = ["alpha", "beta", "gamma", "delta", "line", "value", "record", "page"]
    for number in range(documents):
        body = " ".join(rng.choices(words, k=90_000)) + "".join(str(rng.random()) for _ in range(600))
        yield f"doc-{number}.txt", body.encode()


class Archive:
    def __init__(self, target: Path) -> None:
        self.target = target
        self.index: dict[str, tuple[int, int]] = {}

    def add(self, name: str, content: bytes) -> int:
        packed = zlib.compress(content, level=9)  # cause
        with self.target.open("ab") as file:
            start = file.tell()
            file.write(packed)
        self.index[name] = (start, len(packed))
        return len(packed)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=34)
    options = parser.parse_args()
    rng = random.Random(9)
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive(Path(folder) / "backup.z")
        plain = packed = 0
        for name, content in versions(options.documents, rng):
            plain += len(content)
            packed += archive.add(name, content)
    print(f"{len(archive.index)} documents, {plain} to {packed} bytes")


if __name__ == "__main__":
    main()
