"""Waits for files that another process drops into a folder, and handles them."""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PRODUCER = """
import sys, time, pathlib
folder = pathlib.Path(sys.argv[1])
for number in range(int(sys.argv[2])):
    time.sleep(0.16)
    part = folder / f"{number}.part"
    part.write_text("\\n".join(str(number * one) for one in range(2000)))
    part.rename(folder / f"{number}.txt")
"""


class Inbox:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.handled: dict[str, int] = {}

    def next_file(self, number: int) -> Path:
        expected = self.folder / f"{number}.txt"
        while not expected.exists():
            time.sleep(0.02)  # cause
        return expected

    def handle(self, file: Path) -> None:
        self.handled[file.name] = sum(int(line) for line in file.read_text().split())
        file.unlink()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        producer = subprocess.Popen([sys.executable, "-c", PRODUCER, folder, str(options.files)])
        inbox = Inbox(Path(folder))
        for number in range(options.files):
            inbox.handle(inbox.next_file(number))
        producer.wait()
    print(len(inbox.handled), "files, largest", max(inbox.handled.values()))


if __name__ == "__main__":
    main()
