"""Fetch many items at the same time."""
import asyncio
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "network"))
import backend


async def fetch(address, item):
    reader, writer = await asyncio.open_connection(*address)
    total = 0
    for _ in range(50):
        writer.write(f"item {item}".encode())
        total += len(await reader.read(64))
    writer.close()
    return total


async def main(address):
    print(sum(await asyncio.gather(*(fetch(address, item) for item in range(40)))))


asyncio.run(main(backend.start(0.06)))
