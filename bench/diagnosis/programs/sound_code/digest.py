"""The hash of much data: work that has to be done."""
import hashlib

block = b"0123456789abcdef" * 65536
digest = hashlib.blake2b()
for turn in range(3500):
    digest.update(block)
print(digest.hexdigest()[:8])
