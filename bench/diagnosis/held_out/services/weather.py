"""Collects the weather of many towns from a service, with coroutines."""

import argparse
import asyncio
import json
import random

TOWNS = [f"town-{number:03d}" for number in range(250)]


async def weather_service(delay: float) -> asyncio.Server:
    rng = random.Random(1)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        town = (await reader.readline()).decode().strip()
        await asyncio.sleep(delay)
        writer.write(json.dumps({"town": town, "degrees": round(rng.gauss(15, 6), 1)}).encode() + b"\n")
        await writer.drain()
        writer.close()

    return await asyncio.start_server(answer, "127.0.0.1", 0)


class Collector:
    def __init__(self, port: int) -> None:
        self.port = port

    async def fetch(self, town: str) -> dict:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(town.encode() + b"\n")
        answer = json.loads(await reader.readline())  # cause
        writer.close()
        return answer

    async def all(self, towns: list[str]) -> list[dict]:
        return [await self.fetch(town) for town in towns]  # cause


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--delay", type=float, default=0.01)
    options = parser.parse_args()
    server = await weather_service(options.delay)
    found = await Collector(server.sockets[0].getsockname()[1]).all(TOWNS)
    warmest = max(found, key=lambda one: one["degrees"])
    print(len(found), "towns; warmest", warmest)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
