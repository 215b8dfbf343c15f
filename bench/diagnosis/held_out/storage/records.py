"""Reads a file of binary records and sums them up."""

import os
import random
import struct
import tempfile
from pathlib import Path

HEADER = struct.Struct("<BB")
BODIES = {1: struct.Struct("<i"), 2: struct.Struct("<d"), 3: struct.Struct("<hh")}


def write_records(file: Path, count: int) -> None:
    rng = random.Random(16)
    with file.open("wb") as target:
        for _ in range(count):
            kind = rng.randint(1, 3)
            body = {1: (rng.randint(-99, 99),), 2: (rng.random(),), 3: (1, 2)}[kind]
            target.write(HEADER.pack(kind, BODIES[kind].size) + BODIES[kind].pack(*body))


class Reader:
    """Records one after the other."""

    def __init__(self, file: Path) -> None:
        self.descriptor = os.open(file, os.O_RDONLY)

    def take(self, size: int) -> bytes:
        return os.read(self.descriptor, size)  # cause

    def __iter__(self):
        while header := self.take(HEADER.size):
            kind, size = HEADER.unpack(header)
            yield kind, BODIES[kind].unpack(self.take(size))

    def close(self) -> None:
        os.close(self.descriptor)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "records.bin"
        write_records(file, 1_100_000)
        reader = Reader(file)
        sums = {1: 0.0, 2: 0.0, 3: 0.0}
        for kind, values in reader:
            sums[kind] += sum(values)
        reader.close()
    print({kind: round(total, 3) for kind, total in sums.items()})


if __name__ == "__main__":
    main()
