"""Count the lines of a file."""
import os
import tempfile


def lines(path):
    count = 0
    with open(path, "rb", buffering=0) as file:
        while True:
            one = file.read(1)  # cause
            if not one:
                return count
            count += one == b"\n"


def main():
    path = os.path.join(tempfile.mkdtemp(), "text")
    with open(path, "wb") as file:
        file.write(b"some words in a line\n" * 190_000)
    print(lines(path))


main()
