"""A key-value store that appends every change to a log first."""

import argparse
import os
import random
import struct
import tempfile
import zlib
from pathlib import Path


class Store:
    def __init__(self, file: Path) -> None:
        self.values: dict[str, bytes] = {}
        self.log = file.open("ab")

    def put(self, key: str, value: bytes) -> None:
        self._append(key.encode(), value)
        self.values[key] = value

    def _append(self, key: bytes, value: bytes) -> None:
        body = struct.pack("<HI", len(key), len(value)) + key + value
        self.log.write(struct.pack("<I", zlib.crc32(body)) + body)
        self.log.flush()
        os.fsync(self.log.fileno())  # cause


def changes(count: int):
    rng = random.Random(2)
    for number in range(count):
        yield f"user/{rng.randrange(500)}", rng.randbytes(rng.randint(20, 400)) + number.to_bytes(4, "little")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--changes", type=int, default=900)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=".") as folder:
        file = Path(folder) / "store.log"
        store = Store(file)
        for key, value in changes(options.changes):
            store.put(key, value)
        store.log.close()
        print(len(store.values), "keys in", file.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
