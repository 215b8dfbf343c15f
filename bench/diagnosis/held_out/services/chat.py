"""A chat room whose bot looks words up before it answers."""

import asyncio
import hashlib
import random

WORDS = ["tea", "rain", "train", "code", "stone", "river", "lamp", "bread"]


def look_up(word: str) -> str:
    """What the word means, by a slow way."""
    return hashlib.pbkdf2_hmac("sha256", word.encode(), b"salt", 60_000).hex()[:8]  # cause


class Bot:
    def __init__(self) -> None:
        self.answers = 0

    async def reply(self, text: str) -> str:
        meanings = [look_up(word) for word in text.split()]  # cause
        self.answers += 1
        return " ".join(meanings)


class Room:
    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.lines: list[str] = []
        self.late = 0.0

    async def person(self, name: str, rng: random.Random) -> None:
        for _ in range(6):
            await asyncio.sleep(rng.uniform(0.001, 0.01))
            text = " ".join(rng.choices(WORDS, k=2))
            self.lines.append(f"{name}: {text} -> {await self.bot.reply(text)}")

    async def clock(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(0.02)
            self.late = max(self.late, loop.time() - before - 0.02)


async def main() -> None:
    room = Room(Bot())
    clock = asyncio.create_task(room.clock())
    await asyncio.gather(*(room.person(f"p{number}", random.Random(number)) for number in range(12)))
    clock.cancel()
    print(room.bot.answers, "answers; the clock was late by", round(room.late, 3))


if __name__ == "__main__":
    asyncio.run(main())
