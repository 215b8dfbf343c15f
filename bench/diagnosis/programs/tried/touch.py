"""Look at places all over a mapped file that is not in memory."""
import mmap
import os
import random
import tempfile

SIZE = 192 << 20


def places(mapped, source):
    total = 0
    for _ in range(6000):
        total += mapped[source.randrange(SIZE)]
    return total


with tempfile.NamedTemporaryFile(dir=os.environ.get("ON_DISK")) as file:
    for _ in range(SIZE >> 20):
        file.write(os.urandom(1 << 20))
    file.flush()
    os.fsync(file.fileno())
    found, source = 0, random.Random(1)
    for _ in range(8):
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        with mmap.mmap(file.fileno(), SIZE, prot=mmap.PROT_READ) as mapped:
            mapped.madvise(mmap.MADV_RANDOM)
            found += places(mapped, source)
    print(found)
