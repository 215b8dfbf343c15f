"""Fetch many items with asyncio."""
import asyncio

import backend


async def fetch(reader, writer, item):
    writer.write(f"item {item}".encode())
    return await reader.read(64)  # cause


async def main(address):
    reader, writer = await asyncio.open_connection(*address)
    total = 0
    for item in range(170):
        total += len(await fetch(reader, writer, item))  # cause
    print(total)


asyncio.run(main(backend.start(0.02)))
