"""Look at many files, over and over."""
import os
import tempfile
import time


class Reader:
    def __init__(self, path):
        self.file = open(path)  # cause


def main():
    path = os.path.join(tempfile.mkdtemp(), "data")
    with open(path, "w") as file:
        file.write("content")
    readers = []
    for number in range(800):
        readers.append(Reader(path))
        sum(range(90_000))
    print(len(readers))
    time.sleep(0.2)


main()
