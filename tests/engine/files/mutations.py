"""Files of strangers, made from good ones: cut, with bytes changed, added or taken out, mostly near the start."""

from __future__ import annotations

import random


def mutated(content: bytes, draw: random.Random) -> bytes:
    """The content with up to four changes, or cut short."""
    changed = bytearray(content)
    if draw.random() < 0.2:
        del changed[draw.randrange(len(changed)) :]
    for _ in range(draw.randrange(1, 5)):
        reach = len(changed) if draw.random() < 0.3 else min(len(changed), 2048)
        place = draw.randrange(reach + 1)
        width = draw.choice([1, 1, 1, 2, 4, 8])
        new = draw.choice(
            [bytes(draw.randrange(256) for _ in range(width)), b"\xff" * width, b"\0" * width, b"9" * width]
        )
        changed[place : place + draw.choice([0, width, width, width])] = draw.choice([new, new, new, b""])
    return bytes(changed)


def assert_one_line(text: str) -> None:
    """The text of an error is one line of a length that a terminal can show."""
    assert "\n" not in text
    assert 0 < len(text) < 600
