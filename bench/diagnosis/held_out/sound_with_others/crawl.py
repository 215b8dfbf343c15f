"""Fetches many pages at the same time, a few connections at once, and parses them."""

import asyncio
import html.parser
import random


class Links(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list) -> None:
        if tag == "a":
            self.found.append(dict(attributes).get("href", ""))


def page(seed: int) -> bytes:
    rng = random.Random(seed)
    links = [f'<li><a href="/p/{rng.randrange(999)}">{rng.random()}</a></li>' for _ in range(120)]
    return ("<html><ul>" + "".join(links) + "</ul></html>").encode()


async def site(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    number = int((await reader.readline()).split()[1].rsplit(b"/", 1)[1])
    await asyncio.sleep(0.15)
    writer.write(page(number))
    await writer.drain()
    writer.close()


async def fetch(port: int, number: int, limit: asyncio.Semaphore) -> list[str]:
    async with limit:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET /p/{number}\n".encode())
        text = (await reader.read()).decode()
        writer.close()
    parser = Links()
    parser.feed(text)
    return parser.found


async def main() -> None:
    server = await asyncio.start_server(site, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    limit = asyncio.Semaphore(40)
    pages = await asyncio.gather(*(fetch(port, number, limit) for number in range(900)))
    print(len(pages), "pages,", len({link for links in pages for link in links}), "links")
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
