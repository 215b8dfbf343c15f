"""Texts that break tokenizers: bytes of every kind, marks that combine, directions, wide spaces, sheer length."""

from __future__ import annotations

import random

TEXTS: tuple[str, ...] = (
    "",
    " ",
    "a",
    "  two  spaces\tand\ttabs\r\n\r\nlines\n",
    "The model reads its weights 1234567890 times; it's naïve, isn't it?",
    "e\u0301 versus \u00e9, \u0130\u0131, \ufb01, \u1e9e",
    "🙂👩‍👩‍👧‍👦🏳️‍🌈 日本語 한국어 العربية עברית ไทย",
    "\u202e\u200f\u200b\u2028\u2029\ufeff\u00a0\u3000",
    "\x00\x01\x1f\x7f\x85\u009f",
    "\ufffd\ufffe\uffff\U0010ffff",
    "<|begin|><|end|> <|turn|>user <|over|><|begin",
    "\u0e33" * 20 + "Z\u0351\u036b\u0343" * 8,
    "x" * 3000,
    "\n" * 300 + " " * 300,
    "\U0001f600" * 100,
)


def random_texts(count: int, seed: int = 0) -> list[str]:
    """Letters from everywhere in Unicode, but for halves of pairs."""
    draw = random.Random(seed)
    planes = ((0, 127), (128, 0x7FF), (0x800, 0xD7FF), (0xE000, 0xFFFF), (0x10000, 0x10FFFF))
    return ["".join(chr(draw.randint(*draw.choice(planes))) for _ in range(draw.randrange(60))) for _ in range(count)]
