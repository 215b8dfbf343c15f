"""Read a large file past the cache, as a backup does."""
import mmap
import os
import tempfile

BLOCK = 1 << 20


def fill(path):
    with open(path, "wb") as file:
        for _ in range(256):
            file.write(os.urandom(BLOCK))
        file.flush()
        os.fsync(file.fileno())


def back_up(path):
    buffer = mmap.mmap(-1, BLOCK)
    total = 0
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECT)
    for _ in range(40):
        os.lseek(descriptor, 0, os.SEEK_SET)
        while count := os.readv(descriptor, [buffer]):
            total += count
    os.close(descriptor)
    return total


with tempfile.TemporaryDirectory(dir=os.environ.get("ON_DISK")) as folder:
    place = os.path.join(folder, "data")
    fill(place)
    print(back_up(place))
