#!/usr/bin/env python3
"""Writes the checksums of all files of a folder, as sha256sum prints them."""

import argparse
import random
import subprocess
import tempfile
from pathlib import Path


def fill(folder: Path, count: int) -> None:
    rng = random.Random(27)
    for number in range(count):
        sub = folder / f"part{number % 5}"
        sub.mkdir(exist_ok=True)
        (sub / f"file{number:04d}.bin").write_bytes(rng.randbytes(rng.randint(100, 4000)))


def checksum(file: Path) -> str:
    done = subprocess.run(["sha256sum", str(file)], capture_output=True, text=True, check=True)  # cause
    return done.stdout.split()[0]


def manifest(folder: Path) -> list[str]:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return [f"{checksum(file)}  {file.relative_to(folder)}" for file in files]


def doubles(lines: list[str]) -> int:
    return len(lines) - len({line.split()[0] for line in lines})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), options.files)
        lines = manifest(Path(folder))
    print(len(lines), "files,", doubles(lines), "twice")
    print(lines[0])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
