"""Serve many small tasks with asyncio."""
import asyncio
import time


def lookup(number):
    time.sleep(0.05)  # cause
    return number


async def task(number):
    value = lookup(number)
    await asyncio.sleep(0)
    return value


async def main():
    print(sum(await asyncio.gather(*(task(number) for number in range(80)))))


asyncio.run(main())
